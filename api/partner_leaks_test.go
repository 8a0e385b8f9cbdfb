package api

import (
	"bytes"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/vouchers"
)

// marks are what a shop may learn nothing of, in a word each that is nowhere else:
// the citizen, the unit, the programme, the goals, what was written, and who
// works there; and the ids of all but the shop's own things.
var marks = []string{
	"Zitronella", "Quistorff", "310395", "28472847", "Zzenheden", "Qzprogram", "Qzmål", "Zqgrund", "Zqsag", "Zqplan", "caseworker@eksempel.dk", "team_leader@eksempel.dk", "finance@eksempel.dk",
	"move-2026", "Ungeenheden", "Jeg møder op", "vch_", "awd_", "unt_", "prg_", "ver_", "cit_", "pln_", "enr_", "att_", "gol_", "ses_",
}

// marked gives the people, places and words behind vouchers 1 to 8 those marks.
func (w *world) marked() {
	ctx, worker, leader := w.t.Context(), w.as(domain.Caseworker), w.as(domain.TeamLeader)
	unit := ok(w.service.Unit(ctx, leader, w.find("unt", 1)))
	ok(w.service.UpdateUnit(ctx, w.as(domain.Administrator), unit.ID, unit.Version, vouchers.UnitChange{Name: new("Zzenheden")}))
	for n, cpr := range []string{"310395-1403", ""} {
		plan := ok(w.service.Plan(ctx, worker, w.find("pln", 7+n)))
		citizen := ok(w.service.Citizen(ctx, worker, plan.CitizenID))
		born := domain.Date{Year: 1995, Month: 3, Day: 31}
		ok(w.service.UpdateCitizen(ctx, worker, citizen.ID, citizen.Version, vouchers.CitizenChange{
			Name: new("Zitronella Quistorff"), CPR: &cpr, Phone: new("28472847"), Reference: new(fmt.Sprint("Zqsag-", n)), BirthDate: &born,
		}))
		ok(w.service.CreateGoal(ctx, worker, plan.ID, vouchers.GoalInput{Wording: "Qzmål"}))
	}
	ok(w.service.CreateProgramme(ctx, leader, vouchers.ProgrammeInput{Slug: "qz-program", Title: rules.Text{DA: "Qzprogram", EN: "Qzprogram"}}))
	ok(w.service.Block(ctx, worker, w.find("vch", 2), "Zqgrund"))
	ok(w.service.Void(ctx, leader, vouchers.Key{}, w.find("vch", 5), "Zqgrund"))
	ok(w.service.Reissue(ctx, worker, vouchers.Key{}, w.find("vch", 4), "Zqgrund"))
	ok(w.service.Reverse(ctx, w.as(domain.Finance), vouchers.Key{}, w.find("rdm", 2), "Zqgrund"))
}

// unmarked asserts that an answer, its headers too, has none of the marks, beside
// what was asked for.
func unmarked(t *testing.T, what string, answer *httptest.ResponseRecorder, asked ...string) {
	t.Helper()
	var all bytes.Buffer
	require.NoError(t, answer.Header().Write(&all))
	all.Write(answer.Body.Bytes())
	text := all.String()
	for _, said := range asked {
		text = strings.ReplaceAll(text, said, "")
	}
	for _, mark := range marks {
		require.NotContains(t, strings.ToLower(text), strings.ToLower(mark), what)
	}
}

