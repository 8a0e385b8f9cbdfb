package main

import (
	"context"
	"io"
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest/leaks"
	"github.com/fasthold/fasthold/vouchers"
)

func TestServe(t *testing.T) {
	eachDatabase(t, func(t *testing.T, e environment) {
		s := openSite(t, e)
		// The demo of a year ago: nearly all its vouchers have lapsed since.
		built, home := buildInto(t, e, s, time.Now().AddDate(-1, 0, -2))
		server := serving(t, e)

		require.Equal(t, http.StatusOK, get(t, server.address+"/readyz", ""))
		t.Run("expires vouchers", func(t *testing.T) {
			require.Eventually(t, func() bool {
				l, err := s.Vouchers(t.Context(), home, store.Page{Limit: pageSize}, vouchers.VoucherFilter{State: domain.Issued})
				return err == nil && len(l.Rows) == 0
			}, time.Minute, 50*time.Millisecond)
			server.log.wait(t, "vouchers expired")
		})
		t.Run("takes in imports", func(t *testing.T) {
			programmes, err := s.Programmes(t.Context(), home, store.Page{Limit: 1}, "")
			require.NoError(t, err)
			attendance, err := os.ReadFile(exportFolder + "expected_rejects.csv")
			require.NoError(t, err)
			_, err = s.StartImport(t.Context(), home, vouchers.Key{}, vouchers.Export{ProgrammeID: programmes.Rows[0].ID, Attendance: attendance})
			require.Equal(t, domain.Invalid, domain.KindOf(err), "no attendance file")
			plans := []byte("plan;borger;foedt;enhed;startdato;ordning\nP-9;B-9;01-01-2000;Ungeenheden;01-06-2026;move-2026\n")
			im, err := s.StartImport(t.Context(), home, vouchers.Key{}, vouchers.Export{ProgrammeID: programmes.Rows[0].ID, Plans: plans})
			require.NoError(t, err)
			require.Eventually(t, func() bool {
				im, err := s.Import(t.Context(), home, im.Value.ID)
				return err == nil && im.State == "done" && im.PlansDone == 1
			}, time.Minute, 50*time.Millisecond)
		})

		// A request in flight is finished before the server ends.
		body, sending := io.Pipe()
		r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, server.address+"/v1/voucher-checks", body)
		require.NoError(t, err)
		r.Header.Set("Authorization", "Bearer "+built.Tokens[domain.PartnerRole])
		r.Header.Set("Content-Type", "application/json")
		answered := make(chan int, 1)
		go func() {
			answer, err := http.DefaultClient.Do(r)
			if err != nil {
				answered <- 0
				return
			}
			_ = answer.Body.Close()
			answered <- answer.StatusCode
		}()
		_, err = io.WriteString(sending, `{"code":`)
		require.NoError(t, err)
		time.Sleep(100 * time.Millisecond) // until the server reads the body
		server.cancel()
		server.log.wait(t, "stopping")
		_, err = io.WriteString(sending, `"1234"}`)
		require.NoError(t, err)
		require.NoError(t, sending.Close())
		require.Equal(t, http.StatusNotFound, <-answered)
		require.NoError(t, <-server.ended)
	})
}

func TestServeNeeds(t *testing.T) {
	e := newEnvironment("sqlite:" + t.TempDir() + "/new.db")
	require.Contains(t, e.fails(t, "serve"), "fasthold migrate up")
	e["FASTHOLD_LISTEN"] = "127.0.0.1:99999"
	require.Contains(t, e.fails(t, "serve", "--migrate"), "FASTHOLD_LISTEN")
	e["FASTHOLD_TRUSTED_PROXIES"] = "x"
	require.Contains(t, e.fails(t, "serve"), "FASTHOLD_TRUSTED_PROXIES")
	delete(e, "FASTHOLD_CODE_KEYS")
	said := e.fails(t, "serve")
	require.Contains(t, said, "FASTHOLD_CODE_KEYS")
	require.Contains(t, said, "fasthold keys new")
}

// served is a server at work in this process.
type served struct {
	address string
	log     *output
	cancel  context.CancelFunc
	ended   chan error
}

func serving(t *testing.T, e environment) served {
	t.Helper()
	e["FASTHOLD_LISTEN"] = "127.0.0.1:0"
	ctx, cancel := context.WithCancel(t.Context())
	s := served{log: &output{}, cancel: cancel, ended: make(chan error, 1)}
	go func() { s.ended <- run(ctx, []string{"serve"}, e.get, io.Discard, io.MultiWriter(s.log, leaks.Log)) }()
	s.address = listening(t, s.log)
	return s
}

// listening waits until a server says where it listens.
func listening(t *testing.T, log *output) string {
	t.Helper()
	log.wait(t, `"listening"`)
	return "http://" + strings.Trim(regexp.MustCompile(`"address":"([^"]+)"`).FindStringSubmatch(log.String())[1], `"`)
}

// buildInto builds the demo, as of some day, in a database.
func buildInto(t *testing.T, e environment, s *site, now time.Time) (demoState, domain.Actor) {
	t.Helper()
	keys, err := loadConfig(e.get).secrets()
	require.NoError(t, err)
	clock := &demoClock{}
	built, err := buildDemo(t.Context(), newSite(s.store, keys, clock.now), clock, now, newProgress(io.Discard))
	require.NoError(t, err)
	m, err := s.municipality(t.Context(), "")
	require.NoError(t, err)
	return built, system(m.MunicipalityID, "test")
}
