package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"

	"github.com/fasthold/fasthold/api"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest/leaks"
	"github.com/fasthold/fasthold/vouchers"
	"github.com/fasthold/fasthold/vouchers/table"
)

// A process that is killed (kill -9) loses nothing that it acknowledged, and
// leaves nothing half done.
func TestKilled(t *testing.T) {
	binary := filepath.Join(t.TempDir(), "fasthold")
	out, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, ".").CombinedOutput()
	require.NoError(t, err, string(out))
	t.Run("import", func(t *testing.T) {
		eachDatabase(t, func(t *testing.T, e environment) { killedImport(t, e, binary) })
	})
	t.Run("redemptions", func(t *testing.T) {
		eachDatabase(t, func(t *testing.T, e environment) { killedServer(t, e, binary) })
	})
	t.Run("export", func(t *testing.T) {
		eachDatabase(t, func(t *testing.T, e environment) { killedExport(t, e, binary) })
	})
	t.Run("settlement", func(t *testing.T) {
		eachDatabase(t, func(t *testing.T, e environment) { killedSettlement(t, e, binary) })
	})
}

// killable starts the program as a process of its own.
func (e environment) killable(t *testing.T, binary string, args ...string) (*exec.Cmd, *output) {
	t.Helper()
	said := &output{}
	process := exec.CommandContext(t.Context(), binary, args...)
	process.Stderr = io.MultiWriter(said, leaks.Log)
	for name, value := range e {
		process.Env = append(process.Env, name+"="+value)
	}
	require.NoError(t, process.Start())
	return process, said
}

// kill kills it as the machine's loss of power would.
func kill(t *testing.T, process *exec.Cmd) {
	t.Helper()
	require.NoError(t, process.Process.Kill())
	require.Error(t, process.Wait())
}

func killedImport(t *testing.T, e environment, binary string) {
	e.must(t, "municipality", "create", "Varde Kommune")
	args, file := importing(t, exportFolder)
	process, said := e.killable(t, binary, args...)
	s := openSite(t, e)
	m, err := s.municipality(t.Context(), "")
	require.NoError(t, err)
	require.Eventually(t, func() bool {
		l, err := s.Imports(t.Context(), system(m.MunicipalityID, "test"), store.Page{Limit: 1})
		return err == nil && len(l.Rows) == 1 && l.Rows[0].PlansDone > 100
	}, time.Minute, 5*time.Millisecond, "%s", said)
	kill(t, process)

	require.Contains(t, e.must(t, "verify"), "no differences", "half an import is whole plans")
	require.Contains(t, e.must(t, args...), "finished the import of")
	require.Len(t, column(t, file, "line"), 24)
	requireExport(t, e)
	require.Contains(t, e.must(t, "verify"), "no differences")
}

func killedServer(t *testing.T, e environment, binary string) {
	e["FASTHOLD_LISTEN"] = "127.0.0.1:0"
	s := openSite(t, e)
	built, home := buildInto(t, e, s, time.Now())
	load := &load{token: built.Tokens[domain.PartnerRole], codes: codes(t, s, home)}

	process, said := e.killable(t, binary, "serve")
	load.address.Store(listening(t, said))
	clients, stop := load.start(t.Context())
	require.Eventually(t, func() bool { return load.count() > 200 }, time.Minute, 5*time.Millisecond, "%s", said)
	kill(t, process)

	process, said = e.killable(t, binary, "serve")
	load.address.Store(listening(t, said)) // the clients try again what was not answered
	before := load.count()
	require.Eventually(t, func() bool { return load.count() > before+50 }, time.Minute, 5*time.Millisecond, "%s", said)
	stop()
	clients.Wait()
	require.NoError(t, process.Process.Signal(os.Interrupt))
	require.NoError(t, process.Wait(), "%s", said)

	times, numbers := map[string]int{}, map[string]int{}
	for r := range pages(t, func(r vouchers.RedemptionRecord) domain.ID { return r.ID }, func(page store.Page) (vouchers.Listed[vouchers.RedemptionRecord], error) {
		return s.Redemptions(t.Context(), home, page, vouchers.RedemptionFilter{})
	}) {
		times[r.ClientRedemptionID+" "+api.RedemptionID(r.ID).String()]++
		numbers[r.TerminalID.String()+r.ClientRedemptionID]++
	}
	for number, n := range numbers {
		require.Equal(t, 1, n, number)
	}
	for number, id := range load.acknowledged {
		require.Equal(t, 1, times[number+" "+id], "%s was acknowledged as %s", number, id)
	}
	require.Contains(t, e.must(t, "verify"), "no differences")
}

