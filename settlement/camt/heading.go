package camt

import (
	"strings"
	"unicode"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement/markup"
)

// heading says which column stands where, by the names of Columns in the API.
type heading struct {
	at    map[string]int
	names []string
}

// column is one that a file may have.
type column struct {
	name   string   // as the API names it
	named  string   // the heading that the caller says it has; "" recognises it
	also   []string // headings of Danish banks, as plain gives them; the first that is there counts
	wanted bool
}

func (c Columns) list() []column {
	return []column{
		{"date", c.Date, []string{"bogfoeringsdato", "bogfoert_dato", "bogfoert", "posteringsdato", "dato", "date"}, true},
		{"amount", c.Amount, []string{"beloeb", "bogfoert_beloeb", "beloeb_dkk", "amount"}, true},
		{"balance", c.Balance, []string{"saldo", "bogfoert_saldo", "saldo_dkk", "balance"}, true},
		{"text", c.Text, []string{"tekst", "posteringstekst", "beskrivelse", "text"}, false},
		{"currency", c.Currency, []string{"valuta", "moentsort", "currency"}, false},
		{"end_to_end_id", c.EndToEndID, []string{"end_to_end_id", "endtoendid", "end_to_end_reference", "ende_til_ende_reference", "egen_reference"}, false},
		{"party", c.Party, []string{"navn", "modtagernavn", "modpart", "modtager", "name"}, false},
		{"party_iban", c.PartyIBAN, []string{"modtagers_iban", "modpart_iban", "iban", "modtagerkonto", "modkonto"}, false},
	}
}

// findHeading finds the heading among the first lines and gives what comes after it.
func findHeading(rows []row, columns Columns) (heading, []row, error) {
	list := columns.list()
	for i, r := range rows[:min(preamble, len(rows))] {
		h := heading{at: map[string]int{}, names: r.fields}
		for _, c := range list {
			at, err := c.find(r)
			if err != nil {
				return heading{}, nil, err
			}
			if at >= 0 {
				h.at[c.name] = at
			}
		}
		if _, dated := h.at["date"]; !dated {
			continue
		}
		if _, priced := h.at["amount"]; priced {
			return h, rows[i+1:], h.complete(list)
		}
	}
	return heading{}, nil, markup.Unreadable("heading_unknown", "no line of the first %d is a heading with a date and an amount, like Dato;Tekst;Beløb;Saldo: export the file with its heading, or name its columns: send column_date=…, column_amount=… and column_balance=… with the headings as they stand in the file", preamble)
}

// find gives where the column stands in the line, -1 when it does not.
func (c column) find(r row) (int, error) {
	wanted := c.also
	if c.named != "" {
		wanted = []string{plain(c.named)}
	}
	for _, name := range wanted {
		at := -1
		for i, field := range r.fields {
			if plain(field) != name {
				continue
			}
			if at >= 0 {
				return 0, domain.InvalidField("column_"+c.name, "column_twice", "line %d has two columns %s: keep one, or name another", r.line, markup.Shown(field))
			}
			at = i
		}
		if at >= 0 {
			return at, nil
		}
	}
	return -1, nil
}

// complete wants every column that must be there, or was named.
func (h heading) complete(list []column) error {
	var f domain.Fields
	for _, c := range list {
		_, there := h.at[c.name]
		switch {
		case there:
		case c.named != "":
			f.Add("column_"+c.name, "column_missing", "the file has no column %s: its columns are %s", markup.Shown(c.named), strings.Join(h.shown(), ", "))
		case c.wanted:
			f.Add("column_"+c.name, "column_missing", "the file has no column %s: export it too, or send column_%s=… with its heading", strings.Join(c.also, " or "), c.name)
		}
	}
	return f.Err()
}

func (h heading) shown() (names []string) {
	for _, name := range h.names[:min(20, len(h.names))] {
		names = append(names, markup.Shown(name))
	}
	return names
}

// plain brings headings to one form: small letters, ø as oe, and _ between words.
func plain(s string) string {
	s = strings.NewReplacer("æ", "ae", "ø", "oe", "å", "aa").Replace(strings.ToLower(s))
	return strings.Join(strings.FieldsFunc(s, func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) }), "_")
}

// entry reads a line.
func (h heading) entry(r row) (e Entry, balance int64, currency string, err error) {
	if len(r.fields) != len(h.names) {
		return e, 0, "", lineErrorf(r.line, "it has %d fields, the heading %d: export the file again", len(r.fields), len(h.names))
	}
	text := func(name string) string {
		at, there := h.at[name]
		if !there {
			return ""
		}
		return strings.Join(strings.Fields(r.fields[at]), " ")
	}
	for _, at := range h.at {
		if strings.ContainsFunc(r.fields[at], func(l rune) bool { return l == '\ufffd' || unicode.IsControl(l) && !unicode.IsSpace(l) }) {
			return e, 0, "", lineErrorf(r.line, "%s has a letter that cannot be read: export the file in UTF-8", markup.Shown(h.names[at]))
		}
	}
	var ok bool
	e = Entry{
		Line: r.line, Text: text("text"), EndToEndID: text("end_to_end_id"), Party: text("party"),
		PartyIBAN: strings.ToUpper(strings.ReplaceAll(text("party_iban"), " ", "")),
	}
	if e.BookedOn, ok = danishDate(text("date")); !ok {
		return e, 0, "", lineErrorf(r.line, "%q is no date: want dd-mm-yyyy", markup.Shown(text("date")))
	}
	if e.Amount, ok = danishAmount(text("amount")); !ok {
		return e, 0, "", lineErrorf(r.line, "%q is no amount: want 1.234,50 or -1234,50", markup.Shown(text("amount")))
	}
	if balance, ok = danishAmount(text("balance")); !ok {
		return e, 0, "", lineErrorf(r.line, "%q is no balance: want 1.234,50, and export only what is booked", markup.Shown(text("balance")))
	}
	if currency = text("currency"); currency != "" && (len(currency) != 3 || strings.Trim(currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "") {
		return e, 0, "", lineErrorf(r.line, "%q is no currency: want an ISO 4217 code like DKK", markup.Shown(currency))
	}
	e.shorten()
	return e, balance, currency, nil
}
