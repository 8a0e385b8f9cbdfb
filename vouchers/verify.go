package vouchers

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/domain/rules"
	books "github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/store"
)

// Verification is what Verify found.
type Verification struct {
	Checks      []Check
	Differences []string // in words, at most maxDifferences of them
	More        int      // differences beyond those
	Head        Head     // of the logs
}

// Check is one kind of row or figure that was derived again.
type Check struct {
	Name string
	Rows int
	Took time.Duration
}

const maxDifferences = 200

// Verify derives every balance, award and report figure of a municipality again
// from what happened, and compares it with what is stored. It reads one moment
// of a live database and changes nothing.
func (s *Service) Verify(ctx context.Context, municipality domain.ID) (Verification, error) {
	var found Verification
	err := s.store.Snapshots(ctx, municipality, readers, func(txs []*store.Tx) error {
		v := newVerifier(s, txs[0])
		loc, err := v.tx.Zone()
		if err != nil {
			return err
		}
		v.loc = loc
		if err := v.run(txs, v.checks()); err != nil {
			return err
		}
		if off := v.sums.off(); len(off) > 0 { // somewhere: look closer to say where
			again := newVerifier(s, txs[0])
			again.loc, again.closely, again.sums.bucket = loc, off, v.sums.bucket
			if err := again.run(txs[:1], again.checks()); err != nil { // what is booked first, then what happened
				return err
			}
			v = again
		}
		found = v.Verification
		found.Head = v.head.Head
		return nil
	})
	return found, err
}

// readers is how many connections read at once: the database works while the
// checks do.
const readers = 2

// awardParts is in how many parts awards are checked: more than there are readers,
// so that none of these has nothing to do in the end.
const awardParts = 6

// checks are all that is derived again. What is learnt by
// those named after is needed.
func (v verifier) checks() []check {
	all := []check{
		{"audit entries", verifier.auditEntries, nil},
		{"citizens", verifier.citizens, nil},
		{"fingerprints", verifier.fingerprints, []string{"audit entries"}},
		{"programme versions", verifier.adoptions, nil},
		{"vouchers", verifier.readVouchers, []string{"programme versions"}},
		{"closings", verifier.readClosings, nil},
		{"budgets", verifier.readBudgets, []string{"audit entries", "closings"}},
		{"ledger postings", verifier.postings, []string{"vouchers", "closings", "budgets"}},
		{"closing totals", verifier.closingTotals, []string{"ledger postings"}},
		{"redemptions", verifier.redemptions, []string{"vouchers", "audit entries"}},
		{"attendance events", verifier.attendance, []string{"audit entries"}},
		{"reversals", verifier.reversals, []string{"redemptions", "ledger postings"}},
		{"partners' months", verifier.partnerMonths, []string{"reversals"}},
		{"voucher balances", verifier.balances, []string{"reversals"}},
		{"settlements", verifier.settlements, nil},
		{"goals", verifier.goals, []string{"attendance events"}},
		{"bank entries", verifier.bank, nil},
		{"plans", verifier.plans, []string{"goals"}},
		{"pauses", verifier.pauses, []string{"audit entries"}},
		{"draws", verifier.draws, []string{"plans"}},
		{"deputies", verifier.deputies, []string{"audit entries"}},
		{"approvals", verifier.approvals, []string{"audit entries", "deputies"}},
		{"approval demands", verifier.demands, []string{"audit entries"}},
		{"withholdings", verifier.withholdings, []string{"audit entries", "deputies"}},
		{"enrolments", verifier.enrolments, []string{"draws", "approvals", "approval demands", "withholdings", "voucher balances"}},
	}
	all = append(all, check{"report figures", verifier.reports, []string{"voucher balances", "enrolments"}}) // before awards: in one piece it is the longest
	parts := []string{"enrolments"}
	for i := range awardParts {
		name := fmt.Sprintf("awards, %d of %d", i+1, awardParts)
		parts = append(parts, name)
		all = append(all, check{name, func(v verifier) (int, error) { return v.awards(i, awardParts) }, []string{"enrolments"}})
	}
	return append(all,
		check{"audit entries of nothing", verifier.untraced, parts},
		check{"free of budgets", verifier.freeOfBudgets, parts},
		check{"vouchers of no award", verifier.leftOver, parts})
}

