package api

import (
	"fmt"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers"
)

func (w *world) people() {
	ctx := w.t.Context()
	for n, name := range []string{"Ungeenheden", "Rusmiddelcenter Nord"} {
		w.is("unt", n+1, ok(w.service.CreateUnit(ctx, w.system(), name)).ID)
	}
	w.enter()
	for role, actor := range w.staff {
		ok(w.access.Assign(ctx, w.system(), access.AssignmentInput{Person: actor.Person, Role: role, UnitID: actor.UnitID}))
		w.signedIn(role)
	}
	second := ok(w.access.Assign(ctx, w.system(), access.AssignmentInput{Person: "team_leader@eksempel.dk", Role: domain.Caseworker, UnitID: w.find("unt", 1)}))
	w.is("asg", 1, second.ID)
	w.is("asg", 2, ok(w.access.Assign(ctx, w.system(), access.AssignmentInput{Person: "ny@eksempel.dk", Role: domain.Caseworker, UnitID: w.find("unt", 1)})).ID)
	w.is("sgn", 1, ok(w.access.SignIn(ctx, w.home, access.Proof{Person: "administrator@eksempel.dk", Method: "passkey"})).Actor.TokenID)
	for n, known := range []vouchers.CitizenInput{{Name: "Ella Eksempel", CPR: "170500-4321", Phone: "20304059"}, {}, {}} {
		c := ok(w.service.CreateCitizen(ctx, w.as(domain.Caseworker), vouchers.CitizenInput{
			UnitID: w.find("unt", 1), Reference: fmt.Sprintf("B-%d", 1001+n), Name: known.Name, CPR: known.CPR, Phone: known.Phone, BirthDate: domain.Date{Year: 2000, Month: 5, Day: 17},
		}))
		w.is("cit", n+1, c.ID)
	}
}

// enter gives everyone on the staff a new token; shops gives the partner a
// terminal's.
func (w *world) enter() {
	for _, role := range domain.Roles {
		if role == domain.PartnerRole {
			continue
		}
		in := access.TokenInput{Person: string(role) + "@eksempel.dk", Role: role}
		if role == domain.Caseworker {
			in.UnitID = w.find("unt", 1)
		}
		_, text, err := w.access.CreateToken(w.t.Context(), w.system(), in)
		require.NoError(w.t, err)
		w.login(role, text)
	}
}

// signedIn gives the secret of a role's sign-in: a new one when the last has ended.
func (w *world) signedIn(role domain.Role) string {
	if _, err := w.access.Authenticate(w.t.Context(), w.signIns[role]); err != nil {
		w.signIns[role] = ok(w.access.SignIn(w.t.Context(), w.home, access.Proof{Person: string(role) + "@eksempel.dk", Method: "passkey"})).Text
	}
	return w.signIns[role]
}

// until lets time pass. The staff's tokens may end on the way: they get new ones.
func (w *world) until(at time.Time) {
	w.now = at
	w.enter()
}

// system is who acts at the command line.
func (w *world) system() domain.Actor {
	return domain.Actor{MunicipalityID: w.home, Person: "system:test", Role: domain.System}
}

func (w *world) login(role domain.Role, text string) {
	w.tokens[role], w.staff[role] = text, ok(w.access.Authenticate(w.t.Context(), text))
}

// accounts makes accounts 1 to 5, which have signed in, the fourth of them kept
// out, and recoveries 1 and 2.
func (w *world) accounts(s *store.Store) {
	for n := 1; n <= 5; n++ {
		account := ok(w.access.Invite(w.t.Context(), w.system(), fmt.Sprintf("account%d@eksempel.dk", n))).Account
		w.is("acc", n, account.ID)
		require.NoError(w.t, s.Write(w.t.Context(), w.system(), func(tx *store.Tx) error {
			if err := store.Change[domain.Account](tx, map[string]any{"state": domain.AccountActive, "active_since": w.now}, store.Is("id", account.ID)); err != nil {
				return err
			}
			return tx.Audit("test", "account", account.ID, w.now, nil)
		}))
	}
	ok(w.access.SuspendAccount(w.t.Context(), w.system(), w.find("acc", 4)))
	for n, of := range []int{1, 5} {
		w.is("rcv", n+1, ok(w.access.StartRecovery(w.t.Context(), w.system(), w.find("acc", of), "Telefonen er tabt.")).Recovery.ID)
	}
}
