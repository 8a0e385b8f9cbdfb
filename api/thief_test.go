package api

import (
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/vouchers"
)

// TestStolenTerminal plays a thief with a till's key and the codes of vouchers,
// from the theft to the revocation. What is lost is at most what the till may
// take in a day, of vouchers whose codes the thief has; the key itself shows no
// code, nothing of another shop, and does nothing that is the staff's.
func TestStolenTerminal(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		rival, paid := w.rival()
		thief := func(method, path, text string, headers ...string) *httptest.ResponseRecorder {
			return w.do(domain.PartnerRole, method, path, text, headers...)
		}
		for _, c := range examples(t) {
			if !c.public && !slices.Contains(domain.Permissions[domain.Action(c.id)], domain.PartnerRole) {
				require.Equal(t, 403, w.send(domain.PartnerRole, c.request(w)).Code, c.id)
			}
		}
		for path, want := range map[string]int{
			"/partners/" + example("prt", 2): 404, "/partners/" + example("prt", 2) + "/terminals": 404, "/terminals/" + TerminalID(rival.TerminalID).String(): 404,
			"/redemptions/" + RedemptionID(paid).String(): 404, "/redemptions/" + example("rdm", 1): 200,
		} {
			require.Equal(t, want, thief("GET", path, "").Code, path)
		}
		require.NotContains(t, thief("GET", "/redemptions?limit=100", "").Body.String(), RedemptionID(paid).String())
		require.Equal(t, 404, thief("POST", "/redemptions/"+RedemptionID(paid).String()+"/reversal", `{"reason": "x"}`, "Idempotency-Key", "r").Code)

		const most, hour, day = 5000, 12000, 20000
		w.now = w.now.Add(time.Hour)
		w.bounds(most, hour, day)
		lost, of, codes, number := int64(0), map[string]int64{}, []string{w.code(1), w.code(2), w.code(4), w.code(5), w.code(6)}, 0
		midnight := time.Date(2026, 11, 21, 23, 0, 0, 0, time.UTC)
		spree := func() {
			for range 40 { // as often as the thief likes
				for _, code := range codes {
					number++
					answer := thief("POST", "/redemptions", fmt.Sprintf(`{"code": "%s", "amount": %d, "client_redemption_id": "%d"}`, code, []int{most, 20000, 700, 50}[number%4], number), "Idempotency-Key", fmt.Sprint(number))
					if answer.Code == 201 {
						var done Redemption
						require.NoError(t, json.Unmarshal(answer.Body.Bytes(), &done))
						lost += done.Amount
						of[code] += done.Amount
						require.LessOrEqual(t, of[code], int64(most), "of one voucher, however often")
					}
				}
			}
		}
		spree()
		require.Equal(t, int64(hour), lost, "the first hour")
		for w.now = w.now.Add(time.Hour); w.now.Before(midnight); w.now = w.now.Add(time.Hour) {
			spree()
		}
		require.Equal(t, int64(day), lost, "the whole day")

		for range 25 {
			thief("POST", "/voucher-checks", `{"code": "7AAA-AAAA-AAAA-AAAA-AAA0"}`)
		}
		require.Equal(t, 429, thief("POST", "/voucher-checks", `{"code": "`+codes[0]+`"}`).Code, "guessing ends it for a while")

		_ = ok(w.access.RevokeTerminal(t.Context(), w.as(domain.Administrator), w.find("trm", 1)))
		for _, c := range examples(t) {
			if !c.public {
				require.Equal(t, 401, w.send(domain.PartnerRole, c.request(w)).Code, c.id)
			}
		}
		verified(t, w)
	})
}

// rival is another shop's till, and something that was paid there.
func (w *world) rival() (till domain.Actor, paid domain.ID) {
	ctx := w.t.Context()
	in := ok(w.access.CreateTerminal(ctx, w.as(domain.Administrator), w.find("prt", 2), access.TerminalInput{Label: "Kasse 1"}))
	till = ok(w.access.Authenticate(ctx, ok(w.access.EnrolTerminal(ctx, access.Device{}, in.Code)).Key))
	return till, ok(w.service.Redeem(ctx, till, vouchers.Key{}, vouchers.Redeem{Code: w.code(1), Amount: 100, ClientRedemptionID: "1"})).Value.ID
}

// bounds gives the partner's till limits of its own, for an hour in which it took
// nothing yet and the rest of the day.
func (w *world) bounds(voucher, hour, day int64) {
	ctx, admin, id := w.t.Context(), w.as(domain.Administrator), w.find("trm", 1)
	now := ok(w.access.Terminal(ctx, admin, id))
	day += now.DaySpent
	ok(w.access.UpdateTerminal(ctx, admin, id, now.Version, access.TerminalChange{MostPerVoucher: &voucher, MostPerHour: &hour, MostPerDay: &day}))
}
