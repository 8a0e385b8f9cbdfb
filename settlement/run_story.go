package settlement

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// What is to be done next with a settlement run.
const (
	NextApprove   = "approve"   // by another than who made the draft
	NextFile      = "file"      // make the payment file
	NextPay       = "pay"       // say that the bank has paid
	NextInvoice   = "invoice"   // enter the partners' invoices when they come
	NextReconcile = "reconcile" // take in the bank's statement
)

// Next is what is to be done with a run in which so much is due; "" for nothing.
// Without a file nothing is paid by the bank, and without an invoice nothing by
// invoice.
func Next(state domain.RunState, due store.Due) string {
	switch state {
	case domain.RunDraft:
		return NextApprove
	case domain.RunPaid:
		return NextReconcile
	case domain.RunReconciled, domain.RunReversed:
		return ""
	}
	switch {
	case state == domain.RunApproved && due.ByBank > 0:
		return NextFile
	case due.ByBank+due.Invoiced > 0:
		return NextPay
	default:
		return NextInvoice
	}
}

// Desk is where finance looks at settlement: the clocks there, and the partners by
// their names.
type Desk struct {
	Site     *time.Location
	Today    domain.Date
	Partners map[string]string // name by ID
}

// Partner is what a partner is called.
func (d Desk) Partner(id domain.ID) string { return d.Partners[id.String()] }

func (s *Service) desk(tx *store.Tx) (d Desk, err error) {
	if d.Site, err = tx.Zone(); err != nil {
		return d, err
	}
	d.Today = domain.DateOf(s.now(), d.Site)
	if actor := tx.Actor(); actor.Role == domain.PartnerRole { // which knows of no other
		d.Partners = map[string]string{actor.Partner.ID.String(): actor.Partner.Name}
		return d, nil
	}
	d.Partners, err = store.Names[domain.Partner](tx, "name")
	return d, err
}

// RunStep is a run, what it still owes, and what is to be done with it.
type RunStep struct {
	Run
	Due  store.Due
	Next string
}

// RunList are settlement runs as finance looks at them, newest first.
type RunList struct {
	Desk
	Steps []RunStep
	More  bool
	Held  int64      // redemptions that somebody has to decide on
	Offer Period     // what a next draft would be of
	Draft *domain.ID // the draft in kroner that waits: there is one at a time; nil: none

	Currencies []string // in which programmes pay, kroner first
}

// RunList gives a page of the runs.
func (s *Service) RunList(ctx context.Context, actor domain.Actor, page store.Page) (l RunList, err error) {
	err = s.store.Look(ctx, s.call(actor, "listSettlementRuns"), func(tx *store.Tx) error {
		if l.Desk, err = s.desk(tx); err != nil {
			return err
		}
		rows, more, err := store.List[domain.SettlementRun](tx, page)
		if err != nil {
			return err
		}
		l.More = more
		runs, err := summedAll(tx, rows)
		if err == nil {
			l.Steps, err = steps(tx, runs)
		}
		if err == nil {
			l.Held, err = store.Count[domain.SettlementHold](tx, store.Is("decision", ""))
		}
		if err != nil {
			return err
		}
		if l.Currencies, err = paidIn(tx); err != nil {
			return err
		}
		return l.offered(tx)
	})
	return l, err
}

// paidIn are kroner and those in which a programme has been adopted.
func paidIn(tx *store.Tx) ([]string, error) {
	versions, err := store.All[domain.ProgrammeVersion](tx, "", store.Not("state", domain.VersionDraft))
	if err != nil {
		return nil, err
	}
	others := map[string]bool{}
	for _, v := range versions {
		var pays struct{ Currency string }
		if err := json.Unmarshal(v.Document, &pays); err != nil {
			return nil, err
		}
		others[pays.Currency] = true
	}
	delete(others, "DKK")
	return append([]string{"DKK"}, slices.Sorted(maps.Keys(others))...), nil
}

