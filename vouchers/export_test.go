package vouchers

import (
	"bytes"
	"cmp"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/vouchers/table"
)

// asked has an export made for the finance department, and gives its lines.
func (d desk) asked(t testing.TB, in ExportRequest) [][]string {
	t.Helper()
	finance := d.as(domain.Finance)
	e, err := d.StartExport(t.Context(), finance, Key{}, in)
	require.NoError(t, err)
	require.Equal(t, domain.ExportQueued, e.Value.State)
	n, err := d.RunExports(t.Context(), d.home.MunicipalityID)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	done, file, err := d.ExportFile(t.Context(), finance, e.Value.ID)
	require.NoError(t, err)
	require.Equal(t, "Europe/Copenhagen", done.CreatedAt.Location().String(), "its name says the day there")
	content, err := io.ReadAll(file)
	require.NoError(t, err)
	require.NoError(t, file.Close())
	require.EqualValues(t, done.Bytes, len(content))
	lines := parsed(t, in.Format, content)
	require.EqualValues(t, len(lines)-1, done.RowsTotal)
	require.Equal(t, done.RowsTotal, done.RowsDone)
	return lines
}

func parsed(t testing.TB, format string, content []byte) (lines [][]string) {
	t.Helper()
	if format == table.CSV {
		lines, err := csv.NewReader(bytes.NewReader(content)).ReadAll()
		require.NoError(t, err)
		return lines
	}
	book, err := excelize.OpenReader(bytes.NewReader(content))
	require.NoError(t, err)
	sheets := book.GetSheetList()
	require.Equal(t, "Om filen", sheets[len(sheets)-1])
	lines, err = book.GetRows(sheets[0], excelize.Options{RawCellValue: true})
	require.NoError(t, err)
	for i := range lines { // which leaves out empty cells at the end
		lines[i] = append(lines[i], make([]string, len(lines[0])-len(lines[i]))...)
	}
	return lines
}

// Both formats have the same rows, as many as there are, under the same heading.
func TestExports(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		y := newYear(t, s)
		_, secret := y.earn(t, "P-4", y.second)
		r := y.redeemed(t, y.shop, secret, 100)
		_, err := y.Reverse(t.Context(), y.shop, Key{}, r.ID, "fortrudt")
		require.NoError(t, err)
		rows := map[string]int64{}
		for _, what := range slices.Sorted(maps.Keys(exportKinds)) {
			in := ExportRequest{What: what, Format: table.CSV}
			if what == "report" {
				in.Filters = ExportFilters{Figure: "spend", GroupBy: "partner"}
			}
			lines := y.asked(t, in)
			require.Equal(t, exportKinds[what].heading, lines[0])
			in.Format = table.XLSX
			book := y.asked(t, in)
			require.Len(t, book, len(lines))
			for n, column := range lines[0] {
				require.Equal(t, exportWords[column].DA, book[0][n], column)
				require.NotEmpty(t, book[0][n], column)
				for i := range lines[1:] {
					require.Equal(t, shortest(y.inBook(t, what, column, lines[i+1][n])), shortest(book[i+1][n]), "%s %s", what, column)
				}
			}
			rows[what] = int64(len(lines) - 1)
		}
		require.NoError(t, s.Read(t.Context(), y.home.MunicipalityID, func(tx *store.Tx) error {
			for what, count := range map[string]func() (int64, error){
				"postings": func() (int64, error) { return store.Count[ledger.Posting](tx) }, "vouchers": func() (int64, error) { return store.Count[domain.Voucher](tx) },
				"redemptions": func() (int64, error) { return store.Count[domain.Redemption](tx) }, "reversals": func() (int64, error) { return store.Count[domain.Reversal](tx) },
				"awards": func() (int64, error) { return store.Count[domain.Award](tx) },
			} {
				n, err := count()
				require.NoError(t, err)
				require.Positive(t, n, what)
				require.Equal(t, n, rows[what], what)
			}
			return nil
		}))
		march := y.asked(t, ExportRequest{What: "redemptions", Format: table.CSV, Filters: ExportFilters{From: date("2026-03-31"), To: date("2026-03-31")}})
		require.Len(t, march, 2, "what was redeemed a second before midnight at the site, and not the one a second after")
		spent := y.asked(t, ExportRequest{What: "postings", Format: table.CSV, Filters: ExportFilters{Account: ledger.Payable, From: date("2026-04-01"), To: date("2026-04-01")}})
		require.Len(t, spent, 2)
		require.Equal(t, "-2000", spent[1][slices.Index(PostingHeading, "amount")])
	})
}