// verifier is one of those who check a municipality, each in a transaction of its
// own. They share what they learn.
type verifier struct {
	*Service
	*learnt
	tx *store.Tx
}

// learnt is what the checks learn from each other.
type learnt struct {
	Verification
	budgeting
	sync.Mutex // over Verification, answers, heldMet, done and kept
	loc        *time.Location
	audit      auditLog
	head       headMaker
	logged     map[trace]int // of the bulk in the buckets that are looked at closely: how often, less how often it was done
	sorts      sorts
	documents  map[domain.ID]rules.Document // of the versions adopted
	vouchers   vouchersHeld
	entries    map[domain.ID]int64                   // unbalanced entries
	sums       bookings                              // of what is booked, and of what is known to have happened
	closely    map[uint16]bool                       // the buckets of sums in which something differs; nil: not known yet
	booked     map[booking]booked                    // what the postings in these say, less what is known to have happened
	passed     map[booking]bool                      // what came back to a dead voucher and went on
	reversed   map[domain.ID]domain.Redemption       // those that were taken back
	months     months                                // of partners that are counted by the month: what they took
	returned   map[domain.ID]int64                   // by award: granted, then voided after a correction
	limits     map[int]domain.ApprovalLimits         // by number
	answers    map[domain.ID][]domain.Approval       // by award: who answered for its amount, in order
	recorded   map[domain.ID]time.Time               // of those that took a seed or have a name in a hat: when they were first recorded
	undrawn    map[domain.ID]bool                    // enrolments that have a seed which no visit has taken
	taken      map[drawn]string                      // the seeds that visits have taken
	policies   []domain.ApprovalLimits               // all, in order
	demandsOf  map[domain.ID][]domain.ApprovalDemand // by enrolment, in order
	deputyOf   map[string][]domain.Deputy            // by the deputy
	heldBack   map[domain.ID]bool                    // awards that two people said are withheld
	heldMet    int                                   // how many of those there are
	episodes   []episode
	closed     *books.ClosedBooks    // what the closings say
	later      map[later]domain.Date // what is booked on another day than that on which it happened
	moved      []ledger.Posting      // those of what partners are owed
	tallies    map[cell]int64        // what report figures are made of, from the events
	reported   map[figure]int64      // report figures
}

func newVerifier(s *Service, tx *store.Tx) verifier {
	return verifier{s, &learnt{
		audit: newAuditLog(), head: newHeadMaker(Head{Municipality: tx.Actor().MunicipalityID}, s.oldEnough()), logged: map[trace]int{}, vouchers: newVouchersHeld(), entries: map[domain.ID]int64{}, booked: map[booking]booked{}, passed: map[booking]bool{}, sums: newBookings(),
		reversed: map[domain.ID]domain.Redemption{}, months: months{}, returned: map[domain.ID]int64{}, limits: map[int]domain.ApprovalLimits{}, answers: map[domain.ID][]domain.Approval{},
		demandsOf: map[domain.ID][]domain.ApprovalDemand{}, deputyOf: map[string][]domain.Deputy{}, heldBack: map[domain.ID]bool{},
		recorded: map[domain.ID]time.Time{}, documents: map[domain.ID]rules.Document{}, undrawn: map[domain.ID]bool{}, taken: map[drawn]string{}, later: map[later]domain.Date{}, tallies: map[cell]int64{}, reported: map[figure]int64{},
	}, tx}
}

// differ notes a difference unless same. Where millions are compared, call it
// only for those that differ: its arguments cost more than the comparison.
func (v verifier) differ(same bool, format string, args ...any) {
	if same {
		return
	}
	v.Lock()
	defer v.Unlock()
	if len(v.Differences) == maxDifferences {
		v.More++
		return
	}
	v.Differences = append(v.Differences, fmt.Sprintf(format, args...))
}
