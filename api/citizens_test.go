package api

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/store/storetest/leaks"
)

// A CPR number is shown with the one citizen that was asked for, never in a
// list, an address, an error or the log.
func TestCitizenNumbers(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		leader := domain.TeamLeader
		const path, look = "/citizens/cit_01920000000070008000000000000001", "/citizen-lookups"
		one := answered[Citizen](t, w.do(leader, "GET", path, ""))
		require.Equal(t, []string{"Ella Eksempel", "170500-4321", "+4520304059"}, []string{one.Name, one.CPR, one.Phone})
		for _, c := range answered[CitizenList](t, w.do(leader, "GET", "/citizens?reference=B-1001", "")).Data {
			require.Equal(t, one.Phone, c.Phone)
			require.Empty(t, c.CPR)
		}
		found := answered[CitizensFound](t, w.do(leader, "POST", look, `{"cpr": "1705004321"}`)).Data
		require.Equal(t, []Citizen{one}, found)
		found = answered[CitizensFound](t, w.do(domain.Caseworker, "POST", look, `{"name": "ella"}`)).Data
		require.Len(t, found, 1)
		require.Empty(t, found[0].CPR)
		require.JSONEq(t, `{"data": [], "has_more": false}`, w.do(leader, "POST", look, `{"cpr": "180500-4321"}`).Body.String())

		for _, text := range []string{`{"cpr": "310400-4321"}`, `{"cpr": "17050-04321"}`, `{}`, `{"cpr": "170500-4321", "name": "Ella"}`} {
			answer := w.do(leader, "POST", look, text)
			require.GreaterOrEqual(t, answer.Code, 400, text)
			require.NotContains(t, answer.Body.String(), "4321")
		}
		taken := w.do(leader, "PATCH", "/citizens/cit_01920000000070008000000000000002", `{"cpr": "170500-4321"}`, "If-Match", `"1"`)
		require.Equal(t, http.StatusConflict, taken.Code)
		require.NotContains(t, taken.Body.String(), "4321")
		changed := answered[Citizen](t, w.do(leader, "PATCH", path, `{"cpr": "", "phone": "+46701234567"}`, "If-Match", `"1"`))
		require.Equal(t, []string{"", "+46701234567"}, []string{changed.CPR, changed.Phone})
		require.Contains(t, leaks.Logged(), look, "the log that TestMain searches is written")
	})
}