// inBook is what a workbook has in the place of what a program reads in CSV: names
// for IDs, words for codes, kroner for øre, and days and times that can be added up and sorted.
func (y year) inBook(t *testing.T, what, column, text string) string {
	t.Helper()
	codes := map[string]string{"account": "account", "event": "event", "state": strings.TrimSuffix(what, "s") + "_state", "run_state": "run_state", "group": "group", "figure": "figure", "kind": map[string]string{"awards": "award_kind", "settlement_lines": "line_kind"}[what]}
	places := func(f float64) string { return strconv.FormatFloat(f, 'f', 8, 64) }
	names := map[string]string{}
	require.NoError(t, y.Service.store.Read(t.Context(), y.home.MunicipalityID, func(tx *store.Tx) error {
		all, err := exportedNames(tx, "")
		for id, name := range all {
			for _, prefix := range []string{"prg", "unt", "prt"} {
				names[table.ID(prefix, id)] = name
			}
		}
		return err
	}))
	switch {
	case text == "":
		return ""
	case names[text] != "" && column != "key":
		return names[text]
	case codes[column] != "":
		return cmp.Or(codesIn("")[table.Code{Of: codes[column], Text: text}], "no word for "+text)
	case slices.Contains([]string{"amount", "balance", "balance_after", "granted"}, column):
		minor, err := strconv.ParseInt(text, 10, 64)
		require.NoError(t, err)
		return places(float64(minor) / 100)
	}
	from := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
	if day, err := domain.ParseDate(text); err == nil {
		return places(day.In(time.UTC).Sub(from).Hours() / 24)
	}
	if at, err := time.Parse(time.RFC3339Nano, text); err == nil {
		at = at.In(must(time.LoadLocation(y.home.TimeZone)))
		_, offset := at.Zone()
		return places(at.Truncate(time.Second).Add(time.Duration(offset)*time.Second).Sub(from).Seconds() / 86400)
	}
	return text
}

// shortest writes what is one as short as it can be.
func shortest(cell string) string {
	if f, err := strconv.ParseFloat(cell, 64); err == nil {
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return cell
}

// A file says of when it is in its name, and a workbook on its last sheet too, in the
// language of who asked.
func TestExportSaysOfWhen(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		y := newYear(t, s)
		f := ExportFilters{Figure: "spend", GroupBy: "unit", From: date("2026-01-01"), At: date("2026-06-30"), UnitID: y.unit.ID, Lang: "en"}
		sheet, err := y.exportSheet(t.Context(), domain.Export{MunicipalityID: y.home.MunicipalityID, What: "report", Format: table.XLSX, CreatedAt: y.time.now()}, exportKinds["report"], f)
		require.NoError(t, err)
		require.Equal(t, "Spend", sheet.Name)
		require.Equal(t, []string{"Grouped by", "Key", "Name", "Figure", "Amount", "Currency", "Vouchers", "From", "As of"}, sheet.Heading)
		require.Subset(t, sheet.Facts, [][2]string{{"From", "1 January 2026"}, {"As of", "30 June 2026"}, {"Unit", y.unit.Name}, {"Grouped by", "Unit"}})
		require.Equal(t, "spend-by-unit-2026-01-01-2026-06-30.xlsx", ExportFileName(domain.Export{What: "report", Format: "xlsx"}, f))
		require.Equal(t, "vouchers-2026-03-01.csv", ExportFileName(domain.Export{What: "vouchers", Format: "csv", CreatedAt: time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)}, ExportFilters{}))
		for what, kind := range exportKinds {
			if what != "report" {
				require.NotEmpty(t, exportNames[what].DA, what)
			}
			for _, column := range append(kind.filters, kind.heading...) {
				require.NotEmpty(t, exportWords[column].EN, column)
			}
		}
	})
}

// A settlement line says whose run it is of and how far that is, by the names of the API.
func TestExportedLines(t *testing.T) {
	l := domain.SettlementLine{RunID: store.NewID(), SettlementID: store.NewID()}
	cells := linesOf{map[domain.ID]string{l.SettlementID: "2026-0001-01"}, map[domain.ID]domain.RunState{l.RunID: domain.RunReversed}}.cells(l)
	require.Equal(t, []any{table.ID("srn", l.RunID), "2026-0001-01", table.Code{Of: "run_state", Text: "reversed"}}, []any{cells[1], cells[14], cells[15]})
	require.Len(t, cells, len(lineHeading))
}

