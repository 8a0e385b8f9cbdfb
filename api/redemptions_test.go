package api

import (
	"encoding/csv"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// Finance and the shop read of each redemption where its payment is, in the list, one by
// one and as CSV alike, and the shop no reason why one is held.
func TestRedemptionsTellTheirPayment(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		for _, role := range []domain.Role{domain.Finance, domain.PartnerRole} {
			answer := w.do(role, "GET", "/redemptions?limit=100", "")
			require.Equal(t, 200, answer.Code, answer.Body)
			require.NotContains(t, answer.Body.String(), "Samme bon")
			var list RedemptionList
			require.NoError(t, json.Unmarshal(answer.Body.Bytes(), &list))
			table := ok(csv.NewReader(w.do(role, "GET", "/redemptions?format=csv", "").Body).ReadAll())
			require.Equal(t, []string{"payment_state", "settlement_id", "settlement_number"}, table[0][12:])
			require.Len(t, table, len(list.Data)+1)
			states := map[string]int{}
			for i, r := range list.Data {
				states[r.PaymentState]++
				id := ""
				if r.SettlementNumber != "" {
					id = r.SettlementID.String()
				}
				require.Equal(t, []string{r.ID.String(), r.PaymentState, id, r.SettlementNumber}, append(table[i+1][:1:1], table[i+1][12:]...))
				require.Equal(t, r.PaymentState == "settled" || r.PaymentState == "paid", r.SettlementNumber != "")
				var one Redemption
				require.NoError(t, json.Unmarshal(w.do(role, "GET", "/redemptions/"+r.ID.String(), "").Body.Bytes(), &one))
				require.Equal(t, r, one)
			}
			require.Equal(t, 3, states["held"], states)
			for _, state := range []string{"unsettled", "settled", "paid"} {
				require.NotZero(t, states[state], states)
			}
		}
	})
}

// A shop reads of its account the last four letters, wherever it stands.
func TestSettlementsMaskTheAccount(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	for role, want := range map[domain.Role]string{domain.Finance: "DK", domain.Auditor: "DK", domain.PartnerRole: "**"} {
		var list SettlementList
		require.NoError(t, json.Unmarshal(w.do(role, "GET", "/settlements?limit=100", "").Body.Bytes(), &list))
		seen := 0
		for _, row := range list.Data {
			var one Settlement
			require.NoError(t, json.Unmarshal(w.do(role, "GET", "/settlements/"+row.ID.String(), "").Body.Bytes(), &one))
			require.Equal(t, row.IBAN, one.IBAN)
			if row.IBAN == "" {
				continue
			}
			seen++
			require.True(t, strings.HasPrefix(row.IBAN, want), row.IBAN)
			require.Equal(t, want == "**", strings.Count(row.IBAN, "*") == len(row.IBAN)-4, row.IBAN)
		}
		require.NotZero(t, seen, role)
	}
}
