package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/domain/rules/vectors"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/store/storetest/leaks"
	"github.com/fasthold/fasthold/vouchers"
	"github.com/fasthold/fasthold/vouchers/code"
	"github.com/fasthold/fasthold/vouchers/keys"
	"github.com/fasthold/fasthold/vouchers/vault"
)

// Every history of testdata/vectors through the whole server: the programme's
// document goes in, then visit by visit, and each answer says what it paid.
func TestVectors(t *testing.T) {
	t.Parallel()
	all := vectors.Schedules(t, os.DirFS("../testdata/vectors"))
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s)
		for i, schedule := range all {
			t.Run(schedule.Name, func(t *testing.T) {
				d.t = t
				plan, _ := d.enrol(fmt.Sprintf("vector-%d", i), schedule.YAML, schedule.Start)
				for _, v := range schedule.Visits {
					d.pays(v, d.attend(plan, v))
				}
			})
		}
	})
}

// Where a file says what someone earns who meets everything, the table of
// amounts of the version says it too.
func TestVectors_amountTables(t *testing.T) {
	all := vectors.Schedules(t, os.DirFS("../testdata/vectors"))
	d := newDesk(t, storetest.Open(t, storetest.SQLite(t)))
	tried := 0
	for i, s := range all {
		if s.Name != "higgins" && s.Name != "california" && !strings.HasPrefix(s.Name, "prize_draws ") {
			continue
		}
		tried++
		_, joined := d.enrol(fmt.Sprintf("table-%d", i), s.YAML, s.Start)
		table := get[AmountTable](d, "/versions/"+joined.Enrolment.VersionID.String()+"/amounts?start_date="+s.Start.String())
		require.Len(t, table.Rows, len(s.Visits), s.Name)
		sum := int64(0)
		for n, row := range table.Rows {
			sum += s.Visits[n].Pays
			require.Equal(t, []any{s.Visits[n].Pays, sum, s.Visits[n].Draws}, []any{row.Amount, row.Cumulative, row.Draws}, "%s %d", s.Name, n+1)
		}
	}
	require.Equal(t, 4, tried)
}

// Before a council adopts a bowl it reads what a draw is worth on average and at
// most, as the file has it, rounded to the nearest minor unit.
func TestVectors_bowlsInWords(t *testing.T) {
	d := newDesk(t, storetest.Open(t, storetest.SQLite(t)))
	prizes := string(ok(rules.Preset("prize-bowl")))
	for i, bowl := range vectors.Bowls(t, os.DirFS("../testdata/vectors")) {
		var slips []string
		for _, s := range bowl.Slips {
			if slips = append(slips, fmt.Sprintf("{slips: %d, value: %d}", s.Slips, s.Value)); s.Value == 0 {
				slips[len(slips)-1] = fmt.Sprintf("{slips: %d, label: %s}", s.Slips, s.Label)
			}
		}
		yaml := regexp.MustCompile(`(?m)^    bowl: .*$`).ReplaceAllString(prizes, "    bowl: ["+strings.Join(slips, ", ")+"]")
		_, joined := d.enrol(fmt.Sprintf("bowl-%d", i), yaml, domain.Date{Year: 2026, Month: 1, Day: 5})
		said, err := json.Marshal(get[map[string]any](d, "/versions/"+joined.Enrolment.VersionID.String()+"/sentences"))
		require.NoError(t, err)
		average, err := strconv.ParseFloat(bowl.Expected, 64)
		require.NoError(t, err)
		require.Contains(t, string(said), fmt.Sprintf("%d lodder", bowl.Total))
		require.Contains(t, string(said), strings.Replace(fmt.Sprintf("i gennemsnit %.2f USD og højst 100 USD", average), ".", ",", 1))
	}
}

// desk is a municipality that is used over HTTP alone.
type desk struct {
	t      *testing.T
	server http.Handler
	unit   UnitID
	tokens map[domain.Role]string
}

func newDesk(t *testing.T, s *store.Store) *desk {
	ring, err := code.ParseKeyRing(code.GenerateKey())
	require.NoError(t, err)
	clock := func() time.Time { return worldTime }
	service, entry := vouchers.New(s, ring, ok(vault.Parse(keys.Generate(1))), clock), access.New(s, clock)
	d := &desk{t: t, tokens: map[domain.Role]string{}}
	d.server = searched(ok(New(Options{Rate: 1e6, Service: service, Access: entry, Log: slog.New(slog.NewJSONHandler(leaks.Log, nil))})))
	home := ok(service.Found(t.Context(), "Eksempel Kommune", ""))
	system := domain.Actor{MunicipalityID: home.MunicipalityID, Person: "system:test", Role: domain.System}
	unit := ok(service.CreateUnit(t.Context(), system, "Ungeenheden")).ID
	d.unit = UnitID(unit)
	for _, role := range []domain.Role{domain.Caseworker, domain.TeamLeader, domain.Administrator} {
		in := access.TokenInput{Person: string(role) + "@eksempel.dk", Role: role}
		if role == domain.Caseworker {
			in.UnitID = unit
		}
		_, text, err := entry.CreateToken(t.Context(), system, in)
		require.NoError(t, err)
		d.tokens[role] = text
	}
	return d
}

