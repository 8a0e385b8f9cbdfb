package api

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// ofCitizens are the ids of things that tell of a citizen.
var ofCitizens = []string{"CitizenID", "PlanID", "GoalID", "PauseID", "SessionID", "EnrolmentID", "MoveID", "AttendanceID", "AttendanceEventID", "AwardID", "VoucherID", "EmergencyAccessID"}

// impersonal are the operations that have such ids and are no handling of a
// person's data, each with the reason.
var impersonal = map[string]string{
	"listSettlementLines": "money by the numbers of vouchers",
	"listPostings":        "money by the numbers of vouchers", "getPosting": "money by the numbers of vouchers",
	"listRedemptions": "money by the numbers of vouchers", "getRedemption": "money by the numbers of vouchers",
	"redeemVoucher": "a shop knows a voucher and nobody", "reverseRedemption": "a shop knows a voucher and nobody", "checkVoucher": "a shop knows a voucher and nobody",
	"createHat": "names come into it by recordAttendance", "listHats": "names no visits",
}

// TestEveryHandlingIsLogged sends the example of every operation that has
// anything to do with a citizen, and wants it in the access log. An operation is
// found by the ids in it, so that one that is new cannot be forgotten.
func TestEveryHandlingIsLogged(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		handled, empty := 0, 0
		for _, c := range examples(t) {
			handling, personal := domain.Purposes[domain.Action(c.id)]
			if telling(c) {
				require.True(t, personal != (impersonal[c.id] != ""), "%s tells of a citizen: give it a row in domain.Purposes (what is done, and what for), or say in this test why it is none", c.id)
			} else {
				require.False(t, personal, "%s has a purpose and tells of no citizen", c.id)
			}
			if !personal {
				continue
			}
			logged := c.id
			if c.id == "decideAwards" { // each award is a decision of its own
				logged = "rejectAward"
			}
			before := w.accesses(logged)
			answer := w.send(doer(c.id), c.request(w))
			require.Less(t, answer.Code, 300, "%s: %s", c.id, answer.Body)
			if strings.Contains(answer.Body.String(), `"data":[]`) { // nothing is like the example: take all
				c.params["query"] = nil
				answer = w.send(doer(c.id), c.request(w))
			}
			if strings.Contains(answer.Body.String(), `"data":[]`) { // of nobody
				empty++
				continue
			}
			after := w.accesses(logged)
			require.Greater(t, len(after), len(before), c.id)
			last := after[len(after)-1]
			require.Equal(t, handling, domain.Handling{Purpose: last.Purpose, Act: last.Act}, c.id)
			require.Equal(t, w.as(doer(c.id)).Person, last.Person, c.id)
			require.Equal(t, answer.Header().Get("X-Request-Id"), last.RequestID, c.id)
			handled++
		}
		require.Greater(t, handled, 40)
		require.Less(t, empty, 3)
		twice := map[[2]string]bool{}
		for _, a := range w.accesses("") {
			key := [2]string{a.RequestID, a.CitizenID.String()}
			require.False(t, a.RequestID != "" && twice[key], "%s: one entry for a citizen and a request", a.Action)
			twice[key] = true
		}
	})
}

// telling reports whether an operation takes or gives an id of something that
// tells of a citizen.
func telling(c call) bool {
	for _, p := range c.schemas {
		if tells(p, map[*openapi3.Schema]bool{}) {
			return true
		}
	}
	for _, answer := range c.answers.Map() {
		for _, media := range answer.Value.Content {
			if tells(media.Schema, map[*openapi3.Schema]bool{}) {
				return true
			}
		}
	}
	return false
}

func tells(s *openapi3.SchemaRef, seen map[*openapi3.Schema]bool) bool {
	if s == nil || seen[s.Value] {
		return false
	}
	seen[s.Value] = true
	name := s.Ref[strings.LastIndex(s.Ref, "/")+1:]
	if slices.Contains(ofCitizens, name) || tells(s.Value.Items, seen) {
		return true
	}
	for _, inner := range slices.Concat(s.Value.AllOf, s.Value.OneOf, s.Value.AnyOf) {
		if tells(inner, seen) {
			return true
		}
	}
	for _, inner := range s.Value.Properties {
		if tells(inner, seen) {
			return true
		}
	}
	return false
}

// accesses are the entries of an action, or all, oldest first.
func (w *world) accesses(action string) (list []domain.Access) {
	require.NoError(w.t, w.store.Read(context.Background(), w.home, func(tx *store.Tx) (err error) {
		list, err = store.All[domain.Access](tx, "id", store.Eq("action", action))
		return err
	}))
	return list
}

// The log as CSV has the columns of the JSON, and the names for an auditor only.
func TestAccessesAsCSV(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	path := "/citizens/" + example("cit", 1) + "/accesses"
	for role, named := range map[domain.Role]bool{domain.TeamLeader: false, domain.Auditor: true} {
		answer := w.do(role, "GET", path+"?format=csv", "")
		require.Equal(t, "text/csv; charset=utf-8", answer.Header().Get("Content-Type"))
		rows := ok(csv.NewReader(answer.Body).ReadAll())
		require.Equal(t, []string{"at", "act", "purpose", "emergency_access_id", "person", "role", "action", "request_id"}, rows[0])
		require.Equal(t, []string{"added", "treatment"}, rows[1][1:3])
		require.Equal(t, named, rows[1][4] == "caseworker@eksempel.dk")
		var page AccessList
		require.NoError(t, json.Unmarshal(w.do(role, "GET", path+"?limit=1", "").Body.Bytes(), &page))
		require.Equal(t, named, page.Data[0].Person != "")
		require.True(t, page.HasMore)
	}
}