// An export that a killed server was making is no file to anybody, and is made
// anew by the next one, as whole as if nothing had been.
func killedExport(t *testing.T, e environment, binary string) {
	e["FASTHOLD_LISTEN"], e["TMPDIR"] = "127.0.0.1:0", t.TempDir()
	s := openSite(t, e)
	_, home := buildInto(t, e, s, time.Now())
	finance := domain.Actor{MunicipalityID: home.MunicipalityID, Role: domain.Finance, Person: "okonomi@varde.dk"}
	var half domain.Export
	for half.State != domain.ExportRunning { // it may be done before it is killed: then the next one
		process, said := e.killable(t, binary, "serve")
		listening(t, said)
		asked, err := s.StartExport(t.Context(), finance, store.Key{}, vouchers.ExportRequest{What: "postings", Format: table.XLSX})
		require.NoError(t, err)
		require.Eventually(t, func() bool {
			half, err = s.Export(t.Context(), finance, asked.Value.ID)
			return err == nil && half.State != domain.ExportQueued
		}, time.Minute, time.Millisecond, "%s", said)
		kill(t, process)
		half, err = s.Export(t.Context(), finance, asked.Value.ID)
		require.NoError(t, err)
	}
	_, _, err := s.ExportFile(t.Context(), finance, half.ID)
	require.Equal(t, "export_not_done", domain.CodeOf(err))
	change(t, e, "UPDATE exports SET run_until = created_at WHERE state = 'running'") // a minute later

	process, said := e.killable(t, binary, "serve")
	listening(t, said)
	require.Eventually(t, func() bool {
		half, err = s.Export(t.Context(), finance, half.ID)
		return err == nil && half.State == domain.ExportDone
	}, time.Minute, 50*time.Millisecond, "%s", said)
	require.NoError(t, process.Process.Signal(os.Interrupt))
	require.NoError(t, process.Wait(), "%s", said)
	require.Equal(t, 2, half.Runs)
	_, file, err := s.ExportFile(t.Context(), finance, half.ID)
	require.NoError(t, err)
	book, err := excelize.OpenReader(file)
	require.NoError(t, err)
	rows, err := book.GetRows(book.GetSheetName(0))
	require.NoError(t, err)
	require.Positive(t, half.RowsTotal)
	require.Len(t, rows, int(half.RowsTotal)+1)
	require.NoError(t, errors.Join(book.Close(), file.Close()))
	left, err := os.ReadDir(e["TMPDIR"])
	require.NoError(t, err)
	require.Empty(t, left)
}

// load is clients that redeem a little at a time.
type load struct {
	token        string
	codes        []string // one a client
	address      atomic.Value
	mu           sync.Mutex
	acknowledged map[string]string // redemption ID by the client's own number
}

func (l *load) count() int {
	l.mu.Lock()
	defer l.mu.Unlock()
	return len(l.acknowledged)
}

func (l *load) start(ctx context.Context) (*sync.WaitGroup, func()) {
	l.acknowledged = map[string]string{}
	ctx, cancel := context.WithCancel(ctx)
	clients := &sync.WaitGroup{}
	for i, code := range l.codes {
		clients.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				number := fmt.Sprintf("till-%d-%d", i, n)
				for ctx.Err() == nil && !l.redeem(ctx, code, number) {
					time.Sleep(5 * time.Millisecond) // no answer: ask the same again
				}
			}
		})
	}
	return clients, cancel
}

// redeem redeems one øre and reports whether that was acknowledged.
func (l *load) redeem(ctx context.Context, code, number string) bool {
	body := fmt.Sprintf(`{"code":%q,"amount":1,"client_redemption_id":%q}`, code, number)
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, l.address.Load().(string)+"/v1/redemptions", strings.NewReader(body))
	if err != nil {
		return false
	}
	r.Header.Set("Authorization", "Bearer "+l.token)
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", number)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return false
	}
	defer func() { _ = answer.Body.Close() }()
	var redemption struct {
		ID string `json:"id"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&redemption); err != nil || answer.StatusCode != http.StatusCreated {
		return false
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.acknowledged[number] = redemption.ID
	return true
}

// codes are the codes of eight unspent vouchers.
func codes(t *testing.T, s *site, home domain.Actor) (codes []string) {
	t.Helper()
	l, err := s.Vouchers(t.Context(), home, store.Page{Limit: 8}, vouchers.VoucherFilter{State: domain.Issued})
	require.NoError(t, err)
	require.Len(t, l.Rows, 8)
	for _, v := range l.Rows {
		_, secret, err := s.Reveal(t.Context(), home, "getVoucherCode", v.ID)
		require.NoError(t, err)
		codes = append(codes, secret.Reveal())
	}
	return codes
}
