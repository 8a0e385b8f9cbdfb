package domain

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// What has a purpose is something that somebody can ask for, or one of the two
// that the command line and imports do.
func TestPurposes(t *testing.T) {
	for action := range Purposes {
		if action != "importPlan" && action != "eraseCitizen" {
			require.Contains(t, Permissions, action)
		}
	}
}

func TestHandles(t *testing.T) {
	for _, c := range []struct {
		role   Role
		action Action
		want   Purpose
	}{
		{Caseworker, "getVoucher", ForSupport}, {TeamLeader, "getCitizen", ForTreatment}, {System, "eraseCitizen", ForErasure}, {TeamLeader, "listAccesses", ForRights},
		{Auditor, "listAccesses", ForOversight}, {Auditor, "getVoucher", ""}, {Finance, "listAwards", ""}, {Auditor, "getHat", ""}, {PartnerRole, "redeemVoucher", ""}, {TeamLeader, "getUnit", ""},
	} {
		h, personal := Actor{Role: c.role}.Handles(c.action)
		require.Equal(t, c.want != "", personal, "%s %s", c.role, c.action)
		if personal {
			require.Equal(t, c.want, h.Purpose, "%s %s", c.role, c.action)
		}
	}
}
