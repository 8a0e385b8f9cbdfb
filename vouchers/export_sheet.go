package vouchers

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers/table"
)

// exportSheet is what stands above and beside the rows of an export's file: in CSV
// the names of the columns, for programs; in a workbook words, for people.
func (s *Service) exportSheet(ctx context.Context, e domain.Export, kind exportKind, f ExportFilters) (sheet table.Sheet, err error) {
	if sheet.Heading = kind.heading; e.Format == table.CSV {
		return sheet, nil
	}
	err = s.store.Read(ctx, e.MunicipalityID, func(tx *store.Tx) error {
		sheet, err = s.bookSheet(tx, f.kind(e.What), kind.heading, f)
		return err
	})
	return sheet, err
}

// bookSheet is the sheet of a workbook with rows of a kind.
func (s *Service) bookSheet(tx *store.Tx, kind string, heading []string, f ExportFilters) (sheet table.Sheet, err error) {
	in := func(t rules.Text) string { return inLang(f.Lang, t) }
	sheet.Name, sheet.About = in(exportNames[kind]), in(aboutFile)
	for _, column := range heading {
		sheet.Heading = append(sheet.Heading, in(exportWords[column]))
	}
	if sheet.Site, err = tx.Zone(); err != nil {
		return sheet, err
	}
	if sheet.Names, err = exportedNames(tx, f.Lang); err != nil {
		return sheet, err
	}
	sheet.Words = codesIn(f.Lang)
	m, err := store.First[domain.Municipality](tx)
	made := domain.DateOf(s.now(), sheet.Site)
	sheet.Facts = append([][2]string{{in(exportWords["municipality"]), m.Name}, {in(exportWords["contents"]), sheet.Name}, {in(exportWords["made_on"]), dateIn(f.Lang, made)}}, f.facts(kind, sheet)...)
	return sheet, err
}

// kind is what an export is called after: a report after its figure.
func (f ExportFilters) kind(what string) string {
	if what == "report" {
		return f.Figure
	}
	return what
}

// facts tell what narrows the rows.
func (f ExportFilters) facts(kind string, sheet table.Sheet) (list [][2]string) {
	code := func(of, text string) string { return sheet.Words[table.Code{Of: of, Text: text}] }
	values := map[string]string{
		"from": dateIn(f.Lang, f.From), "to": dateIn(f.Lang, f.To), "at": dateIn(f.Lang, f.At), "unit_id": sheet.Names[f.UnitID], "programme_id": sheet.Names[f.ProgrammeID], "partner_id": sheet.Names[f.PartnerID],
		"account": code("account", string(f.Account)), "event": code("event", string(f.Event)), "state": code(strings.TrimSuffix(kind, "s")+"_state", f.State), "currency": f.Currency,
		"group_by": code("group", f.GroupBy), "figure": code("figure", f.Figure),
	}
	for _, name := range f.given() {
		if value := values[name]; value != "" {
			list = append(list, [2]string{inLang(f.Lang, exportWords[name]), value})
		}
	}
	return list
}

// exportedNames are what units, programmes and partners are called.
func exportedNames(tx *store.Tx, lang string) (map[domain.ID]string, error) {
	n, err := readNames(tx)
	all := map[domain.ID]string{}
	for of, title := range n.Programmes {
		all[of] = inLang(lang, title)
	}
	maps.Copy(all, n.Units)
	maps.Copy(all, n.Partners)
	return all, err
}

// ExportFileName is what to call an export's file: what is in it, of when, and when it was made
// where it is of no day, in the time zone of that.
func ExportFileName(e domain.Export, f ExportFilters) string {
	parts := []string{f.kind(e.What)}
	if f.GroupBy != "" {
		parts = append(parts, "by", f.GroupBy)
	}
	days := slices.DeleteFunc([]domain.Date{f.From, f.To, f.At}, domain.Date.IsZero)
	if len(days) == 0 {
		days = []domain.Date{domain.DateOf(e.CreatedAt, e.CreatedAt.Location())}
	}
	for _, day := range days {
		parts = append(parts, day.String())
	}
	return strings.Join(parts, "-") + "." + e.Format
}

func inLang(lang string, t rules.Text) string {
	if lang == "en" {
		return t.EN
	}
	return t.DA
}

func dateIn(lang string, day domain.Date) string {
	switch {
	case day.IsZero():
		return ""
	case lang == "en":
		return day.English()
	}
	return day.Danish()
}
