package web

import (
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement"
)

// ShopStatements is what a shop's page of its statements shows.
type ShopStatements struct {
	Rows []ShopStatementRow
	Next string
}

// ShopStatementRow is a statement in the list.
type ShopStatementRow struct {
	Address, Number, Period, Total, PaidOn string
	Badge                                  Badge
}

// NewShopStatements makes the page.
func NewShopStatements(v View, l settlement.OwnSettlements) (x ShopStatements) {
	for _, row := range l.Rows {
		run := l.Runs[row.RunID]
		x.Rows = append(x.Rows, ShopStatementRow{
			"/till/statements/" + v.ID("stl", row.ID), row.Number, v.period(run.PeriodFrom, run.PeriodTo), domain.FormatMoney(row.Total, row.Currency), v.Date(row.PaidOn), shopBadge(row),
		})
	}
	return x
}

// shopBadge is the state of a settlement as its shop is told it: that the bank's
// statement shows the payment is the municipality's business.
func shopBadge(s settlement.Settled) Badge {
	state := s.State
	if len(s.Corrections)%2 == 1 { // the shop has the money all the same
		state = domain.SettlementPaid
	}
	return Badge{"shop.state." + string(state), settlementTones[state]}
}

// ShopStatement is what a shop's page of one statement shows.
type ShopStatement struct {
	Period, Method, IBAN, Amount, CarriedIn, Total, PaidOn string
	Badge                                                  Badge
	PDF, CSV                                               string
	Invoice                                                string // the number that the shop's invoice must bear; "": it sends none
	Lines                                                  []LineRow
	Next                                                   string
}

// NewShopStatement makes the page for who reads it.
func NewShopStatement(v View, x settlement.Story, reader domain.Actor) ShopStatement {
	p := ShopStatement{
		Period: v.period(x.Run.PeriodFrom, x.Run.PeriodTo), Method: "runs.method." + x.Method, IBAN: domain.IBANFor(reader, x.IBAN), Amount: domain.FormatMoney(x.Amount, x.Currency),
		Total: domain.FormatMoney(x.Total, x.Currency), PaidOn: v.Date(x.PaidOn), Badge: shopBadge(x.Settled), Lines: v.lines(x, ""),
	}
	if x.CarriedIn != 0 {
		p.CarriedIn = domain.FormatMoney(x.CarriedIn, x.Currency)
	}
	if x.Method == domain.ByInvoice && x.State == domain.SettlementDue {
		p.Invoice = x.Number
	}
	p.PDF, p.CSV = v.statements(v.ID("stl", x.ID))
	return p
}

// ShopPurchases is what a shop's page of its purchases shows.
type ShopPurchases struct {
	Rows []ShopPurchaseRow
	Next string
}

// ShopPurchaseRow is a purchase in the list.
type ShopPurchaseRow struct {
	At, Till, Amount string
	Back             bool
	Badge            Badge
	Settlement       *Choice
}

// NewShopPurchases makes the page.
func NewShopPurchases(v View, l settlement.OwnPurchases) (x ShopPurchases) {
	for _, r := range l.Rows {
		row := ShopPurchaseRow{
			At: v.Moment(r.CreatedAt), Till: l.Tills[r.TerminalID.String()], Amount: domain.FormatMoney(r.Amount, r.Currency), Back: r.Back,
			Badge: Badge{"shop.stands." + r.Payment.State, standingTones[r.Payment.State]},
		}
		if s := r.Payment.Settlement; s != nil {
			row.Settlement = &Choice{s.Number, "/till/statements/" + v.ID("stl", s.ID)}
		}
		x.Rows = append(x.Rows, row)
	}
	return x
}
