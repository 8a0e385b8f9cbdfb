package web

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement"
)

// What is to be done with several runs that stand below each other is said once.
func TestNewRunsSaysOnce(t *testing.T) {
	step := func(next string) settlement.RunStep {
		return settlement.RunStep{Run: settlement.Run{SettlementRun: domain.SettlementRun{Currency: "DKK"}}, Next: next}
	}
	v := View{Lang: Danish, ID: func(prefix string, _ domain.ID) string { return prefix }, Site: time.UTC}
	x := NewRuns(v, settlement.RunList{Steps: []settlement.RunStep{
		step(settlement.NextApprove), step(settlement.NextReconcile), step(settlement.NextReconcile), step(""), step(settlement.NextReconcile),
	}}, Input{}, false)
	told := make([]bool, len(x.Rows))
	for i, row := range x.Rows {
		told[i] = row.Next != ""
	}
	require.Equal(t, []bool{true, true, false, false, true}, told)
}
