package vouchers

import (
	"context"
	"fmt"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Verification is what Verify found.
type Verification struct {
	Checks      []Check
	Differences []string // in words, at most maxDifferences of them
	More        int      // differences beyond those
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
	v := verifier{
		Service: s, entries: map[domain.ID]int64{}, outstanding: map[domain.ID]int64{}, booked: map[booking]booked{},
		vouchers: map[domain.ID]domain.Voucher{}, spent: map[domain.ID]int64{}, used: map[domain.ID]bool{}, granted: map[domain.ID]int64{},
		open: map[domain.ID]bool{}, recorded: map[domain.ID]time.Time{},
		audited: map[trace]int{}, returned: map[domain.ID]int64{}, said: map[domain.ID][]saying{}, recorders: map[Fact][]string{}, terms: map[domain.ID]terms{}, under: map[domain.ID][]domain.Voucher{}, limits: map[int]domain.ApprovalLimits{}, answers: map[domain.ID][]domain.Approval{}, untouched: map[domain.ID]bool{}, when: map[trace]time.Time{}, redeemed: map[domain.ID]domain.Redemption{}, figures: map[figure]int64{}, currencies: map[string]bool{},
	}
	err := s.store.Snapshot(ctx, municipality, func(tx *store.Tx) (err error) {
		v.tx = tx
		if v.loc, err = tx.Zone(); err != nil {
			return err
		}
		for _, c := range []struct {
			name string
			run  func() (int, error)
		}{
			{"audit entries", v.auditEntries},
			{"vouchers", v.readVouchers},
			{"ledger postings", v.postings},
			{"redemptions", v.redemptions},
			{"reversals", v.reversals},
			{"voucher balances", v.balances},
			{"attendance events", v.attendance},
			{"goals", v.goals},
			{"plans", v.plans},
			{"pauses", v.pauses},
			{"draws", v.draws},
			{"programme versions", v.adoptions},
			{"approvals", v.approvals},
			{"enrolments and awards", v.awards},
			{"report figures", v.reports},
		} {
			began := time.Now()
			rows, err := c.run()
			if err != nil {
				return fmt.Errorf("verify %s: %w", c.name, err)
			}
			v.Checks = append(v.Checks, Check{Name: c.name, Rows: rows, Took: time.Since(began)})
		}
		return nil
	})
	return v.Verification, err
}

// verifier holds, for one municipality, what the checks learn from each other.
type verifier struct {
	*Service
	Verification
	tx          *store.Tx
	loc         *time.Location
	audited     map[trace]int                   // how often the audit log says that something was done
	when        map[trace]time.Time             // when it says so, last
	said        map[domain.ID][]saying          // of goals, plans, pauses, moves and hats: what it says was done, in order
	entries     map[domain.ID]int64             // unbalanced entries
	outstanding map[domain.ID]int64             // by voucher, from the postings
	booked      map[booking]booked              // what the postings say, less what is known to have happened
	vouchers    map[domain.ID]domain.Voucher    // all
	redeemed    map[domain.ID]domain.Redemption // all
	spent       map[domain.ID]int64             // by voucher: redeemed less what came back to it
	granted     map[domain.ID]int64             // by award, from its vouchers
	used        map[domain.ID]bool              // by voucher: whether it was ever redeemed
	returned    map[domain.ID]int64             // by award: granted, then voided after a correction
	terms       map[domain.ID]terms             // by award: what its vouchers must be like
	under       map[domain.ID][]domain.Voucher  // by award: the vouchers issued for it, but for those that replace others
	limits      map[int]domain.ApprovalLimits   // by number
	answers     map[domain.ID][]domain.Approval // by award: who answered for its amount, in order
	untouched   map[domain.ID]bool              // by award: whether a voucher of it is alive and was never used
	recorders   map[Fact][]string               // who said something of it
	recorded    map[domain.ID]time.Time         // when an attendance was first recorded, and when a goal or plan was made
	open        map[domain.ID]bool              // enrolments that have a seed which no visit has taken
	figures     map[figure]int64                // report figures, from the events
	currencies  map[string]bool                 // those of the figures
}

// figure is one cell of a report.
type figure struct{ name, currency, grouping, key string }

// differ notes a difference unless same.
func (v *verifier) differ(same bool, format string, args ...any) {
	switch {
	case same:
	case len(v.Differences) == maxDifferences:
		v.More++
	default:
		v.Differences = append(v.Differences, fmt.Sprintf(format, args...))
	}
}

// count adds to a report figure in each of its groupings.
func (v *verifier) count(name string, of domain.Voucher, partner domain.ID, on time.Time, amount int64) {
	cells := map[string]string{
		"programme": of.ProgrammeID.String(), "unit": of.UnitID.String(), "month": domain.DateOf(on, v.loc).String()[:7], "partner": "",
	}
	if partner != (domain.ID{}) {
		cells["partner"] = partner.String()
	}
	for grouping, key := range cells {
		v.figures[figure{name, of.Currency, grouping, key}] += amount
	}
	v.currencies[of.Currency] = true
}
