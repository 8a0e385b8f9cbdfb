package api

import (
	"context"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
)

func TestOpenAPI(t *testing.T) {
	spec, err := GetSpec()
	require.NoError(t, err)
	require.NoError(t, spec.Validate(context.Background(), openapi3.EnableExamplesValidation()))
	table, err := operations()
	require.NoError(t, err)

	t.Run("operations are the actions of the permission table", func(t *testing.T) {
		var actions []string
		for a := range domain.Permissions {
			actions = append(actions, string(a))
		}
		require.ElementsMatch(t, actions, slices.Collect(maps.Keys(table)))
	})
	t.Run("every operation has an example that fits", func(t *testing.T) {
		for id, o := range table {
			for _, place := range o.params {
				for name, p := range place {
					require.NotNil(t, p.Example, "%s: %s has no example", id, name)
					require.Empty(t, check(p.Schema.Value, p.Example, name), id)
				}
			}
		}
		for path, item := range spec.Paths.Map() {
			for method, op := range item.Operations() {
				if op.RequestBody == nil {
					continue
				}
				for _, media := range op.RequestBody.Value.Content {
					require.NotNil(t, media.Example, "%s %s has no example", method, path)
					require.Empty(t, check(media.Schema.Value, media.Example, ""), "%s %s", method, path)
				}
			}
		}
	})
	t.Run("every request body is closed and bounded", func(t *testing.T) {
		for id, o := range table {
			if o.body != nil {
				closed(t, id, o.body)
			}
		}
	})
	t.Run("changes are conditional, money is idempotent", func(t *testing.T) {
		for _, item := range spec.Paths.Map() {
			for method, op := range item.Operations() {
				header := table[op.OperationID].params["header"]
				require.Equal(t, method == "PATCH" || method == "PUT", header["If-Match"] != nil && header["If-Match"].Required, op.OperationID)
			}
		}
		for _, id := range strings.Fields(`recordAttendance correctAttendance cancelAttendance createEnrolment approveAward
			redeemVoucher reverseRedemption reissueVoucher voidVoucher startImport`) {
			require.True(t, table[id].params["header"]["Idempotency-Key"].Required, id)
		}
	})
	t.Run("words are the domain's", func(t *testing.T) {
		for name, want := range map[string][]string{
			"Outcome": domain.Outcomes, "Role": texts(domain.Roles), "Account": texts(ledger.Accounts), "LedgerEvent": texts(ledger.Events),
			"VoucherState": texts([]domain.VoucherState{domain.Issued, domain.PartlyRedeemed, domain.Redeemed, domain.Blocked, domain.Replaced, domain.Expired, domain.Void}),
			"AwardState":   {domain.AwardProposed, domain.AwardIssued, domain.AwardRejected, domain.AwardDenied, domain.AwardNoPrize, domain.AwardUndrawn, domain.AwardWithdrawn, domain.AwardWithheld},
			"VersionState": {domain.VersionDraft, domain.VersionAdopted, domain.VersionEnded},
		} {
			require.Equal(t, strings.Join(want, ", "), words(spec.Components.Schemas[name].Value.Enum), name)
		}
	})
}

// closed wants a limit on everything that a caller can send.
func closed(t *testing.T, where string, s *openapi3.Schema) {
	t.Helper()
	switch {
	case s.Type.Is("object") && len(s.Properties) > 0:
		require.NotNil(t, s.AdditionalProperties.Has, where)
		require.False(t, *s.AdditionalProperties.Has, where)
		for name, p := range s.Properties {
			closed(t, where+"."+name, p.Value)
		}
	case s.Type.Is("object"):
		require.NotNil(t, s.MaxProps, where)
	case s.Type.Is("array"):
		require.NotNil(t, s.MaxItems, where)
		closed(t, where+"[]", s.Items.Value)
	case s.Type.Is("integer"):
		require.True(t, s.Min != nil && s.Max != nil, where)
	case s.Type.Is("string"):
		require.True(t, s.MaxLength != nil || len(s.Enum) > 0 || s.Format != "" || strings.HasSuffix(s.Pattern, "}$"), where)
	}
}

func texts[T ~string](list []T) []string { return each(list, func(v T) string { return string(v) }) }
