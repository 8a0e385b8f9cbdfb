package api

import (
	"bytes"
	"context"
	"encoding/csv"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"

	"github.com/fasthold/fasthold/api/browsertest"
	"github.com/fasthold/fasthold/domain"
)

// shownTable is a table that a page shows: its lines of cells, and where its files are.
type shownTable struct {
	Lines      [][]string
	Excel, CSV string
}

// shownTables reads the tables that can be had as files.
func shownTables(t *testing.T, browser context.Context) (tables []shownTable) {
	t.Helper()
	browsertest.Run(t, browser, chromedp.Evaluate(`[...document.querySelectorAll("p.files")].map((files) => ({
		Lines: [...files.previousElementSibling.querySelectorAll("tr")].map((r) => [...r.cells].map((c) => c.textContent.trim())),
		Excel: files.querySelectorAll("a")[0].getAttribute("href"), CSV: files.querySelectorAll("a")[1].getAttribute("href"),
	}))`, &tables))
	require.NotEmpty(t, tables)
	return tables
}

// tablesOf reads all tables of a page, those that are not to be had as files too.
func tablesOf(t *testing.T, page string) (tables []shownTable) {
	t.Helper()
	files := false // are looked for
	for n := range ok(html.Parse(strings.NewReader(page))).Descendants() {
		switch {
		case n.DataAtom == atom.Table:
			tables, files = append(tables, shownTable{}), true
			if attribute(n, "class") == "table grid" { // others have more in a cell than a file's
				tables[len(tables)-1].Lines = cellsOf(n)
			}
		case n.DataAtom == atom.A && files && attribute(n.Parent, "class") == "files":
			last := &tables[len(tables)-1]
			if last.Excel == "" {
				last.Excel = attribute(n, "href")
				continue
			}
			last.CSV, files = attribute(n, "href"), false
		}
	}
	return tables
}

// cellsOf gives the words of a table's cells.
func cellsOf(table *html.Node) (lines [][]string) {
	for n := range table.Descendants() {
		switch n.DataAtom {
		case atom.Tr:
			lines = append(lines, nil)
		case atom.Td, atom.Th:
			var text strings.Builder
			for in := range n.Descendants() {
				if in.Type == html.TextNode {
					text.WriteString(in.Data)
				}
			}
			lines[len(lines)-1] = append(lines[len(lines)-1], strings.TrimSpace(text.String()))
		}
	}
	return lines
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

// sameAsFiles fetches the files of the page that is shown, as a link does, and demands
// that they say what its tables say.
func (w *world) sameAsFiles(t *testing.T, browser context.Context) {
	t.Helper()
	for _, shown := range shownTables(t, browser) {
		w.sameAsFile(t, domain.Finance, languageOf(t, browser), shown)
	}
}

// sameAsFile demands of a table that its files say what it says, in the language that it
// is in, and have its amounts as numbers.
func (w *world) sameAsFile(t *testing.T, role domain.Role, lang string, shown shownTable) {
	t.Helper()
	for format, at := range map[string]string{"csv": shown.CSV, "xlsx": shown.Excel} {
		at += "&lang=" + lang
		answer := w.opened(role, at)
		require.Equal(t, 200, answer.Code, "%s: %s", at, answer.Body)
		require.Regexp(t, `^attachment; filename="[a-z0-9-]+-20\d\d-\d\d-\d\d\.`+format+`"$`, answer.Header().Get("Content-Disposition"), at)
		lines := fileLines(t, format, answer.Body.Bytes())
		require.GreaterOrEqual(t, len(lines), len(shown.Lines), at)
		for i := range shown.Lines {
			for n, cell := range shown.Lines[i] {
				require.Equal(t, bare(cell), bare(lines[i][n]), "%s line %d", at, i)
				if strings.HasSuffix(cell, " kr.") && !strings.HasPrefix(at, "/invoices/") { // which has amounts among words
					require.Regexp(t, `^-?[\d,.]+$`, lines[i][n], at)
				}
			}
		}
	}
}

// languageOf gives the language of the page that is shown.
func languageOf(t *testing.T, browser context.Context) (lang string) {
	t.Helper()
	browsertest.Run(t, browser, chromedp.Evaluate(`document.documentElement.lang`, &lang))
	return lang
}

// fileLines reads a file as a spreadsheet does.
func fileLines(t *testing.T, format string, content []byte) (lines [][]string) {
	t.Helper()
	if format == "csv" {
		mark := []byte("\ufeff")
		require.True(t, bytes.HasPrefix(content, mark))
		r := csv.NewReader(bytes.NewReader(content[len(mark):]))
		r.Comma = ';'
		return ok(r.ReadAll())
	}
	book := ok(excelize.OpenReader(bytes.NewReader(content)))
	lines = ok(book.GetRows(book.GetSheetName(0)))
	for i := range lines { // which leaves out empty cells at the end
		lines[i] = append(lines[i], make([]string, len(lines[0])-len(lines[i]))...)
	}
	return lines
}

// bare is a cell without what only its form says: 1.234,50 kr. is 1,234.50, and
// 2 November 2026 10.05 is 02-11-2026 10:05:00.
func bare(cell string) string {
	cell = regexp.MustCompile(`^\d+ [A-Z][a-z]+ \d{4}`).ReplaceAllStringFunc(cell, func(text string) string {
		if day, err := time.Parse("2 January 2006", text); err == nil {
			return day.Format("02-01-2006")
		}
		return text
	})
	cell = regexp.MustCompile(`(\d{4} \d\d)[.:](\d\d)(:\d\d)?$`).ReplaceAllString(cell, "$1:$2")
	if !regexp.MustCompile(`^-?[\d.,]+( kr\.| [A-Z]{3})?$`).MatchString(cell) {
		return cell
	}
	return regexp.MustCompile(`[^-\d]`).ReplaceAllString(cell, "")
}
