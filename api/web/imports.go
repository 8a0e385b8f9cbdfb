package web

import (
	"strconv"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// shownRefusals is how many refused lines a page has; the file has all of them.
const shownRefusals = 50

// Imports is what the page shows on which files are chosen.
type Imports struct {
	Form       Input
	Programmes []Option
	Preview    *ImportPreview // nil: nothing was sent yet
	Rows       []ImportRow
}

// ImportRow is an import in a list.
type ImportRow struct{ Address, When, State, Accepted, Refused string }

// ImportPreview is what files would do.
type ImportPreview struct {
	Seen                                       string // what says that they are the same files
	Plans, Lines, Accepted, Refusals, Vouchers string
	Amount                                     string
	Checked                                    string // plans gone through; "" when that is all of them
	Refused                                    []Refusal
	More                                       bool
}

// Refusal is a line that is not taken.
type Refusal struct{ File, Line, Column, Reason string }

// ImportProgress is how far an import has come.
type ImportProgress struct {
	At, State, When              string
	Done, Total                  int
	Accepted, Refusals, Vouchers string
	Amount, Failure              string
	Works                        bool // it goes on: ask again
	Refused                      []Refusal
	More                         bool
	Gone                         bool   // the refused lines are not kept any more
	File                         string // where all refused lines are, as CSV
}

// NewImports makes the page.
func NewImports(v View, in Input, programmes []vouchers.OpenProgramme, rows []domain.Import, preview *ImportPreview) Imports {
	x := Imports{Form: in, Programmes: Programmes(v, programmes), Preview: preview}
	for _, im := range rows {
		x.Rows = append(x.Rows, ImportRow{"/import/" + v.ID("imp", im.ID), v.Moment(im.CreatedAt), im.State, strconv.Itoa(im.LinesAccepted), strconv.Itoa(im.LinesRefused)})
	}
	return x
}

// NewImportPreview tells what files would do.
func NewImportPreview(p vouchers.ImportPreview, seen string) *ImportPreview {
	x := &ImportPreview{
		Seen: seen, Plans: strconv.Itoa(p.Plans), Lines: strconv.Itoa(p.Lines), Accepted: strconv.Itoa(p.Accepted), Refusals: strconv.Itoa(len(p.Refused)),
		Vouchers: strconv.Itoa(p.Vouchers), Amount: domain.FormatMoneyShort(p.Amount, "DKK"),
	}
	if p.Checked < p.Plans {
		x.Checked = strconv.Itoa(p.Checked)
	}
	x.Refused, x.More = refusalsShown(p.Refused)
	return x
}

func refusalsShown(lines []domain.ImportRefusal) (list []Refusal, more bool) {
	for _, l := range lines[:min(len(lines), shownRefusals)] {
		list = append(list, Refusal{"import.file." + l.File, strconv.Itoa(l.Line), l.Column, l.Reason})
	}
	return list, len(lines) > shownRefusals
}

// NewImportProgress tells how far an import has come.
func NewImportProgress(v View, im domain.Import, refusals []domain.ImportRefusal) ImportProgress {
	id := v.ID("imp", im.ID)
	x := ImportProgress{
		At: "/import/" + id, State: im.State, When: v.Moment(im.CreatedAt), Done: im.PlansDone, Total: im.PlansTotal, Accepted: strconv.Itoa(im.LinesAccepted), Refusals: strconv.Itoa(im.LinesRefused),
		Vouchers: strconv.Itoa(im.Vouchers), Amount: domain.FormatMoneyShort(im.Amount, "DKK"), Failure: im.Failure, Works: im.State == "queued" || im.State == "running",
		File: "/v1/imports/" + id + "/refusals?format=csv",
	}
	x.Gone = !x.Works && len(refusals) < im.LinesRefused
	x.Refused, x.More = refusalsShown(refusals)
	return x
}
