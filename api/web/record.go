package web

import (
	"strconv"
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/vouchers"
)

// Record is what the page called record shows: an award with all that the books have
// of it, and of one of its vouchers. Nobody is named.
type Record struct {
	Voucher  []Fact // nil: of the award alone
	Why      string
	ByHand   bool
	Award    []Fact
	Approved []string
	Vouchers Grid
	Bought   Grid
	Lines    Grid
	More     string // where all lines are; "": these are all
}

// NewRecord makes the page; of a voucher, or of nil.
func NewRecord(b Books, r vouchers.Record, v *domain.Voucher) Record {
	shown := Record{Why: b.In(r.Why), ByHand: r.Award.ByHand(), Award: b.award(r, v != nil), Bought: b.bought(r)}
	if v != nil {
		shown.Voucher = b.facts(
			"record.amount", amount(v.Amount, v.Currency, ""), "record.balance", amount(v.Balance, v.Currency, ""), "record.state", word(Text(b.Lang, "voucher.state_"+string(v.State))),
			"record.issued", b.moment(v.CreatedAt, ""), "record.issued_by", word(v.IssuedBy), "record.until", word(b.Date(lastDay(v.ValidTo, b.Site))), "year.programme", word(b.programme(v.ProgrammeID)), "year.unit", word(b.unit(&v.UnitID)),
			"voucher.replaces", b.serialOf(r, v.ReplacesID), "voucher.replaced_by", b.serialOf(r, v.ReplacedByID))
	}
	shown.Vouchers = Grid{Name: Text(b.Lang, "record.vouchers"), Heads: b.heads("books.serial", "record.issued", "#record.amount", "#record.balance", "record.state")}
	serials := map[domain.ID]string{}
	for _, x := range r.Vouchers {
		serials[x.ID] = x.Serial
		shown.Vouchers.Rows = append(shown.Vouchers.Rows, []Cell{
			linked(x.Serial, "/records/vouchers/"+b.ID("vch", x.ID)), b.moment(x.CreatedAt, ""), amount(x.Amount, x.Currency, ""), amount(x.Balance, x.Currency, ""), word(Text(b.Lang, "voucher.state_"+string(x.State))),
		})
	}
	for _, a := range r.Approvals {
		key := "record.step_" + a.Step
		shown.Approved = append(shown.Approved, Text(b.Lang, key, moment(a.CreatedAt, b.Site, b.Lang), a.Person))
	}
	shown.Lines = PostingGrid(b, vouchers.Book{Listed: vouchers.Listed[ledger.Posting]{Rows: r.Postings}, Serials: serials})
	shown.Lines.Files = FilesAt("/postings/file", b.Behind(vouchers.PostingFilter{AwardID: r.Award.ID}))
	at := "/records/awards/" + b.ID("awd", r.Award.ID) + "/file"
	shown.Vouchers.Files, shown.Bought.Files = FilesAt(at, nil, "part", "vouchers"), FilesAt(at, nil, "part", "purchases")
	if r.More {
		shown.More = b.behind(vouchers.PostingFilter{AwardID: r.Award.ID})
	}
	return shown
}

// award are the facts of an award; on a voucher's page it leads to its own.
func (b Books) award(r vouchers.Record, lead bool) []Fact {
	a := r.Award
	reference := word("…" + tail(b.ID("awd", a.ID)))
	if lead {
		reference.Link = "/records/awards/" + b.ID("awd", a.ID)
	}
	granted := amount(a.Granted, a.Currency, "")
	if a.Granted == a.Amount {
		granted = Cell{}
	}
	facts := b.facts("record.reference", reference, "record.award_amount", amount(a.Amount, a.Currency, ""), "record.granted", granted, "record.state", word(b.word("record.award_", a.State)),
		"record.reached", b.day(a.ReachedOn, ""), "year.programme", word(Text(b.Lang, "record.version", b.programme(a.ProgrammeID), strconv.Itoa(r.Version))), "year.unit", word(b.unit(&a.UnitID)),
		"record.recorded_by", word(strings.Join(a.RecordedBy, ", ")), "record.evidence", word(a.Evidence), "record.decided_by", word(a.DecidedBy))
	if a.BudgetID != nil {
		facts = append(facts, Fact{Text(b.Lang, "books.budget"), linked(Text(b.Lang, "budget.open"), "/budgets/"+b.ID("bdg", *a.BudgetID))})
	}
	return facts
}

// tail is enough of an ID to tell it from others by.
func tail(id string) string { return id[len(id)-min(8, len(id)):] }

// serialOf leads to another voucher of the award.
func (b Books) serialOf(r vouchers.Record, id *domain.ID) Cell {
	for _, v := range r.Vouchers {
		if id != nil && v.ID == *id {
			return linked(v.Serial, "/records/vouchers/"+b.ID("vch", v.ID))
		}
	}
	return Cell{}
}

// bought is what the vouchers were used for, with where each payment is.
func (b Books) bought(r vouchers.Record) Grid {
	g := Grid{Name: Text(b.Lang, "record.bought"), Heads: b.heads("record.time", "books.partner", "#books.amount", "record.taken_back", "record.payment", "record.settlement")}
	for _, x := range r.Redemptions {
		back, settled := word(""), word("")
		if x.Reversal != nil {
			back = b.moment(x.Reversal.CreatedAt, "")
		}
		if s := x.Payment.Settlement; s != nil {
			settled = linked(s.Number, "/runs/settlements/"+b.ID("stl", s.ID))
		}
		g.Rows = append(g.Rows, []Cell{
			b.moment(x.CreatedAt, ""), word(b.partner(&x.PartnerID)), amount(x.Amount, x.Currency, ""), back, word(b.word("record.payment_", x.Payment.State)), settled,
		})
	}
	return g
}
