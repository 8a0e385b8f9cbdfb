package vouchers

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers/table"
)

// exportKind is one kind of rows that can be had as a file. None has a name, a
// reason or a code in it.
type exportKind struct {
	filters []string // the names of those that narrow it
	heading []string
	count   func(tx *store.Tx, f ExportFilters) (int64, error)
	each    func(tx *store.Tx, f ExportFilters, row func(cells ...any) error) error
}

var exportKinds = map[string]exportKind{
	"postings": {
		filters: []string{"from", "to", "unit_id", "programme_id", "partner_id", "account", "event", "currency"},
		heading: PostingHeading,
		count: func(tx *store.Tx, f ExportFilters) (int64, error) {
			return store.Count[ledger.Posting](tx, f.postings()...)
		},
		each: func(tx *store.Tx, f ExportFilters, row func(cells ...any) error) error {
			return store.Each(tx, func(p ledger.Posting) error { return row(PostingCells(p)...) }, f.postings()...)
		},
	},
	"vouchers": rowsOf([]string{"from", "to", "unit_id", "programme_id", "state", "currency"},
		[]string{"id", "serial", "award_id", "unit_id", "programme_id", "amount", "balance", "currency", "state", "valid_from", "valid_to", "replaces_id", "replaced_by_id", "issued_by", "created_at", "budget_id"},
		func(v domain.Voucher) []any {
			return []any{
				id("vch", v.ID), v.Serial, id("awd", v.AwardID), thing("unt", v.UnitID), thing("prg", v.ProgrammeID), table.Money(v.Amount), table.Money(v.Balance), v.Currency, table.Code{Of: "voucher_state", Text: string(v.State)},
				v.ValidFrom, v.ValidTo, idOf("vch", v.ReplacesID), idOf("vch", v.ReplacedByID), v.IssuedBy, v.CreatedAt, idOf("bdg", v.BudgetID),
			}
		}),
	"redemptions": rowsOf([]string{"from", "to", "partner_id", "currency"},
		[]string{"id", "voucher_id", "partner_id", "terminal_id", "client_redemption_id", "amount", "currency", "balance_after", "created_at"},
		func(r domain.Redemption) []any {
			return []any{id("rdm", r.ID), id("vch", r.VoucherID), thing("prt", r.PartnerID), id("trm", r.TerminalID), r.ClientRedemptionID, table.Money(r.Amount), r.Currency, table.Money(r.BalanceAfter), r.CreatedAt}
		}),
	"reversals": rowsOf([]string{"from", "to"}, []string{"id", "redemption_id", "voucher_id", "amount", "created_at"},
		func(r domain.Reversal) []any {
			return []any{id("rev", r.ID), id("rdm", r.RedemptionID), id("vch", r.VoucherID), table.Money(r.Amount), r.CreatedAt}
		}),
	"awards": rowsOf([]string{"from", "to", "unit_id", "programme_id", "state", "currency"},
		[]string{"id", "enrolment_id", "unit_id", "programme_id", "version_id", "kind", "milestone", "amount", "granted", "currency", "state", "reached_on", "decided_by", "decided_at", "created_at"},
		func(a domain.Award) []any {
			kind, milestone := "milestone", int64(a.Milestone)
			if a.ByHand() {
				kind, milestone = "by_hand", 0
			}
			return []any{
				id("awd", a.ID), id("enr", a.EnrolmentID), thing("unt", a.UnitID), thing("prg", a.ProgrammeID), id("ver", a.VersionID), table.Code{Of: "award_kind", Text: kind}, milestone, table.Money(a.Amount), table.Money(a.Granted), a.Currency,
				table.Code{Of: "award_state", Text: a.State}, a.ReachedOn, a.DecidedBy, timeOf(a.DecidedAt), a.CreatedAt,
			}
		}),
	"outstanding": {
		filters: []string{"at", "unit_id", "programme_id", "currency"},
		heading: []string{"voucher_id", "serial", "award_id", "programme_id", "unit_id", "issued_on", "lapses_on", "amount", "currency"},
		count:   func(tx *store.Tx, f ExportFilters) (int64, error) { return tx.CountOpen(f.left()) },
		each: func(tx *store.Tx, f ExportFilters, row func(cells ...any) error) error {
			return tx.OpenVouchers(f.left(), func(v store.OpenVoucher) error {
				return row(id("vch", v.ID), v.Serial, id("awd", v.AwardID), thing("prg", v.ProgrammeID), thing("unt", v.UnitID), v.IssuedOn, v.LapsesOn, table.Money(v.Amount), v.Currency)
			})
		},
	},
	"report": {
		filters: []string{"figure", "group_by", "from", "at", "unit_id", "programme_id", "partner_id", "currency"},
		heading: []string{"group", "key", "label", "figure", "amount", "currency", "vouchers", "from", "at"},
		count: func(tx *store.Tx, f ExportFilters) (int64, error) {
			r, err := makeReport(tx, f.query())
			return int64(len(r.Rows)), err
		},
		each: func(tx *store.Tx, f ExportFilters, row func(cells ...any) error) error {
			r, err := makeReport(tx, f.query())
			for _, line := range r.Rows {
				if err == nil {
					err = row(table.Code{Of: "group", Text: r.GroupBy}, GroupKey(r.GroupBy, line.Key), line.named(), table.Code{Of: "figure", Text: r.Figure}, table.Money(line.Amount), r.Currency, line.Vouchers, r.ReportQuery.From, r.At)
				}
			}
			return err
		},
	},
	"settlement_lines": {
		filters: []string{"from", "to", "partner_id", "programme_id", "unit_id"},
		heading: lineHeading,
		count: func(tx *store.Tx, f ExportFilters) (int64, error) {
			conds, err := f.lines(tx)
			if err != nil {
				return 0, err
			}
			return store.Count[domain.SettlementLine](tx, conds...)
		},
		each: func(tx *store.Tx, f ExportFilters, row func(cells ...any) error) error {
			conds, err := f.lines(tx)
			if err != nil {
				return err
			}
			of, err := settledLines(tx, f)
			if err != nil {
				return err
			}
			return store.Each(tx, func(l domain.SettlementLine) error { return row(of.cells(l)...) }, conds...)
		},
	},
}