// offered works out what a next draft would be of: from the day after the last run
// in kroner on, until the end of the month before this, or else until yesterday.
func (l *RunList) offered(tx *store.Tx) error {
	last, err := store.Latest[domain.SettlementRun](tx, "created_at", 1, store.Is("currency", "DKK"))
	if err != nil {
		return err
	}
	l.Offer.To = l.Today.FirstOfMonth().AddDays(-1)
	l.Offer.From = l.Offer.To.FirstOfMonth()
	if len(last) == 0 {
		return nil
	}
	if last[0].State == domain.RunDraft {
		l.Draft = &last[0].ID
	}
	if l.Offer.From = last[0].PeriodTo.AddDays(1); l.Offer.To.Before(l.Offer.From) {
		l.Offer.To = l.Today.AddDays(-1)
	}
	if l.Offer.To.Before(l.Offer.From) {
		l.Offer = Period{l.Today, l.Today, ""}
	}
	return nil
}

// steps says what is to be done with runs.
func steps(tx *store.Tx, runs []Run) ([]RunStep, error) {
	ids := make([]domain.ID, len(runs))
	for i, run := range runs {
		ids[i] = run.ID
	}
	dues, err := tx.DuesOf(ids)
	list := make([]RunStep, len(runs))
	for i, run := range runs {
		list[i] = RunStep{run, dues[run.ID], Next(run.State, dues[run.ID])}
	}
	return list, err
}

// RunStory is a run as finance looks at it.
type RunStory struct {
	Desk
	RunStep
	Refused     error // why the actor cannot approve the draft as it is; nil: they can, or it is none
	Settlements []Settled
	HeldOf      map[domain.ID]int64 // how much is held out by partner, minor units
	Payable     []domain.Settlement // what would be booked if somebody said now that it is paid
	Payer       bool                // who pays is entered, without which there is no file
}

// RunStory gives one run with its settlements, which are as many as it pays partners.
func (s *Service) RunStory(ctx context.Context, actor domain.Actor, id domain.ID) (r RunStory, err error) {
	err = s.store.Look(ctx, s.call(actor, "getSettlementRun"), func(tx *store.Tx) error {
		run, err := record(tx, id)
		if err != nil {
			return err
		}
		if r.Desk, err = s.desk(tx); err != nil {
			return err
		}
		list, err := steps(tx, []Run{run})
		if err != nil {
			return err
		}
		r.RunStep = list[0]
		rows, err := store.All[domain.Settlement](tx, "number", store.Is("run_id", id))
		if err == nil {
			r.Settlements, err = withCorrections(tx, rows)
		}
		if err == nil {
			r.HeldOf, err = heldOf(tx, run.Currency)
		}
		if err != nil {
			return err
		}
		payer, err := payerNow(tx)
		r.Payer = payer.Number > 0
		if err == nil {
			err = r.possible(tx)
		}
		return err
	})
	return r, err
}

// possible works out whether the actor can approve the run, and what can be paid.
func (r *RunStory) possible(tx *store.Tx) (err error) {
	switch r.State {
	case domain.RunDraft:
		r.Refused, err = refusal(mayApprove(tx, r.SettlementRun))
	case domain.RunApproved, domain.RunFiled:
		ids, wrong := dueOf(tx, r.SettlementRun, nil)
		if _, err = refusal(wrong); err != nil {
			return err
		}
		for _, row := range r.Settlements {
			if slices.Contains(ids, row.ID) {
				r.Payable = append(r.Payable, row.Settlement)
			}
		}
	}
	return err
}

// heldOf gives what nobody has decided on yet, by partner.
func heldOf(tx *store.Tx, currency string) (map[domain.ID]int64, error) {
	holds, err := store.All[domain.SettlementHold](tx, "", store.Is("decision", ""), store.Is("currency", currency))
	held := map[domain.ID]int64{}
	for _, h := range holds {
		held[h.PartnerID] += h.Amount
	}
	return held, err
}

// refusal tells what a use case would refuse from what went wrong.
func refusal(err error) (refused, wrong error) {
	switch domain.KindOf(err) {
	case domain.Forbidden, domain.Conflict:
		return err, nil
	}
	return nil, err
}
