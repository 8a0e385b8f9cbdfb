package web

import (
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement"
)

// SettlementPage is what the page of one settlement shows.
type SettlementPage struct {
	Form                     Input
	At                       string
	Partner, Method, IBAN    string
	Badge                    Badge
	Period                   string
	Amount, CarriedIn, Total string
	From                     []Choice // whose totals it took over, or a correction
	Into                     *Choice  // which took over its total
	PaidOn                   string
	AccountChanged           bool
	Corrections              []Event
	Bounced                  *Event
	PDF, CSV                 string
	Lines                    []LineRow
	Files                    *Files
	Next                     string
	Do                       string // bounce or unbounce, where the reader may; "": neither
	Reconciled               bool   // the bank's statement shows its payment
}

// LineRow is a purchase, or one that was taken back, in a settlement.
type LineRow struct {
	At, Serial, Till, Amount string
	Back                     bool   // it was taken back
	Address                  string // of the purchase; "": the reader has no page of it
}

// NewSettlement makes the page, as finance has it.
func NewSettlement(v View, x settlement.Story, form Input, may func(domain.Action) bool) SettlementPage {
	id := v.ID("stl", x.ID)
	p := SettlementPage{
		Form: form, At: "/runs/settlements/" + id, Partner: x.Partner(x.PartnerID), Method: "runs.method." + x.Method, IBAN: x.IBAN, Badge: settlementBadge(x.Settlement),
		Period: v.period(x.Run.PeriodFrom, x.Run.PeriodTo), Amount: domain.FormatMoney(x.Amount, x.Currency), Total: domain.FormatMoney(x.Total, x.Currency),
		PaidOn: v.Date(x.PaidOn), AccountChanged: x.AccountChanged, Reconciled: x.ReconciledAt != nil,
	}
	p.PDF, p.CSV = v.statements(id)
	if x.CarriedIn != 0 {
		p.CarriedIn = domain.FormatMoney(x.CarriedIn, x.Currency)
	}
	for _, row := range x.From {
		p.From = append(p.From, Choice{row.Number, "/runs/settlements/" + v.ID("stl", row.ID)})
	}
	if x.Into != nil {
		p.Into = &Choice{x.Into.Number, "/runs/settlements/" + v.ID("stl", x.Into.ID)}
	}
	if x.BouncedAt != nil {
		p.Bounced = &Event{v.Moment(*x.BouncedAt), Text(v.Lang, "runs.settlement.bounced"), x.BouncedBy, x.BouncedBecause}
	}
	for _, c := range x.Corrections {
		p.Corrections = append(p.Corrections, Event{v.Date(c.HappenedOn), Text(v.Lang, "runs.correction."+c.Cause), c.MadeBy, c.Reason})
	}
	if p.Do = undoing(x.Settled); p.Do != "" && !may(domain.Action(p.Do+"Settlement")) {
		p.Do = ""
	}
	p.Lines = v.lines(x, "/runs/purchases/")
	return p
}

// undoing is what can be said of where the money of a settlement is: that it came
// back, or that it did not.
func undoing(s settlement.Settled) string {
	has := s.State == domain.SettlementPaid || len(s.Corrections)%2 == 1
	switch {
	case has:
		return "bounce"
	case s.State == domain.SettlementBounced, len(s.Corrections) > 0:
		return "unbounce"
	}
	return ""
}

// lines are the lines of a settlement; each leads to its purchase below an address,
// if there is one.
func (v View) lines(x settlement.Story, below string) (list []LineRow) {
	for _, line := range x.Lines {
		row := LineRow{
			At: v.Moment(line.HappenedAt), Serial: line.Serial, Till: x.Terminals[line.TerminalID.String()], Amount: domain.FormatMoney(line.Amount, x.Currency), Back: line.Kind == domain.LineReversal,
		}
		if below != "" {
			row.Address = below + v.ID("rdm", line.RedemptionID)
		}
		list = append(list, row)
	}
	return list
}

