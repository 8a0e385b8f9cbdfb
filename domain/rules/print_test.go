package rules_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain/rules"
)

// A document is written as people write one, and read as the same again.
func TestYAML(t *testing.T) {
	require.Equal(t, `programme: move-2026
title: {da: MOVE-gavekort, en: MOVE vouchers}
legal_basis: serviceloven-101-9
age: {from: 18}
currency: DKK
time_zone: Europe/Copenhagen
mode: automatic
phases:
  - name: treatment
    days: 140
    target: {attend: [individual, group]}
    outcomes: {no_show: hold, excused: hold, cancelled: ignore}
    requirement: {met: 2}
    magnitude: {constant: 20000}
caps:
  - {count: 6, period: episode, at_limit: stop}
voucher:
  valid_days: 365
  partial: true
  categories: [groceries, clothing, sport]
  excluded: [alcohol, tobacco, gambling, cash]
`, string(move(t).YAML()))
	for _, name := range rules.Presets() {
		text, err := rules.Preset(name)
		require.NoError(t, err)
		doc, err := rules.Parse(text)
		require.NoError(t, err)
		again, err := rules.Parse(doc.YAML())
		require.NoError(t, err, "%s:\n%s", name, doc.YAML())
		require.Equal(t, doc, again, name)
	}
}
