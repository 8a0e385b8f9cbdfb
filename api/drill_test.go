package api

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// TestDrill: finance and auditors come from every figure of every report to exactly
// the postings that it is the sum of, from each of these to its voucher, from that
// to its award and from that to why it was earned, by what the answers say alone;
// and no answer on the way says who it was.
func TestDrill(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		w.marked()
		w.spent()
		for _, role := range []domain.Role{domain.Finance, domain.Auditor} {
			d := &drill{t: t, w: w, role: role, read: map[string]entry{}, followed: map[string]bool{}, kinds: map[string]int{}}
			for _, address := range w.figured() {
				d.report(address)
			}
			d.runs()
			require.Greater(t, d.figures, 300)
			for _, kind := range []string{"reserve", "release", "issue", "redeem", "reverse", "expire", "void", "reissue", "disallow", "pay", "bounce", "milestone", "by_hand", "carried", "correction", "redemption", "reversal"} {
				require.NotZero(t, d.kinds[kind], kind)
			}
		}
	})
}

// entry is JSON's.
type entry = map[string]any

// drill follows figures to what is behind them.
type drill struct {
	t        *testing.T
	w        *world
	role     domain.Role
	read     map[string]entry // by address
	followed map[string]bool  // what was seen to lead on, by its ID
	kinds    map[string]int
	figures  int
	at       string // the last day of the report at hand
	debit    bool   // whether the report at hand says how much is debited
}

// get reads an address, once; nobody is named there.
func (d *drill) get(address string) entry {
	if known, there := d.read[address]; there {
		return known
	}
	answer := d.w.send(d.role, httptest.NewRequestWithContext(d.t.Context(), "GET", address, nil))
	require.Equal(d.t, 200, answer.Code, "%s: %s", address, answer.Body)
	for _, mark := range []string{"Zitronella", "Quistorff", "310395", "28472847", "Zqsag", "Qzmål", "cit_", "Anna Eksempel", "241203", "20304050", "20 30 40 50"} {
		require.NotContains(d.t, answer.Body.String(), mark, address)
	}
	var body entry
	require.NoError(d.t, json.Unmarshal(answer.Body.Bytes(), &body))
	d.read[address] = body
	return body
}

// list reads all pages of an address.
func (d *drill) list(address string) (rows []entry) {
	for cursor := ""; ; {
		page := d.get(address + cursor)
		for _, row := range page["data"].([]any) {
			rows = append(rows, row.(entry))
		}
		if page["has_more"] != true {
			return rows
		}
		cursor = "&cursor=" + text(page["next_cursor"])
	}
}

// one reads what has an ID, and follows it the first time.
func (d *drill) one(collection string, id any, follow func(entry)) entry {
	thing := d.get(base + collection + text(id))
	if !d.followed[text(id)] {
		d.followed[text(id)] = true
		follow(thing)
	}
	return thing
}

func text(v any) string  { s, _ := v.(string); return s }
func number(v any) int64 { n, _ := v.(float64); return int64(n) }

// report follows all that a report says.
func (d *drill) report(address string) {
	report := d.get(base + d.w.here(address))
	d.debit = strings.HasPrefix(address, "/balances") || strings.HasPrefix(address, "/closings")
	d.at = text(report["at"])
	if ended := text(report["ended_on"]); ended != "" {
		d.at = ended
	}
	d.walk(address, report, nil)
}

// walk finds every figure, and every address, in what a report says.
func (d *drill) walk(where string, v any, siblings []any) {
	switch v := v.(type) {
	case []any:
		for _, one := range v {
			d.walk(where, one, v)
		}
	case entry:
		for key, inside := range v {
			switch {
			case key == "totals" && v["ended_on"] != nil: // of the year-end report, without postings
			case key == "postings_url":
				d.figure(where, v, siblings)
			case key == "lapsed_postings_url":
				d.adds(where, text(inside), -number(v["lapsed_amount"]))
			case key == "changes_url":
				d.appropriated(where, v)
			default:
				require.False(d.t, strings.HasSuffix(key, "_url"), "%s: nobody follows %s", where, key)
				d.walk(where+" "+key, inside, nil)
			}
		}
		if name := text(v["figure"]); name != "" && v["amount"] != nil && v["postings_url"] == nil {
			require.True(d.t, name == "appropriated" || name == "left" && number(v["amount"]) == 0, "%s: %v leads nowhere", where, v)
		}
	}
}

// figure demands that the postings behind a figure sum to it.
func (d *drill) figure(where string, v entry, siblings []any) {
	want := v["amount"]
	if want == nil {
		want = v["total"]
	}
	require.NotNil(d.t, want, "%s: %v", where, v)
	sum := -number(want)
	switch {
	case d.debit:
		sum = number(want)
	case v["figure"] == "left": // what is taken off appropriated
		sum = number(want) - number(siblings[0].(entry)["amount"])
	}
	rows := d.adds(where, text(v["postings_url"]), sum)
	if v["average_amount"] != nil {
		require.EqualValues(d.t, v["vouchers"], len(rows), "%s: one posting for each voucher", where)
	}
}

// adds demands a sum of the postings at an address, and follows each.
func (d *drill) adds(where, address string, want int64) []entry {
	rows, sum := d.list(address+"&limit=100"), int64(0)
	for _, p := range rows {
		sum += number(p["amount"])
		if !d.followed[text(p["id"])] {
			d.followed[text(p["id"])] = true
			d.posting(p)
		}
	}
	require.Equal(d.t, want, sum, "%s: %s", where, address)
	if sum != 0 {
		d.figures++
	}
	return rows
}

