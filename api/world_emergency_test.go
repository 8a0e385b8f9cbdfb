package api

import (
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers"
)

// emergencies takes emergency access 1 as the team leader, 2 and 3 as the
// caseworker, and names the notice of the first.
func (w *world) emergencies() {
	for n, role := range []domain.Role{domain.TeamLeader, domain.Caseworker, domain.Caseworker} {
		e := ok(w.service.TakeEmergencyAccess(w.t.Context(), w.as(role), vouchers.EmergencyInput{CitizenID: w.find("cit", 1), Reason: "Borgeren er indlagt akut."}))
		w.is("emg", n+1, e.ID)
		if n == 0 {
			w.is("ntc", 1, ok(w.service.Notices(w.t.Context(), w.as(domain.TeamLeader), store.Page{Limit: 1}, true)).Rows[0].ID)
		}
	}
}