// PurchasePage is what the page of one purchase shows.
type PurchasePage struct {
	Form                        Input
	At                          string
	Amount, When, Partner, Till string
	Back                        string // when it was taken back; "": it was not
	Payment                     Badge
	Settlement                  *Choice
	Events                      []Event // how it was held and decided on
	MayHold, MayDecide          bool
	Hold                        string // the one that waits for a decision
	Refused                     string // why the reader may not decide; "": they may, or nothing waits
}

var standingTones = map[string]string{settlement.StandsPaid: "good", settlement.StandsHeld: "warn", settlement.StandsRejected: "bad"}

// NewPurchase makes the page.
func NewPurchase(v View, x settlement.Purchase, form Input, may func(domain.Action) bool) PurchasePage {
	p := PurchasePage{
		Form: form, At: "/runs/purchases/" + v.ID("rdm", x.ID), Amount: domain.FormatMoney(x.Amount, x.Currency), When: v.Moment(x.CreatedAt), Partner: x.Partner(x.PartnerID), Till: x.Till,
		Payment: Badge{"runs.stands." + x.Payment.State, standingTones[x.Payment.State]},
	}
	if x.Back != nil {
		p.Back = v.Moment(x.Back.CreatedAt)
	}
	if s := x.Payment.Settlement; s != nil {
		p.Settlement = &Choice{s.Number, "/runs/settlements/" + v.ID("stl", s.ID)}
	}
	for _, h := range x.Holds {
		p.Events = append(p.Events, v.holdEvents(h)...)
	}
	open := x.Open() != nil
	if open {
		p.Hold = v.ID("hld", x.Open().ID)
	}
	p.MayHold = !open && x.Payment.State == settlement.StandsUnsettled && x.Back == nil && may("holdRedemption")
	p.MayDecide = open && x.Refused == nil && may("releaseSettlementHold")
	if open && x.Refused != nil && may("releaseSettlementHold") {
		p.Refused = Fault(v.Lang, domain.CodeOf(x.Refused), x.Refused.Error())
	}
	return p
}

// holdEvents are what became of a hold. Why the service itself holds is told by its
// cause, in the reader's words.
func (v View) holdEvents(h domain.SettlementHold) []Event {
	held := Event{At: v.Moment(h.HeldAt), What: Text(v.Lang, "runs.held."+h.Cause), By: h.HeldBy, Note: h.Reason}
	if h.Cause != domain.HeldByHand {
		held.By, held.Note = "Fasthold", ""
	}
	events := []Event{held}
	if h.DecidedAt != nil {
		events = append(events, Event{v.Moment(*h.DecidedAt), Text(v.Lang, "runs.hold."+h.Decision), h.DecidedBy, h.Comment})
	}
	return events
}

// Holds is what the page of purchases that are held out shows.
type Holds struct {
	Decided bool // those that were decided on are shown
	Rows    []HoldRow
	Next    string
	Files   *Files
}

// HoldRow is a purchase that is, or was, held out.
type HoldRow struct {
	Address, Partner, Amount, Why, Note, When, By string
	Badge                                         Badge
}

// NewHolds makes the page.
func NewHolds(v View, l settlement.HoldList, decided bool) Holds {
	x := Holds{Decided: decided}
	for _, h := range l.Rows {
		e := v.holdEvents(h)[0]
		row := HoldRow{"/runs/purchases/" + v.ID("rdm", h.RedemptionID), l.Partner(h.PartnerID), domain.FormatMoney(h.Amount, h.Currency), e.What, e.Note, e.At, e.By, Badge{"runs.stands.held", "warn"}}
		if h.Decision != "" {
			row.Badge = Badge{"runs.hold." + h.Decision, map[string]string{domain.HoldReleased: "good", domain.HoldRejected: "bad"}[h.Decision]}
		}
		x.Rows = append(x.Rows, row)
	}
	return x
}