// appropriated demands that the changes until the day sum to a budget's money.
func (d *drill) appropriated(where string, v entry) {
	sum := int64(0)
	for _, change := range d.list(text(v["changes_url"]) + "?limit=100") {
		if text(change["booked_on"]) <= d.at {
			sum += number(change["amount"])
		}
	}
	require.Equal(d.t, number(v["amount"]), sum, where)
}

// posting leads to its voucher, to its award, or to the settlement that it pays.
func (d *drill) posting(p entry) {
	d.kinds[text(p["event"])]++
	switch {
	case p["voucher_id"] != nil:
		d.voucher(p["voucher_id"])
	case p["award_id"] != nil:
		d.award(p["award_id"])
	default:
		d.payment(p)
	}
	if reference := text(p["reference_id"]); strings.HasPrefix(reference, "scn") {
		found := false
		for _, c := range corrections(d.get(base + "/settlements/" + text(p["settlement_id"]))) {
			found = found || c["id"] == reference
		}
		require.True(d.t, found, "%v", p)
	}
	for prefix, collection := range map[string]string{"rdm": "/redemptions/", "hld": "/settlement-holds/"} {
		if reference := text(p["reference_id"]); strings.HasPrefix(reference, prefix) {
			d.get(base + collection + reference)
		}
	}
}

func (d *drill) voucher(id any) {
	d.one("/vouchers/", id, func(v entry) { d.award(v["award_id"]) })
}

// award says why: the rule, the visits that it rests on and the version of the
// programme, or for one given by hand who proposed it and where it is evidenced.
func (d *drill) award(id any) {
	d.one("/awards/", id, func(a entry) {
		d.kinds[text(a["kind"])]++
		if a["kind"] == "by_hand" {
			require.NotEmpty(d.t, a["evidence"])
			require.NotEmpty(d.t, a["proposed_by"])
			return
		}
		why := a["explanation"].(entry)
		require.NotEmpty(d.t, why["text"])
		require.NotEmpty(d.t, why["rule"])
		require.NotEmpty(d.t, why["opportunities"])
		d.get(base + "/versions/" + text(why["version_id"]))
		sum := int64(0)
		for _, p := range d.list(base + "/postings?account=outstanding&limit=100&award_id=" + text(id)) {
			if p["event"] == "issue" {
				sum -= number(p["amount"])
			}
		}
		require.Equal(d.t, number(a["granted"]), sum, "what was issued for %s", id)
	})
}

// payment demands that a posting of a payment, or of one that came back, is what the
// lines of its settlement, and of those carried into it, sum to.
func (d *drill) payment(p entry) {
	key := func(v entry) string { return fmt.Sprint(v["programme_id"], v["unit_id"], v["budget_id"]) }
	sum := int64(0)
	for _, line := range d.lines(p["settlement_id"]) {
		if key(line) == key(p) {
			sum += number(line["amount"])
		}
	}
	if (p["event"] == "pay") == (p["account"] == "settled") {
		sum = -sum
	}
	require.Equal(d.t, sum, number(p["amount"]), "%v", p)
}

// corrections are those of a settlement.
func corrections(s entry) (list []entry) {
	all, _ := s["corrections"].([]any)
	for _, c := range all {
		list = append(list, c.(entry))
	}
	return list
}

// lines are those of a settlement and of those that were carried into it, the other way
// round where a correction takes one off; each leads to its redemption and its voucher,
// and they sum to what the settlement says.
func (d *drill) lines(id any) []entry {
	s, sum, carried := d.one("/settlements/", id, func(entry) {}), int64(0), int64(0)
	lines := d.list(base + "/settlements/" + text(id) + "/lines?limit=100")
	for _, line := range lines {
		sum += number(line["amount"])
		d.kinds[text(line["kind"])]++
		d.voucher(line["voucher_id"])
		require.Equal(d.t, line["voucher_id"], d.get(base + "/redemptions/" + text(line["redemption_id"]))["voucher_id"])
	}
	require.Equal(d.t, number(s["lines"]), int64(len(lines)))
	require.Equal(d.t, number(s["amount"]), sum)
	for _, earlier := range d.list(base + "/settlements?limit=100&carried_into_id=" + text(id)) {
		if earlier["carried_into_id"] == id {
			d.kinds["carried"]++
			carried += number(earlier["total"])
			lines = append(lines, d.lines(earlier["id"])...)
		}
		for _, c := range corrections(earlier) {
			if c["carried_into_id"] != id {
				continue
			}
			d.kinds["correction"]++
			carried += number(c["amount"])
			for _, line := range d.lines(earlier["id"]) {
				line = maps.Clone(line)
				if number(c["amount"]) < 0 {
					line["amount"] = -line["amount"].(float64)
				}
				lines = append(lines, line)
			}
		}
	}
	if s["state"] != "draft" { // which takes it over when it is approved
		require.Equal(d.t, number(s["carried_in"]), carried)
	}
	require.Equal(d.t, number(s["total"]), number(s["amount"])+number(s["carried_in"]))
	return lines
}

// runs demands that each run is the sum of its settlements, and that each of these
// is in the books what was paid of it.
func (d *drill) runs() {
	for _, run := range d.list(base + "/settlement-runs?limit=100") {
		amount, lines := int64(0), int64(0)
		for _, s := range d.list(base + "/settlements?limit=100&settlement_run_id=" + text(run["id"])) {
			amount, lines = amount+number(s["amount"]), lines+number(s["lines"])
			d.lines(s["id"])
			paid := int64(0)
			if s["state"] == "paid" {
				paid = -number(s["total"])
			}
			for _, c := range corrections(s) {
				paid += number(c["amount"])
			}
			d.adds(text(s["id"]), base+"/postings?account=settled&settlement_id="+text(s["id"]), paid)
		}
		require.Equal(d.t, number(run["amount"]), amount)
		require.Equal(d.t, number(run["lines"]), lines)
	}
}