// ExportFiltersOf names the filters that narrow a kind of rows; nil: there is no such kind.
func ExportFiltersOf(what string) []string { return exportKinds[what].filters }

// ExportName is what a kind of rows is called, or a report's figure.
func ExportName(what string, f ExportFilters) rules.Text { return exportNames[f.kind(what)] }

// ExportKinds names them, for a sentence.
func ExportKinds() string { return strings.Join(slices.Sorted(maps.Keys(exportKinds)), ", ") }

// rowsOf is a kind of rows that are a table's, narrowed by when they were made.
func rowsOf[T any](filters, heading []string, cells func(T) []any) exportKind {
	return exportKind{
		filters: filters, heading: heading,
		count: func(tx *store.Tx, f ExportFilters) (int64, error) {
			conds, err := f.rows(tx)
			if err != nil {
				return 0, err
			}
			return store.Count[T](tx, conds...)
		},
		each: func(tx *store.Tx, f ExportFilters, row func(cells ...any) error) error {
			conds, err := f.rows(tx)
			if err != nil {
				return err
			}
			return store.Each(tx, func(v T) error { return row(cells(v)...) }, conds...)
		},
	}
}

// PostingHeading and PostingCells are the journal as a table.
var PostingHeading = []string{"id", "entry_id", "booked_on", "event", "reference_id", "account", "amount", "currency", "award_id", "voucher_id", "settlement_id", "budget_id", "programme_id", "unit_id", "partner_id", "created_at"}

// PostingCells are one posting under PostingHeading.
func PostingCells(p ledger.Posting) []any {
	return []any{
		id("pst", p.ID), id("ent", p.EntryID), p.BookedOn, table.Code{Of: "event", Text: string(p.Event)}, PostingReference(p), table.Code{Of: "account", Text: string(p.Account)}, table.Money(p.Amount), p.Currency,
		idOf("awd", p.AwardID), idOf("vch", p.VoucherID), idOf("stl", p.SettlementID), idOf("bdg", p.BudgetID), thing("prg", p.ProgrammeID), thing("unt", p.UnitID), thingOf("prt", p.PartnerID), p.CreatedAt,
	}
}

