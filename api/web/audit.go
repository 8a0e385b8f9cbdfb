package web

import (
	"encoding/json"
	"fmt"
	"net/url"
	"strings"
	"time"
	"unicode"

	"github.com/fasthold/fasthold/domain"
)

// Log is what the page called log shows: who did what.
type Log struct {
	Asked    url.Values
	Actions  []Option
	Subjects []Option
	Grid     Grid
	Next     string
	None     bool // nothing has that reference
}

// Entry is a line of the audit log as a page has it.
type Entry struct {
	domain.AuditEntry
	ID, Subject string // as addresses have them; Subject is "" for none
	Detail      json.RawMessage
}

// NewLog makes the page. Older is where older lines are; "": there are none.
func NewLog(v View, asked url.Values, rows []Entry, older string) Log {
	l := Log{Asked: asked, Next: older, Actions: v.choices("audit.do_", "audit.any_action"), Subjects: v.choices("audit.of_", "audit.any_subject")}
	l.Grid = Grid{Name: Text(v.Lang, "audit.title"), Heads: v.heads("audit.when", "audit.did", "audit.subject", "audit.who", "audit.role")}
	for _, e := range rows {
		l.Grid.Rows = append(l.Grid.Rows, []Cell{v.moment(e.CreatedAt, "/audit/"+e.ID), word(v.did(e.Action)), v.subject(e), word(v.by(e.Person)), word(v.word("audit.role_", string(e.Role)))})
	}
	return l
}

// choices are what the catalogue has words for under keys that begin with prefix, in the
// order of those words, behind one that means all.
func (v View) choices(prefix, all string) []Option {
	var options []Option
	for key := range catalogue {
		if name, ok := strings.CutPrefix(key, prefix); ok {
			options = append(options, Option{name, Text(v.Lang, key)})
		}
	}
	sortOptions(options)
	return append([]Option{{"", Text(v.Lang, all)}}, options...)
}

// did says what was done.
func (v View) did(action string) string { return v.word("audit.do_", Snake(action)) }

// Snake is an action as the catalogue has it: adopt_version for adoptVersion.
func Snake(action string) string {
	var b strings.Builder
	for i, r := range action {
		if unicode.IsUpper(r) {
			if i > 0 && !unicode.IsUpper(rune(action[i-1])) {
				b.WriteByte('_')
			}
			r = unicode.ToLower(r)
		}
		b.WriteRune(r)
	}
	return b.String()
}

// capitals are parts of actions that have more than one capital.
var capitals = strings.NewReplacer("Pin", "PIN", "Qrpng", "QRPNG", "Qrsvg", "QRSVG")

// Action is the reverse of Snake; "" for what the catalogue has no words for.
func Action(snake string) string {
	if !Has("audit.do_" + snake) {
		return ""
	}
	first, rest, _ := strings.Cut(snake, "_")
	for part := range strings.SplitSeq(rest, "_") {
		if part != "" {
			first += capitals.Replace(strings.ToUpper(part[:1]) + part[1:])
		}
	}
	return first
}

// by says who did it.
func (v View) by(person string) string {
	if job, ok := strings.CutPrefix(person, "system:"); ok {
		return Text(v.Lang, "audit.system") + " (" + job + ")"
	}
	return person
}

// subjectPages are where things are that have a page for who reads the log.
var subjectPages = map[string]string{
	"voucher": "/records/vouchers/", "award": "/records/awards/", "budget": "/budgets/", "closing": "/closings/", "settlement": "/runs/settlements/", "settlement_run": "/runs/",
	"invoice": "/invoices/", "bank_entry": "/bank/entries/",
}

// subject says what an entry is about, and leads there.
func (v View) subject(e Entry) Cell {
	text := v.word("audit.of_", e.Object)
	if e.Subject == "" {
		return word(text)
	}
	cell := word(text + " …" + tail(e.Subject))
	if at := subjectPages[e.Object]; at != "" {
		cell.Link = at + e.Subject
	}
	return cell
}

// LogEntry is what the page of one entry shows.
type LogEntry struct{ Facts, Detail []Fact }

// NewLogEntry makes it.
func NewLogEntry(v View, e Entry) LogEntry {
	shown := LogEntry{Facts: v.facts("audit.when", v.moment(e.CreatedAt, ""), "audit.did", word(v.did(e.Action)), "audit.subject", v.subject(e), "audit.who", word(v.by(e.Person)),
		"audit.role", word(v.word("audit.role_", string(e.Role))), "audit.request", word(e.RequestID))}
	var detail map[string]any
	d := json.NewDecoder(strings.NewReader(string(e.Detail)))
	d.UseNumber()
	if d.Decode(&detail) != nil {
		return shown
	}
	for _, name := range sortedKeys(detail) {
		if text := v.told(name, detail[name]); text != "" {
			shown.Detail = append(shown.Detail, Fact{detailName(name), word(text)})
		}
	}
	return shown
}

// amounts are the names in an entry's detail that are of money, in minor units. Every
// other number counts something.
var amounts = map[string]bool{
	"amount": true, "before": true, "after": true, "appropriated": true, "balance": true, "closing": true, "granted": true, "total": true,
	"most_per_voucher": true, "most_per_hour": true, "most_per_day": true, "most_per_month": true,
	"automatic_most": true, "leader_most": true, "leader_grant": true, "caseworker_grant": true, "own_caseload": true, "above": true,
}

// told writes a value of an entry's detail.
func (v View) told(name string, value any) string {
	switch x := value.(type) {
	case nil:
		return ""
	case string:
		if at, err := time.Parse(time.RFC3339Nano, x); err == nil {
			return moment(at, v.Site, v.Lang)
		}
		if day, err := domain.ParseDate(x); err == nil {
			return v.Date(day)
		}
		return x
	case json.Number:
		if minor, err := x.Int64(); err == nil && amounts[name] {
			return strings.TrimSuffix(domain.FormatMoney(minor, "DKK"), " kr.")
		}
		return x.String()
	case []any:
		return v.listed(len(x), "; ", func(i int) string { return v.told(name, x[i]) })
	case map[string]any:
		names := sortedKeys(x)
		return v.listed(len(names), ", ", func(i int) string { return detailName(names[i]) + " " + v.told(names[i], x[names[i]]) })
	}
	return fmt.Sprint(value)
}

// listed writes n values after each other.
func (v View) listed(n int, between string, each func(i int) string) string {
	texts := make([]string, n)
	for i := range texts {
		texts[i] = each(i)
	}
	return strings.Join(texts, between)
}

// detailName is what a value of an entry's detail is called.
func detailName(name string) string { return strings.ReplaceAll(name, "_", " ") }
