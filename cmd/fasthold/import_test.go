package main

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers"
)

// The real export, and what an independent program says of it.
const (
	exportFolder   = "../../testdata/export/"
	exportVouchers = 2_800
	exportAmount   = 56_000_000
	exportSentence = "2,800 vouchers, 560,000.00 DKK issued; "
)

// importing is the command that takes an export in, and the file that gets the
// refused lines.
func importing(t *testing.T, folder string) (args []string, refused string) {
	refused = filepath.Join(t.TempDir(), "refused.csv")
	return []string{
		"import", "--plans", filepath.Join(folder, "planer.csv"), "--attendance", filepath.Join(folder, "fremmoede.csv"),
		"--programme", "move-2026", "--adopted-by", "Byrådet", "--in-force-from", "2025-11-01", "--refused", refused,
	}, refused
}

func TestImport(t *testing.T) {
	eachDatabase(t, func(t *testing.T, e environment) {
		e.must(t, "municipality", "create", "Varde Kommune")
		args, file := importing(t, exportFolder)
		said := e.must(t, args...)
		require.Contains(t, said, exportSentence)
		require.Contains(t, said, "24 lines refused")
		require.Equal(t, column(t, exportFolder+"expected_rejects.csv", "line"), column(t, file, "line"))
		for _, line := range column(t, file, "line") {
			require.Contains(t, said, "refused fremmoede.csv line "+line+", ")
		}
		requireExport(t, e)

		require.Contains(t, e.must(t, args...), "0 vouchers, 0.00 DKK issued", "a second run has no effect")
		requireExport(t, e)
		require.Contains(t, e.must(t, "verify"), "no differences")
	})
}

func TestImportInAnyOrder(t *testing.T) {
	folder := t.TempDir()
	for _, name := range []string{"planer.csv", "fremmoede.csv"} {
		text, err := os.ReadFile(exportFolder + name)
		require.NoError(t, err)
		lines := bytes.SplitAfter(bytes.TrimSuffix(text, []byte("\r\n")), []byte("\r\n"))
		lines[len(lines)-1] = append(lines[len(lines)-1], "\r\n"...)
		rand.Shuffle(len(lines)-1, func(i, j int) { lines[i+1], lines[j+1] = lines[j+1], lines[i+1] })
		require.NoError(t, os.WriteFile(filepath.Join(folder, name), bytes.Join(lines, nil), 0o600))
	}
	eachDatabase(t, func(t *testing.T, e environment) {
		e.must(t, "municipality", "create", "Varde Kommune")
		args, file := importing(t, folder)
		require.Contains(t, e.must(t, args...), exportSentence)
		require.Len(t, column(t, file, "line"), 24)
		requireExport(t, e)
	})
}

func TestImportHelpsNewcomers(t *testing.T) {
	e := newEnvironment("sqlite:" + filepath.Join(t.TempDir(), "new.db"))
	args, _ := importing(t, exportFolder)
	plain := args[:7] // as far as the programme
	require.Contains(t, e.fails(t, plain...), "fasthold migrate up")
	e.must(t, "migrate", "up")
	require.Contains(t, e.fails(t, plain...), `fasthold municipality create "`)
	e.must(t, "municipality", "create", "Varde Kommune")
	require.Contains(t, e.fails(t, plain...), "--adopted-by Byrådet --in-force-from 2025-11-01")
	require.Contains(t, e.fails(t, append(slices.Clone(plain), "--adopted-by", "Byrådet", "--in-force-from", "31-12-2025")...), "want YYYY-MM-DD")
	require.Contains(t, e.fails(t, append(slices.Clone(plain[:6]), "nosuch")...), "move-2026")
	require.Contains(t, e.fails(t, append(slices.Clone(plain[:6]), "nosuch.yaml")...), "--programme")
	require.Contains(t, e.fails(t, "import", "--programme", "move-2026"), "--plans")
	require.Contains(t, e.fails(t, "import", "--programme", "move-2026", "--plans", "nosuch.csv"), "nosuch.csv")
	require.Contains(t, e.fails(t, "import", "--programme", "move-2026", "--plans", "import_test.go", "--adopted-by", "X", "--in-force-from", "2026-01-01"), "plan")

	delete(e, "FASTHOLD_CODE_KEYS")
	require.Contains(t, e.fails(t, plain...), "fasthold keys new")
}