// TestPartnersLearnNothing calls whatever the permission table lets a partner
// call, as a till and as a shop's program, in each way that it can go, and
// searches every byte of the answers. An operation that is added for partners is
// covered by its example.
func TestPartnersLearnNothing(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		codes := map[int]string{}
		for _, n := range []int{1, 2, 4, 5, 6} { // before some are dead, whose codes nobody is shown
			codes[n] = w.code(n)
		}
		w.marked()
		system := domain.Actor{MunicipalityID: w.home, Person: "system:test", Role: domain.System}
		_, program, err := w.access.CreateToken(t.Context(), system, access.TokenInput{Person: "butik@eksempel.dk", Role: domain.PartnerRole, PartnerID: w.find("prt", 1)})
		require.NoError(t, err)
		require.Contains(t, w.do(domain.Caseworker, "GET", "/citizens?limit=100", "").Body.String(), "Zitronella Quistorff", "there is something to leak")
		till, called := w.tokens[domain.PartnerRole], 0
		for _, c := range examples(t) {
			for who, token := range map[string]string{"till": till, "program": program} {
				w.tokens[domain.PartnerRole] = token
				r := c.request(w)
				answer := w.send(domain.PartnerRole, r)
				unmarked(t, c.id+" as a "+who, answer, r.URL.Path)
				if slices.Contains(domain.Permissions[domain.Action(c.id)], domain.PartnerRole) && answer.Code < 300 {
					called++
				}
			}
		}
		require.Greater(t, called, 12)
		w.tokens[domain.PartnerRole] = till
		w.itself(t)
		w.refusals(t, codes)
		w.papers(t)
	})
}

// refusals asserts every refusal that a till can get.
func (w *world) refusals(t *testing.T, secrets map[int]string) {
	codes, number := map[string]string{}, 0
	redeem := func(code string, amount int) *httptest.ResponseRecorder {
		number++
		return w.do(domain.PartnerRole, "POST", "/redemptions", fmt.Sprintf(`{"code": "%s", "amount": %d, "client_redemption_id": "x%d"}`, code, amount, number), "Idempotency-Key", fmt.Sprint("x", number))
	}
	note := func(what string, answer *httptest.ResponseRecorder) {
		require.GreaterOrEqual(t, answer.Code, 400, what)
		codes[problem(t, answer).Code] = what
		unmarked(t, what, answer)
	}
	require.Equal(t, 201, redeem(secrets[6], 7500).Code, "what the example left of it")
	for n, code := range secrets {
		note(fmt.Sprint("too much of voucher ", n), redeem(code, 90000))
		unmarked(t, fmt.Sprint("check of voucher ", n), w.do(domain.PartnerRole, "POST", "/voucher-checks", `{"code": "`+code+`"}`))
	}
	w.agree(500, 400)
	note("cap of a month", redeem(secrets[1], 501))
	note("cap of a voucher", redeem(secrets[1], 401))
	unmarked(t, "check within caps", w.do(domain.PartnerRole, "POST", "/voucher-checks", `{"code": "`+secrets[1]+`"}`))
	w.agree(0, 0)
	w.contract(vouchers.PartnerChange{ContractTo: new(domain.Date{Year: 2026, Month: 11, Day: 20})})
	note("no contract", redeem(secrets[1], 1))
	note("check without a contract", w.do(domain.PartnerRole, "POST", "/voucher-checks", `{"code": "`+secrets[1]+`"}`))
	w.contract(vouchers.PartnerChange{ContractOpen: true})
	w.bounds(500, 900, 900)
	note("limit", redeem(secrets[1], 501))
	note("no code", redeem("7AAA-AAAA-AAAA-AAAA-AAA0", 1))
	note("no key", w.do(domain.PartnerRole, "POST", "/redemptions", `{"code": "x", "client_redemption_id": "y"}`))
	note("no field", w.do(domain.PartnerRole, "POST", "/redemptions", `{"codes": "x"}`, "Idempotency-Key", "y"))
	note("reversed", w.do(domain.PartnerRole, "POST", "/redemptions/"+example("rdm", 2)+"/reversal", `{"reason": "x"}`, "Idempotency-Key", "z"))
	w.now = w.now.AddDate(0, 0, 8)
	note("too late", w.do(domain.PartnerRole, "POST", "/redemptions/"+example("rdm", 1)+"/reversal", `{"reason": "x"}`, "Idempotency-Key", "zz"))
	note("no permission", w.do(domain.PartnerRole, "GET", "/citizens", ""))
	w.now = w.now.AddDate(2, 0, 0)
	note("expired", redeem(secrets[1], 1))
	for range 25 {
		redeem("7AAA-AAAA-AAAA-AAAA-AAA0", 1)
	}
	note("guessing", redeem(secrets[1], 1))
	for _, code := range strings.Fields("blocked already_redeemed insufficient_balance limit_exceeded no_contract invalid malformed_request idempotency_key_missing already_reversed too_late forbidden expired rate_limited") {
		require.Contains(t, codes, code)
	}
}