func TestExportRefused(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s)
		finance, id := d.as(domain.Finance), store.NewID()
		for _, c := range []struct {
			in          ExportRequest
			field, code string
		}{
			{ExportRequest{Format: "csv"}, "what", "unknown"},
			{ExportRequest{What: "postings", Format: "pdf"}, "format", "unknown"},
			{ExportRequest{What: "reversals", Format: "csv", Filters: ExportFilters{UnitID: id}}, "filters.unit_id", "unknown_field"},
			{ExportRequest{What: "vouchers", Format: "csv", Filters: ExportFilters{From: date("2026-02-01"), To: date("2026-01-01")}}, "filters.from", "contradiction"},
		} {
			_, err := d.StartExport(t.Context(), finance, Key{}, c.in)
			named(t, err, c.field, c.code)
		}
		forbidden(t, d, map[domain.Action]func(domain.Actor) error{
			"startExport": func(a domain.Actor) error {
				return second(d.StartExport(t.Context(), a, Key{}, ExportRequest{What: "postings", Format: "csv"}))
			},
			"getExport":   func(a domain.Actor) error { return second(d.Export(t.Context(), a, id)) },
			"listExports": func(a domain.Actor) error { return second(d.Exports(t.Context(), a, ten)) },
			"getExportFile": func(a domain.Actor) error {
				_, _, err := d.ExportFile(t.Context(), a, id)
				return err
			},
		})
		for range mostWaiting - 1 { // one is there already
			_, err := d.StartExport(t.Context(), finance, Key{}, ExportRequest{What: "postings", Format: "csv"})
			require.NoError(t, err)
		}
		_, err := d.StartExport(t.Context(), finance, Key{}, ExportRequest{What: "postings", Format: "csv"})
		require.Equal(t, "too_many_exports", domain.CodeOf(err))
	})
}

// An export is its asker's, in the role in which they asked; it goes after a day.
func TestExportIsOnesOwn(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s)
		finance := d.as(domain.Finance)
		colleague, auditing := finance, finance
		colleague.Person, auditing.Role = "anden@varde.dk", domain.Auditor
		e, err := d.StartExport(t.Context(), finance, Key{}, ExportRequest{What: "vouchers", Format: "csv"})
		require.NoError(t, err)
		_, _, err = d.ExportFile(t.Context(), finance, e.Value.ID)
		require.Equal(t, "export_not_done", domain.CodeOf(err))
		_, err = d.RunExports(t.Context(), d.home.MunicipalityID)
		require.NoError(t, err)
		for _, other := range []domain.Actor{colleague, auditing} {
			_, err := d.Export(t.Context(), other, e.Value.ID)
			require.Equal(t, domain.NotFound, domain.KindOf(err))
			_, _, err = d.ExportFile(t.Context(), other, e.Value.ID)
			require.Equal(t, domain.NotFound, domain.KindOf(err))
			l, err := d.Exports(t.Context(), other, ten)
			require.NoError(t, err)
			require.Empty(t, l.Rows)
		}
		l, err := d.Exports(t.Context(), finance, ten)
		require.NoError(t, err)
		require.Len(t, l.Rows, 1)
		d.time.add(exportKept)
		n, err := d.SweepExports(t.Context(), d.home.MunicipalityID)
		require.NoError(t, err)
		require.Zero(t, n, "kept for a whole day")
		d.time.add(time.Second)
		n, err = d.SweepExports(t.Context(), d.home.MunicipalityID)
		require.NoError(t, err)
		require.Equal(t, 1, n)
		_, _, err = d.ExportFile(t.Context(), finance, e.Value.ID)
		require.Equal(t, "export_deleted", domain.CodeOf(err))
		require.NoError(t, s.Read(t.Context(), d.home.MunicipalityID, func(tx *store.Tx) error {
			left, err := store.Count[domain.ExportChunk](tx)
			require.Zero(t, left)
			return err
		}))
	})
}

