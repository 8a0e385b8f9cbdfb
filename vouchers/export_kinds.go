package vouchers

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
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
				id("vch", v.ID), v.Serial, id("awd", v.AwardID), id("unt", v.UnitID), id("prg", v.ProgrammeID), v.Amount, v.Balance, v.Currency, string(v.State),
				stamp(v.ValidFrom), stamp(v.ValidTo), idOf("vch", v.ReplacesID), idOf("vch", v.ReplacedByID), v.IssuedBy, stamp(v.CreatedAt), idOf("bdg", v.BudgetID),
			}
		}),
	"redemptions": rowsOf([]string{"from", "to", "partner_id", "currency"},
		[]string{"id", "voucher_id", "partner_id", "terminal_id", "client_redemption_id", "amount", "currency", "balance_after", "created_at"},
		func(r domain.Redemption) []any {
			return []any{id("rdm", r.ID), id("vch", r.VoucherID), id("prt", r.PartnerID), id("trm", r.TerminalID), r.ClientRedemptionID, r.Amount, r.Currency, r.BalanceAfter, stamp(r.CreatedAt)}
		}),
	"reversals": rowsOf([]string{"from", "to"}, []string{"id", "redemption_id", "voucher_id", "amount", "created_at"},
		func(r domain.Reversal) []any {
			return []any{id("rev", r.ID), id("rdm", r.RedemptionID), id("vch", r.VoucherID), r.Amount, stamp(r.CreatedAt)}
		}),
	"awards": rowsOf([]string{"from", "to", "unit_id", "programme_id", "state", "currency"},
		[]string{"id", "enrolment_id", "unit_id", "programme_id", "version_id", "kind", "milestone", "amount", "granted", "currency", "state", "reached_on", "decided_by", "decided_at", "created_at"},
		func(a domain.Award) []any {
			kind, milestone := "milestone", int64(a.Milestone)
			if a.ByHand() {
				kind, milestone = "by_hand", 0
			}
			return []any{
				id("awd", a.ID), id("enr", a.EnrolmentID), id("unt", a.UnitID), id("prg", a.ProgrammeID), id("ver", a.VersionID), kind, milestone, a.Amount, a.Granted, a.Currency,
				a.State, a.ReachedOn.String(), a.DecidedBy, stampOf(a.DecidedAt), stamp(a.CreatedAt),
			}
		}),
	"outstanding": {
		filters: []string{"at", "unit_id", "programme_id", "currency"},
		heading: []string{"voucher_id", "serial", "award_id", "programme_id", "unit_id", "issued_on", "lapses_on", "amount", "currency"},
		count:   func(tx *store.Tx, f ExportFilters) (int64, error) { return tx.CountOpen(f.left()) },
		each: func(tx *store.Tx, f ExportFilters, row func(cells ...any) error) error {
			return tx.OpenVouchers(f.left(), func(v store.OpenVoucher) error {
				return row(id("vch", v.ID), v.Serial, id("awd", v.AwardID), id("prg", v.ProgrammeID), id("unt", v.UnitID), v.IssuedOn.String(), v.LapsesOn.String(), v.Amount, v.Currency)
			})
		},
	},
	"report": {
		filters: []string{"figure", "group_by", "from", "at", "unit_id", "programme_id", "partner_id", "currency"},
		heading: []string{"group", "key", "label", "figure", "amount", "currency", "vouchers"},
		count: func(tx *store.Tx, f ExportFilters) (int64, error) {
			r, err := makeReport(tx, f.query())
			return int64(len(r.Rows)), err
		},
		each: func(tx *store.Tx, f ExportFilters, row func(cells ...any) error) error {
			r, err := makeReport(tx, f.query())
			for _, line := range r.Rows {
				if err == nil {
					err = row(r.GroupBy, GroupKey(r.GroupBy, line.Key), line.Label, r.Figure, line.Amount, r.Currency, line.Vouchers)
				}
			}
			return err
		},
	},
	"settlement_lines": {
		filters: []string{"from", "to", "partner_id", "programme_id", "unit_id"},
		heading: []string{"id", "run_id", "settlement_id", "partner_id", "kind", "redemption_id", "voucher_id", "serial", "terminal_id", "happened_at", "amount", "programme_id", "unit_id", "budget_id"},
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
			return store.Each(tx, func(l domain.SettlementLine) error { return row(lineCells(l)...) }, conds...)
		},
	},
}

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
		id("pst", p.ID), id("ent", p.EntryID), p.BookedOn.String(), string(p.Event), PostingReference(p), string(p.Account), p.Amount, p.Currency,
		idOf("awd", p.AwardID), idOf("vch", p.VoucherID), idOf("stl", p.SettlementID), idOf("bdg", p.BudgetID), id("prg", p.ProgrammeID), id("unt", p.UnitID), idOf("prt", p.PartnerID), stamp(p.CreatedAt),
	}
}

// PostingReference shows what a posting books. Money that comes back to a voucher
// after its end goes where its balance went, and is booked for the reversal.
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
		return id("stl", p.ReferenceID)
	case ledger.Expiring, ledger.Voiding:
		if p.ReferenceID != *p.VoucherID {
			return id("rev", p.ReferenceID)
		}
	}
	return id("vch", p.ReferenceID)
}

func lineCells(l domain.SettlementLine) []any {
	return []any{
		id(linePrefix(l), l.ID), id("run", l.RunID), id("stl", l.SettlementID), id("prt", l.PartnerID), l.Kind, id("rdm", l.RedemptionID), id("vch", l.VoucherID), l.Serial,
		id("trm", l.TerminalID), stamp(l.HappenedAt), l.Amount, id("prg", l.ProgrammeID), id("unt", l.UnitID), idOf("bdg", l.BudgetID),
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

// stamp shows a time as the API does.
func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// stampOf is stamp of what may be missing.
func stampOf(t *time.Time) string {
	if t == nil {
		return ""
	}
	return stamp(*t)
}
