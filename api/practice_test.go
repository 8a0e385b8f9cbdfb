package api

import (
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"
)

// An item of DOMAIN.md §5, "How schedules go wrong in practice": amounts typed by
// hand. What a visit earns comes from the adopted document alone: no request has
// a field for money but a shop's, which says how much of a voucher it takes, and
// the proposal of a grant outside the rules, which somebody else decides on. What
// a budget is given pays for awards and makes none.
func TestPractice_amountsTypedByHand(t *testing.T) {
	table, err := operations()
	require.NoError(t, err)
	var found []string
	for id, o := range table {
		for _, place := range o.params {
			for name, p := range place {
				found = append(found, money(id+" "+name, p.Schema.Value)...)
			}
		}
		if o.body != nil {
			found = append(found, money(id, o.body)...)
		}
	}
	slices.Sort(found)
	require.Equal(t, []string{"changeBudget.amount", "createBudget.amount", "proposeGrant.amount", "redeemVoucher.amount"}, found)
}

// money gives the paths of the fields in which an amount could be sent.
func money(path string, s *openapi3.Schema) (found []string) {
	for _, word := range []string{"amount", "balance", "value", "price", "granted", "earned", "seed", "prize"} {
		if last := path[strings.LastIndexAny(path, ". ")+1:]; strings.Contains(last, word) {
			found = append(found, path)
		}
	}
	for name, p := range s.Properties {
		found = append(found, money(path+"."+name, p.Value)...)
	}
	if s.Items != nil {
		found = append(found, money(path, s.Items.Value)...)
	}
	return found
}
