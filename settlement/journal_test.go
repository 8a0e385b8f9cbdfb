package settlement

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement/journal"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

var novemberBooks = JournalPeriod{From: domain.Date{Year: 2026, Month: 11, Day: 1}, To: domain.Date{Year: 2026, Month: 11, Day: 30}, Currency: "DKK"}

func TestExportJournal(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		o := newOffice(t, s)
		at := time.Date(2026, 1, 2, 0, 0, 0, 0, time.UTC)
		programme := domain.Programme{MunicipalityID: o.home, ID: o.voucher.ProgrammeID, Slug: "move", TitleDA: "MOVE", TitleEN: "MOVE", CreatedAt: at}
		budget := domain.Budget{MunicipalityID: o.home, ID: store.NewID(), ProgrammeID: programme.ID, Year: 2026, Currency: "DKK", Amount: 1_000_000, Changes: 1, Version: 1, CreatedAt: at}
		o.writes(&programme, &budget)
		free := o.voucher
		o.voucher.BudgetID = &budget.ID
		first := o.redeemed(0, 3, 12_345)
		o.takenBack(first, 4)
		o.redeemedAt(free, 1, time.Date(2026, 11, 4, 12, 0, 0, 0, time.UTC), 7_000)
		o.redeemedAt(free, 1, time.Date(2026, 12, 1, 8, 0, 0, 0, time.UTC), 1_000) // another month

		f, err := o.JournalFormat(t.Context(), o.checker)
		require.NoError(t, err)
		require.Equal(t, JournalFormat{Layout: journal.First()}, f)
		_, err = o.ExportJournal(t.Context(), o.maker, novemberBooks)
		require.Equal(t, []string{"account_strings.outstanding required", "account_strings.payable required"}, fields(err))
		_, err = o.ExportJournal(t.Context(), o.maker, JournalPeriod{From: today, To: today.AddDays(-1), Currency: "DKK"})
		require.Equal(t, []string{"to before_from"}, fields(err))

		l := journal.First()
		l.Columns = []journal.Column{{Heading: "Dato", Source: "booked_on"}, {Heading: "Konto", Source: "account_string"}, {Heading: "Debet", Source: "debit"}, {Heading: "Kredit", Source: "credit"},
			{Heading: "Ordning", Source: "programme"}, {Heading: "Butik", Source: "partner"}, {Heading: "År", Source: "budget_year"}}
		l.AccountStrings = map[string]string{"outstanding": "{budget}.1", "payable": "9.52.59"}
		_, err = o.UpdateJournalFormat(t.Context(), o.maker, 1, l)
		refused(t, err, "stale")
		f, err = o.UpdateJournalFormat(t.Context(), o.maker, 0, l)
		require.NoError(t, err)
		require.Equal(t, 1, f.Number)
		_, err = o.ExportJournal(t.Context(), o.maker, novemberBooks)
		require.ElementsMatch(t, []string{"budgets[MOVE 2026].account_string required", "without_budget required"}, fields(err))
		o.does(func(tx *store.Tx) error {
			return store.Change[domain.Budget](tx, map[string]any{"account_string": "5.38.45"}, store.Is("id", budget.ID))
		})
		l.WithoutBudget = "5.38.00"
		_, err = o.UpdateJournalFormat(t.Context(), o.maker, 1, l)
		require.NoError(t, err)
		require.Equal(t, "\ufeff"+strings.Join([]string{
			"Dato;Konto;Debet;Kredit;Ordning;Butik;År",
			"03-11-2026;5.38.45.1;123,45;;MOVE;;2026", "03-11-2026;9.52.59;;123,45;MOVE;Butik 1;2026",
			"04-11-2026;9.52.59;123,45;;MOVE;Butik 1;2026", "04-11-2026;5.38.45.1;;123,45;MOVE;;2026",
			"04-11-2026;5.38.00.1;70,00;;MOVE;;", "04-11-2026;9.52.59;;70,00;MOVE;Butik 2;",
			"I alt;;316,90;316,90;;;", "",
		}, "\r\n"), o.exported())

		l.Summed, l.Events, l.Foot, l.Headings = true, []string{"reverse"}, false, false
		_, err = o.UpdateJournalFormat(t.Context(), o.checker, 2, l)
		require.NoError(t, err)
		require.Equal(t, "\ufeff04-11-2026;9.52.59;123,45;;MOVE;Butik 1;2026\r\n04-11-2026;5.38.45.1;;123,45;MOVE;;2026\r\n", o.exported())
		l.Columns = nil
		_, err = o.UpdateJournalFormat(t.Context(), o.checker, 3, l)
		require.Equal(t, []string{"columns out_of_range"}, fields(err))
	})
}

// exported gives the journal of November.
func (o office) exported() string {
	o.t.Helper()
	file, err := o.ExportJournal(o.t.Context(), o.checker, novemberBooks)
	require.NoError(o.t, err)
	var out bytes.Buffer
	require.NoError(o.t, file.Write(&out))
	return out.String()
}