// A run that was stopped is taken over once it has been silent for long enough,
// and makes the whole file anew; one that only seemed to be can add no more.
func TestExportTakenOver(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s)
		finance, home := d.as(domain.Finance), d.home.MunicipalityID
		exportKinds := func(n int, at func(int)) exportKind {
			return exportKind{heading: []string{"n"}, count: func(*store.Tx, ExportFilters) (int64, error) { return int64(n), nil },
				each: func(_ *store.Tx, _ ExportFilters, row func(cells ...any) error) error {
					for i := range n {
						at(i)
						if err := row(fmt.Sprint(store.NewID(), store.NewID())); err != nil {
							return err
						}
					}
					return nil
				}}
		}
		e, err := d.StartExport(t.Context(), finance, Key{}, ExportRequest{What: "vouchers", Format: "csv"})
		require.NoError(t, err)
		ctx, stop := context.WithCancel(t.Context())
		claimed, found, err := d.claimExport(ctx, home)
		require.NoError(t, err)
		require.True(t, found)
		err = d.makeExport(ctx, &claimed, exportKinds(60_000, func(i int) {
			if i == 50_000 {
				stop()
			}
		}), ExportFilters{})
		require.ErrorIs(t, err, context.Canceled)
		half, err := d.Export(t.Context(), finance, e.Value.ID)
		require.NoError(t, err)
		require.Equal(t, []any{domain.ExportRunning, int64(60_000)}, []any{half.State, half.RowsTotal})
		require.GreaterOrEqual(t, half.RowsDone, int64(40_000), "it says how far it is")
		n, err := d.RunExports(t.Context(), home)
		require.NoError(t, err)
		require.Zero(t, n, "the other run may be alive")
		d.time.add(exportLease + time.Second)
		n, err = d.RunExports(t.Context(), home)
		require.NoError(t, err)
		require.Equal(t, 1, n)
		require.ErrorIs(t, s.Work(t.Context(), claimed, &domain.ExportChunk{MunicipalityID: home, ExportID: claimed.ID, Number: 99, Content: []byte("x")}), store.ErrOvertaken)
		require.ErrorIs(t, d.endExport(t.Context(), claimed, ""), store.ErrOvertaken)
		done, file, err := d.ExportFile(t.Context(), finance, e.Value.ID)
		require.NoError(t, err)
		content, err := io.ReadAll(file)
		require.NoError(t, err)
		require.Len(t, parsed(t, "csv", content), 1, "the heading, and nothing of the run before")
		require.Equal(t, 2, done.Runs)
	})
}

// Where the disk is full, whoever asked is told so at once, and nothing is left
// of it.
func TestExportWithoutRoom(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s)
		finance, home := d.as(domain.Finance), d.home.MunicipalityID
		e, err := d.StartExport(t.Context(), finance, Key{}, ExportRequest{What: "vouchers", Format: "xlsx"})
		require.NoError(t, err)
		claimed, found, err := d.claimExport(t.Context(), home)
		require.NoError(t, err)
		require.True(t, found)
		require.NoError(t, s.Work(t.Context(), claimed, &domain.ExportChunk{MunicipalityID: home, ExportID: claimed.ID, Number: 1, Content: []byte("half")}))
		full := &pgconn.PgError{Code: "53100"}
		require.ErrorIs(t, d.failedExport(t.Context(), claimed, fmt.Errorf("read: %w", full)), full, "who runs it is told too")
		failed, err := d.Export(t.Context(), finance, e.Value.ID)
		require.NoError(t, err)
		require.Equal(t, domain.ExportFailed, failed.State)
		require.Contains(t, failed.Failure, "disk is full")
		_, _, err = d.ExportFile(t.Context(), finance, e.Value.ID)
		require.ErrorContains(t, err, "disk is full")
		require.NoError(t, s.Read(t.Context(), home, func(tx *store.Tx) error {
			left, err := store.Count[domain.ExportChunk](tx)
			require.Zero(t, left)
			return err
		}))
	})
}

// A voucher's row names the budget that paid for it.
func TestExportNamesBudget(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newStory(t, s)
		d.earn(t, "P-1", d.move)
		b := d.budget(t, d.move.ID, 100_000)
		d.earn(t, "P-2", d.move)
		rows := d.asked(t, ExportRequest{What: "vouchers", Format: table.CSV})
		require.Len(t, rows, 3)
		column := slices.Index(rows[0], "budget_id")
		require.Empty(t, rows[1][column])
		require.Equal(t, id("bdg", b.ID), rows[2][column])
	})
}
