package vouchers

import (
	"slices"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	partners "github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/store"
)

// budgetsAgree compares how budgets stood, and what was outside any.
func (m *market) budgetsAgree(b truth, at domain.Date) {
	for _, year := range []int{2025, 2026, 2027} {
		table := must(m.BudgetFigures(m.t.Context(), m.money[0], BudgetQuery{At: at, BudgetFilter: BudgetFilter{Year: year}}))
		want := b.stood(year, at)
		require.Equal(m.t, want, m.waited(table.Rows, want), "budgets of %d at %s", year, at)
	}
}

// waited demands of rows that say what is missing that they say it of every award that
// waits for money, and gives them as they are without that, where want has them.
func (m *market) waited(rows, want []BudgetFigures) (plain []BudgetFigures) {
	var said Missing
	told := false
	for _, row := range rows {
		if row.Missing != nil {
			told, said.Awards, said.Amount = true, said.Awards+row.Missing.Awards, said.Amount+row.Missing.Amount
			row.Missing = nil
		}
		if row.Budget != nil || slices.ContainsFunc(want, func(w BudgetFigures) bool { return w == row }) {
			plain = append(plain, row)
		}
	}
	var waits Missing
	require.NoError(m.t, m.store.Read(m.t.Context(), m.home.MunicipalityID, func(tx *store.Tx) error {
		awards, err := store.All[domain.Award](tx, "", store.Is("state", domain.AwardProposed))
		for _, a := range awards {
			if a.WaitsForBudget() {
				waits.Awards, waits.Amount = waits.Awards+1, waits.Amount+a.Owed()-a.Reserved
			}
		}
		return err
	}))
	if told {
		require.Equal(m.t, waits, said)
	}
	return plain
}

// stood is how the budgets of a year stood, in the report's order.
func (b truth) stood(year int, at domain.Date) (rows []BudgetFigures) {
	for _, budget := range b.budgets {
		if budget.Year == year {
			rows = append(rows, BudgetFigures{Budget: &budget, ProgrammeID: budget.ProgrammeID, Currency: budget.Currency})
		}
	}
	slices.SortFunc(rows, func(a, b BudgetFigures) int { return slices.Compare(a.Budget.ID[:], b.Budget.ID[:]) })
	outside := map[domain.ID]*BudgetFigures{}
	for _, p := range b.postings {
		if p.BudgetID == nil && !at.Before(p.BookedOn) && outside[p.ProgrammeID] == nil {
			outside[p.ProgrammeID] = &BudgetFigures{ProgrammeID: p.ProgrammeID, Currency: p.Currency}
		}
	}
	for i := range rows {
		for _, c := range b.changes {
			if c.BudgetID == rows[i].Budget.ID && !at.Before(c.BookedOn) {
				rows[i].Appropriated += c.Amount
			}
		}
		b.on(&rows[i], at)
		rows[i].Left = rows[i].Appropriated - rows[i].Reserved - rows[i].Issued - rows[i].Redeemed - rows[i].Settled
	}
	var rest []BudgetFigures
	for _, row := range outside {
		b.on(row, at)
		rest = append(rest, *row)
	}
	slices.SortFunc(rest, func(a, b BudgetFigures) int { return slices.Compare(a.ProgrammeID[:], b.ProgrammeID[:]) })
	return append(rows, rest...)
}

// on fills in what stood on each account for a row.
func (b truth) on(row *BudgetFigures, at domain.Date) {
	stood := map[ledger.Account]int64{}
	for _, p := range b.postings {
		if row.owns(p) && !at.Before(p.BookedOn) {
			stood[p.Account] -= p.Amount
		}
	}
	row.Reserved, row.Issued, row.Redeemed, row.Settled, row.Lapsed = stood["reserved"], stood["outstanding"], stood["payable"], stood["settled"], stood["lapsed"]
}

// owns reports whether a posting is of a row.
func (f BudgetFigures) owns(p ledger.Posting) bool {
	if f.Budget != nil {
		return p.BudgetID != nil && *p.BudgetID == f.Budget.ID
	}
	return p.BudgetID == nil && p.ProgrammeID == f.ProgrammeID && p.Currency == f.Currency
}

// yearEndAgrees compares the report as if the year had ended on a day.
func (m *market) yearEndAgrees(b truth, ended, at domain.Date) {
	if at.Before(ended) {
		at = ended
	}
	y := YearEnd{Year: 2026, EndedOn: ended, At: at}
	require.NoError(m.t, m.town.store.Snapshot(m.t.Context(), m.home.MunicipalityID, func(tx *store.Tx) error { return y.read(tx) }))
	var want []YearEndRow
	for _, stood := range b.stood(2026, ended) {
		row, now := YearEndRow{BudgetFigures: stood}, stood
		b.on(&now, at)
		row.StillOutstanding, row.StillPayable = now.Issued, now.Redeemed
		row.SettledLater, row.LapsedLater = now.Settled-stood.Settled, now.Lapsed-stood.Lapsed
		for _, p := range b.postings {
			if !stood.owns(p) || !ended.Before(p.BookedOn) || at.Before(p.BookedOn) {
				continue
			}
			switch {
			case p.Event == "issue" && p.Account == "outstanding":
				row.IssuedLater -= p.Amount
			case p.Event == "void" && p.Account == "budget":
				row.VoidedLater -= p.Amount
			case p.Event == "disallow" && p.Account == "budget":
				row.RejectedLater -= p.Amount
			}
		}
		want = append(want, row)
	}
	require.Equal(m.t, want, y.Rows, "the year that ended on %s, at %s", ended, at)
}

// settlementsAgree compares what each settlement and each run says with its lines,
// and what the truth say of it with what was paid.
func (m *market) settlementsAgree(b truth) {
	all := must(m.office.Settlements(m.t.Context(), m.money[0], store.Page{Limit: 1000}, partners.Filter{}))
	amounts, counts, paid, ofRun := map[domain.ID]int64{}, map[domain.ID]int64{}, map[domain.ID]int64{}, map[domain.ID]int64{}
	for _, line := range b.lines {
		amounts[line.SettlementID] += line.Amount
		counts[line.SettlementID]++
		ofRun[line.RunID] += line.Amount
	}
	for _, p := range b.postings {
		if p.Account == ledger.Settled {
			paid[*p.SettlementID] -= p.Amount
		}
	}
	for _, s := range all.Rows {
		require.Equal(m.t, []int64{amounts[s.ID], counts[s.ID], amounts[s.ID] + s.CarriedIn}, []int64{s.Amount, s.Lines, s.Total}, s.Number)
		want := int64(0)
		if s.State == domain.SettlementPaid {
			want = s.Total
		}
		for _, c := range s.Corrections {
			want -= c.Amount
		}
		require.Equal(m.t, want, paid[s.ID], "%s is %s", s.Number, s.State)
	}
	for _, id := range m.runs {
		run := must(m.office.Run(m.t.Context(), m.money[0], id))
		require.Equal(m.t, ofRun[id], run.Sum.Amount, "run %d", run.Number)
	}
}
