package api

import (
	"net/http"
	"strings"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/access"
	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/domain"
)

// examplePIN is the PIN of the examples.
const examplePIN = "2580"

// citizens makes citizens 31 to 37 for the examples of a citizen's own page; 31,
// 32 and 37 send them.
func (w *world) citizens() {
	ctx, worker := w.t.Context(), w.as(domain.Caseworker)
	for n := 31; n <= 37; n++ {
		plan, enrolment := w.plan(n, map[bool]int{true: 1}[n == 31])
		citizen := ok(w.service.Plan(ctx, worker, plan)).CitizenID
		w.is("cit", n, citizen)
		if n == 31 {
			w.is("enr", n, enrolment)
			for i, visit := range w.visits(plan, 4) {
				if len(visit.Vouchers) > 0 {
					w.is("vch", 31+i/2, visit.Vouchers[0].ID)
				}
			}
		}
		if n == 35 {
			continue
		}
		made := ok(w.access.CreateCitizenLink(ctx, worker, "createCitizenLink", citizen))
		if n == 36 {
			made = ok(w.access.CreateCitizenLink(ctx, worker, "createCitizenLink", citizen)) // which ends the first
			w.names = append(w.names, "fhl_0123456789ABCDEFGHJKMNPQ", made.Text)
			continue
		}
		visit := ok(w.access.ExchangeCitizenLink(ctx, made.Text, ""))
		if n == 32 || n == 34 {
			require.NoError(w.t, w.access.SetOwnPIN(ctx, visit.Actor, examplePIN, ""))
		}
		w.visitsOf[n] = visit
	}
	w.staff[domain.CitizenRole] = w.visitsOf[31].Actor
}

// ownCookie gives the cookie of the citizen who sends a request's example: 32
// where the PIN is asked for, 37 to sign out.
func (w *world) ownCookie(r *http.Request) *http.Cookie {
	who := 31
	if strings.HasSuffix(r.URL.Path, "/pin/removal") || strings.HasSuffix(r.URL.Path, "/unlock") {
		who = 32
	}
	if strings.HasSuffix(r.URL.Path, "/me/sign-out") {
		who = 37
	}
	return ownCookie(w.visitsOf[who])
}

func ownCookie(visit access.Visit) *http.Cookie {
	return &http.Cookie{Name: auth.CitizenCookie, Value: visit.Text}
}
