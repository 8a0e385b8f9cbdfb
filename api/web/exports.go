package web

import (
	"strconv"
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// ExportKinds are the rows that the page offers, the usual first. Reports are files on
// their own pages.
var ExportKinds = []string{"postings", "vouchers", "awards", "outstanding", "redemptions", "reversals", "settlement_lines"}

// Exports is what the page called exports shows: rows to ask for as a file, and the
// files that were asked for.
type Exports struct {
	Form     Input
	What     string
	Kinds    []Tab
	Has      map[string]bool // which filters narrow them
	Currency string          // that they are narrowed to; "": none

	Formats, Programmes, Units, Partners, Accounts, Events, States []Option

	At    string // the page's own address
	Files []ExportRow
	Next  string
	Works bool // one of them waits or is being made
}

// Asked is a file that was asked for, and what its rows are narrowed to.
type Asked struct {
	domain.Export
	Filters vouchers.ExportFilters
}

// ExportRow is one of the files.
type ExportRow struct {
	ID, Name, Of, When string
	State, Tone        string
	Lines              string // how many it has; "": it is not done
	Done, Total        int64
	Works              bool   // it waits or is being made
	File               string // where it is; "": it is not
	Failure            string // in English
}

var exportTones = map[string]string{domain.ExportDone: "good", domain.ExportFailed: "bad"}

// NewExports makes the page.
func NewExports(b Books, what string, filters []string, in Input, files []Asked) Exports {
	x := Exports{
		Form: in, What: what, Has: map[string]bool{}, At: "/exports?what=" + what, Currency: in.Values.Get("currency"),
		Formats:    []Option{{"xlsx", Text(b.Lang, "exports.excel")}, {"csv", Text(b.Lang, "exports.csv")}},
		Programmes: b.options("prg", "books.all_programmes", b.titles()), Units: b.options("unt", "books.all_units", b.Names.Units), Partners: b.options("prt", "exports.all_partners", b.Names.Partners),
		Accounts: b.accounts(), Events: b.events(), States: b.states(what),
	}
	for _, name := range filters {
		x.Has[name] = true
	}
	for _, kind := range ExportKinds {
		x.Kinds = append(x.Kinds, Tab{b.In(vouchers.ExportName(kind, vouchers.ExportFilters{})), "/exports?what=" + kind, kind == what})
	}
	for _, f := range files {
		row := b.exportRow(f)
		x.Works = x.Works || row.Works
		x.Files = append(x.Files, row)
	}
	return x
}

func (b Books) exportRow(f Asked) ExportRow {
	id := b.ID("exp", f.ID)
	row := ExportRow{
		ID: id, Name: b.In(vouchers.ExportName(f.What, f.Filters)), Of: b.exported(f.Filters), When: b.Moment(f.CreatedAt), State: f.State, Tone: exportTones[f.State],
		Done: f.RowsDone, Total: f.RowsTotal, Works: f.State == domain.ExportQueued || f.State == domain.ExportRunning, Failure: f.Failure,
	}
	if f.Format == "xlsx" {
		row.Name += " (Excel)"
	} else {
		row.Name += " (CSV)"
	}
	if f.State == domain.ExportDone {
		row.File, row.Lines = "/v1/exports/"+id+"/file", Text(b.Lang, "exports.lines", strconv.FormatInt(f.RowsDone, 10))
	}
	return row
}

// exported says what the rows of a file are narrowed to.
func (b Books) exported(f vouchers.ExportFilters) string {
	var of []string
	if text := b.days(f.From, f.To); text != "" {
		of = append(of, text)
	}
	if !f.At.IsZero() {
		of = append(of, Text(b.Lang, "exports.at", b.Date(f.At)))
	}
	if f.ProgrammeID != (domain.ID{}) {
		of = append(of, b.programme(f.ProgrammeID))
	}
	if f.UnitID != (domain.ID{}) {
		of = append(of, b.unit(&f.UnitID))
	}
	if f.PartnerID != (domain.ID{}) {
		of = append(of, b.partner(&f.PartnerID))
	}
	if f.Account != "" {
		of = append(of, b.account(f.Account))
	}
	if f.Event != "" {
		of = append(of, b.event(f.Event))
	}
	if f.State != "" {
		of = append(of, Text(b.Lang, "exports.in_state", b.stateNamed(f.State)))
	}
	if f.Currency != "" {
		of = append(of, f.Currency)
	}
	return strings.Join(of, " · ")
}

// stateNamed is what a state of vouchers or awards is called.
func (b Books) stateNamed(state string) string {
	for _, prefix := range []string{"voucher.state_", "record.award_"} {
		if Has(prefix + state) {
			return Text(b.Lang, prefix+state)
		}
	}
	return state
}

// states are those that rows of a kind can be in.
func (b Books) states(what string) []Option {
	options := []Option{{"", Text(b.Lang, "exports.any_state")}}
	prefix := map[string]string{"vouchers": "voucher.state_", "awards": "record.award_"}[what]
	for code := range vouchers.ExportCodes {
		if prefix != "" && code.Of == strings.TrimSuffix(what, "s")+"_state" {
			options = append(options, Option{code.Text, Text(b.Lang, prefix+code.Text)})
		}
	}
	sortOptions(options[1:])
	return options
}
