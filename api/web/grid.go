package web

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
	"github.com/fasthold/fasthold/vouchers/table"
)

// Grid is a table of figures, as a page shows it and as a file has it.
type Grid struct {
	Name  string // of the table, and of the file's sheet
	Heads []Head
	Rows  [][]Cell
	Foot  [][]Cell // totals
	Files *Files   // nil: it is not to be had as a file
}

// Head is what a column is called.
type Head struct {
	Text   string
	Number bool
}

// Cell is one of its cells.
type Cell struct {
	Text     string
	Link     string // where what is behind it is; "": nowhere
	Number   bool
	Whole    bool   // it is not broken over lines
	Value    any    // what a file has: of the kinds of table.Writer
	Currency string // of an amount; a file has it in a column of its own
}

// Files are where the same rows are as files.
type Files struct{ CSV, Excel string }

// FilesAt are those at an address, asked for as the page is, and for these values by
// their names.
func FilesAt(path string, asked url.Values, values ...string) *Files {
	at := func(format string) string { return Asking(path, asked, append(values, "format", format)...) }
	return &Files{CSV: at(table.CSV), Excel: at(table.XLSX)}
}

// Asking is an address that asks for what a page was asked for, but from the first row
// on, and for these values by their names.
func Asking(path string, asked url.Values, values ...string) string {
	query := url.Values{}
	for name := range asked {
		if text := asked.Get(name); text != "" && !slices.Contains([]string{"lang", "said", "format", "cursor"}, name) {
			query.Set(name, text)
		}
	}
	for pair := range slices.Chunk(values, 2) {
		query.Set(pair[0], pair[1])
	}
	return path + "?" + query.Encode()
}

// heads makes a heading: of a column of numbers the key begins with "#".
func (v View) heads(keys ...string) (heads []Head) {
	for _, key := range keys {
		number := key[0] == '#'
		if number {
			key = key[1:]
		}
		heads = append(heads, Head{Text(v.Lang, key), number})
	}
	return heads
}

func word(text string) Cell            { return Cell{Text: text, Value: text} }
func linked(text, address string) Cell { return Cell{Text: text, Link: address, Value: text} }

func amount(minor int64, currency, address string) Cell {
	c := Cell{Text: domain.FormatMoney(minor, currency), Number: true, Value: table.Money(minor), Currency: currency}
	if minor != 0 { // behind nothing is nothing
		c.Link = address
	}
	return c
}

func count(n int64) Cell {
	return Cell{Text: strconv.FormatInt(n, 10), Number: true, Value: n}
}

func (v View) day(d domain.Date, address string) Cell {
	return Cell{Text: v.Date(d), Link: address, Whole: true, Value: d}
}

func (v View) moment(at time.Time, address string) Cell {
	return Cell{Text: moment(at, v.Site, v.Lang), Link: address, Whole: true, Value: at}
}

// Books is how those see the books who keep and check them.
type Books struct {
	View
	Names  vouchers.Names
	Behind func(vouchers.PostingFilter) url.Values // the query of the postings that a figure is the sum of
}

// behind is where the postings are that a figure is the sum of.
func (b Books) behind(f vouchers.PostingFilter) string {
	if f == (vouchers.PostingFilter{}) {
		return ""
	}
	return Asking("/postings", b.Behind(f))
}

// programme is what a programme is called.
func (b Books) programme(id domain.ID) string {
	return b.In(b.Names.Programmes[id])
}

// unit is what a unit is called; for none, what all units are.
func (b Books) unit(id *domain.ID) string {
	if id == nil {
		return Text(b.Lang, "books.all_units")
	}
	return b.Names.Units[*id]
}

// partner is what a partner is called; "" for none.
func (b Books) partner(id *domain.ID) string {
	if id == nil {
		return ""
	}
	return b.Names.Partners[*id]
}

// options are things to choose among, by name, with one for all of them.
func (b Books) options(prefix, all string, names map[domain.ID]string) []Option {
	options := make([]Option, 0, len(names)+1)
	for id, name := range names {
		options = append(options, Option{b.ID(prefix, id), name})
	}
	sortOptions(options)
	if all == "" {
		return options
	}
	return append([]Option{{"", Text(b.Lang, all)}}, options...)
}

// titles are the programmes' names in the reader's language.
func (b Books) titles() map[domain.ID]string {
	titles := make(map[domain.ID]string, len(b.Names.Programmes))
	for id, t := range b.Names.Programmes {
		titles[id] = b.In(t)
	}
	return titles
}

func sortOptions(options []Option) {
	slices.SortFunc(options, func(a, b Option) int {
		return cmp.Or(strings.Compare(a.Text, b.Text), strings.Compare(a.Value, b.Value))
	})
}

// sortedKeys are the keys of a map in order.
func sortedKeys[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