func TestRefusedCellsAreNoFormulas(t *testing.T) {
	file := filepath.Join(t.TempDir(), "refused.csv")
	for _, cell := range []string{"=1+1", "+1", "-1", "@x", "\tx"} {
		require.NoError(t, writeRefused(file, []domain.ImportRefusal{{File: "a.csv", Line: 2, Reason: cell}}))
		require.Equal(t, []string{"'" + cell}, column(t, file, "reason"))
	}
}

// requireExport asserts that the database holds what the export is owed, plan
// by plan.
func requireExport(t *testing.T, e environment) {
	t.Helper()
	s := openSite(t, e)
	m, err := s.municipality(t.Context(), "")
	require.NoError(t, err)
	actor := system(m.MunicipalityID, "test")
	plans := map[domain.ID]string{}
	for p := range pages(t, func(p domain.Plan) domain.ID { return p.ID }, func(page store.Page) (vouchers.Listed[domain.Plan], error) {
		return s.Plans(t.Context(), actor, page, vouchers.PlanFilter{})
	}) {
		plans[p.ID] = p.Reference
	}
	planOf := map[domain.ID]string{}
	for e := range pages(t, func(e domain.Enrolment) domain.ID { return e.ID }, func(page store.Page) (vouchers.Listed[domain.Enrolment], error) {
		return s.Enrolments(t.Context(), actor, page, vouchers.EnrolmentFilter{})
	}) {
		planOf[e.ID] = plans[e.PlanID]
	}
	count, amount := map[string]int{}, map[string]int64{}
	for a := range pages(t, func(a domain.Award) domain.ID { return a.ID }, func(page store.Page) (vouchers.Listed[domain.Award], error) {
		return s.Awards(t.Context(), actor, page, vouchers.AwardFilter{})
	}) {
		count[planOf[a.EnrolmentID]]++
		amount[planOf[a.EnrolmentID]] += a.Granted
	}
	var expected, got []string
	names, counts, amounts := column(t, exportFolder+"expected_awards.csv", "plan"), column(t, exportFolder+"expected_awards.csv", "vouchers"), column(t, exportFolder+"expected_awards.csv", "amount_minor")
	for i, name := range names {
		expected = append(expected, name+" "+counts[i]+" "+amounts[i])
		got = append(got, name+" "+strconv.Itoa(count[name])+" "+strconv.FormatInt(amount[name], 10))
	}
	require.Equal(t, expected, got)
	b, err := s.Balances(t.Context(), actor, domain.Date{})
	require.NoError(t, err)
	booked := map[ledger.Account]vouchers.Balance{}
	for _, balance := range b {
		booked[balance.Account] = balance
	}
	require.Equal(t, int64(exportAmount), booked[ledger.Budget].Amount, "spent from the budget")
	require.Equal(t, int64(exportVouchers), booked[ledger.Outstanding].Vouchers)
	require.Zero(t, booked[ledger.Reserved].Amount, "nothing waits")
}

// pages gives every row of a list.
func pages[T any](t *testing.T, id func(T) domain.ID, list func(store.Page) (vouchers.Listed[T], error)) func(func(T) bool) {
	return func(yield func(T) bool) {
		page := store.Page{Limit: pageSize}
		for {
			l, err := list(page)
			require.NoError(t, err)
			for _, row := range l.Rows {
				if !yield(row) {
					return
				}
				page.After = id(row)
			}
			if !l.More {
				return
			}
		}
	}
}

// column reads one column of a CSV file.
func column(t *testing.T, file, name string) (cells []string) {
	t.Helper()
	text, err := os.ReadFile(file)
	require.NoError(t, err)
	rows, err := csv.NewReader(bytes.NewReader(text)).ReadAll()
	require.NoError(t, err)
	at := slices.Index(rows[0], name)
	require.GreaterOrEqual(t, at, 0, fmt.Sprint(rows[0]))
	for _, row := range rows[1:] {
		cells = append(cells, row[at])
	}
	return cells
}