// PostingReference shows what a posting books. Money that comes back to a voucher
// after its end goes where its balance went, and is booked for the reversal; a correction
// of a settlement is booked for itself.
func PostingReference(p ledger.Posting) string {
	switch p.Event {
	case ledger.Reserving, ledger.Releasing:
		return id("awd", p.ReferenceID)
	case ledger.Redeeming:
		return id("rdm", p.ReferenceID)
	case ledger.Reversing:
		return id("rev", p.ReferenceID)
	case ledger.Disallowing:
		return id("hld", p.ReferenceID)
	case ledger.Paying, ledger.Bouncing:
		if p.SettlementID != nil && p.ReferenceID != *p.SettlementID {
			return id("scn", p.ReferenceID)
		}
		return id("stl", p.ReferenceID)
	case ledger.Expiring, ledger.Voiding:
		if p.ReferenceID != *p.VoucherID {
			return id("rev", p.ReferenceID)
		}
	}
	return id("vch", p.ReferenceID)
}

var lineHeading = []string{
	"id", "settlement_run_id", "settlement_id", "partner_id", "kind", "redemption_id", "voucher_id", "serial", "terminal_id", "happened_at", "amount", "programme_id", "unit_id", "budget_id",
	"settlement_number", "run_state",
}

// linesOf knows what settlement lines are of.
type linesOf struct {
	numbers map[domain.ID]string          // settlement → number
	states  map[domain.ID]domain.RunState // run → state
}

// settledLines reads what the lines that are asked for may be of: before they are
// read, for then no other rows can be.
func settledLines(tx *store.Tx, f ExportFilters) (of linesOf, err error) {
	of = linesOf{map[domain.ID]string{}, map[domain.ID]domain.RunState{}}
	err = store.Each(tx, func(s domain.Settlement) error { of.numbers[s.ID] = s.Number; return nil }, store.Eq("partner_id", f.PartnerID))
	if err != nil {
		return of, err
	}
	runs, err := store.All[domain.SettlementRun](tx, "")
	for _, r := range runs {
		of.states[r.ID] = r.State
	}
	return of, err
}

// cells are one line under lineHeading.
func (of linesOf) cells(l domain.SettlementLine) []any {
	return []any{
		id(linePrefix(l), l.ID), id("srn", l.RunID), id("stl", l.SettlementID), thing("prt", l.PartnerID), table.Code{Of: "line_kind", Text: l.Kind}, id("rdm", l.RedemptionID), id("vch", l.VoucherID), l.Serial,
		id("trm", l.TerminalID), l.HappenedAt, table.Money(l.Amount), thing("prg", l.ProgrammeID), thing("unt", l.UnitID), idOf("bdg", l.BudgetID),
		of.numbers[l.SettlementID], table.Code{Of: "run_state", Text: string(of.states[l.RunID])},
	}
}

// linePrefix is that of what a settlement line is of.
func linePrefix(l domain.SettlementLine) string {
	if l.Kind == domain.LineReversal {
		return "rev"
	}
	return "rdm"
}

// GroupKey shows a report's group: an ID with its prefix, or a month or an age as
// it is.
func GroupKey(groupBy, key string) string {
	of, err := uuid.Parse(key)
	prefix, known := map[string]string{"programme": "prg", "unit": "unt", "partner": "prt"}[groupBy]
	if err != nil || !known {
		return key
	}
	return id(prefix, of)
}

// id shows an ID as the API does.
func id(prefix string, of domain.ID) string { return table.ID(prefix, of) }

// idOf is id of what may be missing.
func idOf(prefix string, of *domain.ID) string {
	if of == nil {
		return ""
	}
	return table.ID(prefix, *of)
}

// thing is what a workbook calls by its name, and CSV by its ID.
func thing(prefix string, of domain.ID) table.Thing { return table.Thing{ID: of, Text: id(prefix, of)} }

// thingOf is thing of what may be missing.
func thingOf(prefix string, of *domain.ID) table.Thing {
	if of == nil {
		return table.Thing{}
	}
	return thing(prefix, *of)
}

// timeOf is a time that may be missing.
func timeOf(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}
