package vouchers

import (
	"cmp"
	"slices"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
)

// ExportFilters narrow the rows of an export; a zero field narrows nothing.
type ExportFilters struct {
	From        domain.Date    `json:"from,omitzero"` // first day, at the site
	To          domain.Date    `json:"to,omitzero"`   // last day
	At          domain.Date    `json:"at,omitzero"`   // of a balance: at the end of this day; zero: today
	UnitID      domain.ID      `json:"unit_id,omitzero"`
	ProgrammeID domain.ID      `json:"programme_id,omitzero"`
	PartnerID   domain.ID      `json:"partner_id,omitzero"`
	Account     ledger.Account `json:"account,omitzero"`
	Event       ledger.Event   `json:"event,omitzero"`
	State       string         `json:"state,omitzero"`
	Currency    string         `json:"currency,omitzero"`
	Figure      string         `json:"figure,omitzero"`   // of a report
	GroupBy     string         `json:"group_by,omitzero"` // of a report
	Lang        string         `json:"lang,omitzero"`     // of a workbook's words: da or en; "": da. It narrows nothing
}

// given names the filters that narrow something, in the order of the fields.
func (f ExportFilters) given() (names []string) {
	for _, c := range []struct {
		name  string
		given bool
	}{
		{"from", !f.From.IsZero()}, {"to", !f.To.IsZero()}, {"at", !f.At.IsZero()},
		{"unit_id", f.UnitID != domain.ID{}}, {"programme_id", f.ProgrammeID != domain.ID{}}, {"partner_id", f.PartnerID != domain.ID{}},
		{"account", f.Account != ""}, {"event", f.Event != ""}, {"state", f.State != ""}, {"currency", f.Currency != ""},
		{"figure", f.Figure != ""}, {"group_by", f.GroupBy != ""},
	} {
		if c.given {
			names = append(names, c.name)
		}
	}
	return names
}

// check refuses filters that rows of a kind do not have.
func (f ExportFilters) check(wrong *domain.Fields, what string, has []string) {
	for _, name := range f.given() {
		wrong.Check(slices.Contains(has, name), "filters."+name, "unknown_field", "does not narrow %s: leave it out", what)
	}
	wrong.Check(f.From.IsZero() || f.To.IsZero() || !f.To.Before(f.From), "filters.from", "contradiction", "must not be after to")
	if what == "report" {
		for _, field := range domain.FieldsOf(checkQuery(f.query())) {
			wrong.Check(false, "filters."+field.Field, field.Code, "%s", field.Message)
		}
	}
}

// today sets the date of a balance that is asked for without one: the file is made
// a little later, and says the same then.
func (f *ExportFilters) today(tx *store.Tx, now time.Time, what string) error {
	if f.At.IsZero() && slices.Contains(exportKinds[what].filters, "at") {
		site, err := tx.Zone()
		if err != nil {
			return err
		}
		f.At = domain.DateOf(now, site)
	}
	return nil
}

// query is the report that is asked for.
func (f ExportFilters) query() ReportQuery {
	return ReportQuery{
		Figure: f.Figure, GroupBy: cmp.Or(f.GroupBy, "programme"), From: f.From, At: f.At,
		PostingFilter: PostingFilter{UnitID: f.UnitID, ProgrammeID: f.ProgrammeID, PartnerID: f.PartnerID, Currency: f.Currency},
	}
}

// postings is the part of the journal that is asked for.
func (f ExportFilters) postings() []store.Cond {
	return PostingFilter{
		Account: f.Account, Event: f.Event, ProgrammeID: f.ProgrammeID, UnitID: f.UnitID, PartnerID: f.PartnerID, Currency: f.Currency, From: f.From, To: f.To,
	}.conds()
}

// rows wants rows made from the first to the last day at the site, and of what
// else narrows them.
func (f ExportFilters) rows(tx *store.Tx) ([]store.Cond, error) {
	from, until, err := f.span(tx)
	return []store.Cond{
		store.From("created_at", from), store.Before("created_at", until), store.Eq("unit_id", f.UnitID), store.Eq("programme_id", f.ProgrammeID),
		store.Eq("partner_id", f.PartnerID), store.Eq("state", f.State), store.Eq("currency", f.Currency),
	}, err
}

// lines wants settlement lines of what happened from the first to the last day.
func (f ExportFilters) lines(tx *store.Tx) ([]store.Cond, error) {
	from, until, err := f.span(tx)
	return []store.Cond{
		store.From("happened_at", from), store.Before("happened_at", until), store.Eq("partner_id", f.PartnerID), store.Eq("unit_id", f.UnitID), store.Eq("programme_id", f.ProgrammeID),
	}, err
}

// left is what was left on vouchers at the end of the day.
func (f ExportFilters) left() store.Left {
	return store.Left{At: f.At, ProgrammeID: f.ProgrammeID, UnitID: f.UnitID, Currency: f.Currency}
}

// span is when the first day begins at the site, and when the last one ends; zero
// where it is not given.
func (f ExportFilters) span(tx *store.Tx) (from, until time.Time, err error) {
	site, err := tx.Zone()
	if err != nil {
		return from, until, err
	}
	if !f.From.IsZero() {
		from = f.From.In(site).UTC()
	}
	if !f.To.IsZero() {
		until = f.To.AddDays(1).In(site).UTC()
	}
	return from, until, nil
}