// post sends a body and reads the answer into what it makes, which must be new.
func post[T any](d *desk, role domain.Role, path string, body any) (answer T) {
	d.t.Helper()
	b, err := json.Marshal(body)
	require.NoError(d.t, err)
	return send[T](d, role, httptest.NewRequestWithContext(d.t.Context(), http.MethodPost, base+path, bytes.NewReader(b)))
}

// get reads what there is.
func get[T any](d *desk, path string) (answer T) {
	d.t.Helper()
	return send[T](d, domain.Caseworker, httptest.NewRequestWithContext(d.t.Context(), http.MethodGet, base+path, nil))
}

func send[T any](d *desk, role domain.Role, r *http.Request) (answer T) {
	d.t.Helper()
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", "Bearer "+d.tokens[role])
	r.Header.Set("Idempotency-Key", store.NewID().String())
	w := httptest.NewRecorder()
	d.server.ServeHTTP(w, r)
	require.Less(d.t, w.Code, 300, "%s %s: %s", r.Method, r.URL, w.Body)
	require.NoError(d.t, json.Unmarshal(w.Body.Bytes(), &answer))
	return answer
}

type said map[string]any

// enrol has a document adopted under a slug of its own, and a new citizen
// enrolled from start on.
func (d *desk) enrol(slug, yaml string, start domain.Date) (PlanID, EnrolmentResult) {
	title := said{"da": slug, "en": slug}
	programme := post[Programme](d, domain.TeamLeader, "/programmes", said{"slug": slug, "title": title})
	yaml = regexp.MustCompile(`(?m)^programme: .*$`).ReplaceAllString(yaml, "programme: "+slug)
	draft := post[ProgrammeVersion](d, domain.Administrator, "/programmes/"+programme.ID.String()+"/versions", said{"document_yaml": yaml})
	post[ProgrammeVersion](d, domain.TeamLeader, "/versions/"+draft.ID.String()+"/adoption", said{"adopted_by": "Byrådet", "adopted_on": start, "in_force_from": start})
	citizen := post[Citizen](d, domain.Caseworker, "/citizens", said{"unit_id": d.unit, "reference": "B-" + slug, "birth_date": "1995-06-01"})
	plan := post[Plan](d, domain.Caseworker, "/plans", said{
		"citizen_id": citizen.ID, "reference": "P-" + slug, "assessment_date": start, "assessment_reference": "SAG-" + slug, "start_date": start,
	})
	return plan.ID, post[EnrolmentResult](d, domain.Caseworker, "/enrolments", said{"plan_id": plan.ID, "programme_id": programme.ID})
}

// attend records a visit.
func (d *desk) attend(plan PlanID, v vectors.Visit) AttendanceResult {
	d.t.Helper()
	body := said{"plan_id": plan, "occurred_at": v.At, "kind": v.Kind, "outcome": v.Outcome}
	if v.Test != "" {
		body["test"] = v.Test
	}
	if v.Outcome == domain.Attended && !v.Arrived.IsZero() {
		body["arrived_at"], body["left_at"] = v.Arrived, v.Left
	}
	return post[AttendanceResult](d, domain.Caseworker, "/attendances", body)
}

// pays wants of a visit what the file says of it: awarded, explained, and in a
// voucher at once.
func (d *desk) pays(v vectors.Visit, a AttendanceResult) {
	d.t.Helper()
	paid, bonus, issued, draws := int64(0), int64(0), int64(0), 0
	for _, award := range a.Awards {
		paid += award.Amount
		for _, b := range award.Explanation.Bonus {
			bonus += b.Amount
		}
		if drawn := award.Explanation.Draws; drawn != nil {
			draws += drawn.Number
		}
	}
	for _, voucher := range a.Vouchers {
		issued += voucher.Amount
	}
	require.Equal(d.t, paid, issued, v)
	require.Equal(d.t, v.Draws, draws, v)
	if v.Draws == 0 { // what prizes are worth is drawn
		require.Equal(d.t, v.Pays, paid, v)
	}
	if v.Base != vectors.Unsaid {
		require.Equal(d.t, v.Base, paid-bonus, v)
	}
}