// agree gives the shop caps per month and per voucher; 0: none.
func (w *world) agree(month, voucher int64) {
	w.contract(vouchers.PartnerChange{MostPerMonth: &month, MostPerVoucher: &voucher})
}

// contract changes the shop's contract.
func (w *world) contract(change vouchers.PartnerChange) {
	now := ok(w.service.Partner(w.t.Context(), w.as(domain.Administrator), w.find("prt", 1)))
	ok(w.service.UpdatePartner(w.t.Context(), w.as(domain.Administrator), now.ID, now.Version, change))
}

// itself asserts what a shop reads of itself, as JSON and as CSV: its branches, tills
// and redemptions, and its account but for the last four letters.
func (w *world) itself(t *testing.T) {
	finance, shop := w.as(domain.Finance), w.find("prt", 1)
	now := ok(w.service.Partner(t.Context(), finance, shop))
	ok(w.service.SetPartnerPayment(t.Context(), finance, shop, now.Version, vouchers.PaymentInput{Method: domain.ByBank, IBAN: "DK50 0040 0440 1162 43"}))
	partner, branch := example("prt", 1), example("brn", 1)
	for path, says := range map[string]string{
		"/partners/" + partner: "**************6243", "/partners": "**************6243", "/partners/" + partner + "/branches": "Butik 12345674", "/branches/" + branch: "Butik 12345674",
		"/partners/" + partner + "/terminals": "Kasse 5", "/redemptions?limit=100": "rdm_", "/redemptions?format=csv": "rdm_", "/redemptions?limit=100&branch_id=" + branch: "rdm_",
		"/redemptions?format=csv&terminal_id=" + example("trm", 1): "rdm_", "/redemptions?format=csv&from=2026-11-01T00:00:00Z&until=2026-12-01T00:00:00Z": "rdm_",
	} {
		answer := w.do(domain.PartnerRole, "GET", path, "")
		require.Equal(t, 200, answer.Code, path)
		require.Contains(t, answer.Body.String(), says, path)
		require.NotContains(t, answer.Body.String(), "DK5000400440116243", path)
		unmarked(t, path, answer)
	}
	for _, path := range []string{"/partners/" + example("prt", 2), "/partners/" + example("prt", 2) + "/branches", "/branches/" + example("brn", 2)} {
		answer := w.do(domain.PartnerRole, "GET", path, "")
		require.Equal(t, 404, answer.Code, path)
		unmarked(t, path, answer)
	}
	require.NotContains(t, w.do(domain.PartnerRole, "GET", "/redemptions?format=csv&branch_id="+example("brn", 2), "").Body.String(), "rdm_")
	require.Contains(t, w.do(domain.Finance, "GET", "/partners/"+partner, "").Body.String(), "DK5000400440116243", "who pays reads all of it")
}

// papers asserts what a shop is shown: the card, the code, the QR, the till's page.
func (w *world) papers(t *testing.T) {
	w.now = worldTime.Add(time.Hour)
	for _, path := range []string{"/card", "/qr.svg", "/qr.png"} {
		answer := w.do(domain.Caseworker, "GET", "/vouchers/"+example("vch", 1)+path, "")
		require.Equal(t, 200, answer.Code, path)
		unmarked(t, path, answer)
	}
	code := w.code(1)
	for _, mark := range marks {
		require.NotContains(t, code, mark)
	}
	r := httptest.NewRequestWithContext(t.Context(), "GET", tillPath, nil)
	r.AddCookie(&http.Cookie{Name: auth.TillCookie, Value: w.tokens[domain.PartnerRole]})
	page := w.send("", r)
	require.Contains(t, page.Body.String(), "Butik 12345674")
	unmarked(t, tillPath, page)
}
