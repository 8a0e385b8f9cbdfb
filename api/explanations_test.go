package api

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
	"github.com/fasthold/fasthold/vouchers"
)

// TestNextVisit: with no time asked for it is the next planned session that
// counts, else the next day on which a visit does.
func TestNextVisit(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		next := func(enrolment int, query string) NextVisit {
			return answered[NextVisit](t, w.do(domain.Caseworker, "GET", "/enrolments/"+example("enr", enrolment)+"/next"+query, ""))
		}
		planned := next(1, "")
		require.True(t, planned.Counts)
		require.Equal(t, w.find("ses", 3), domain.ID(planned.SessionID), "ses 2 was earlier today")
		require.EqualValues(t, 20000, planned.IfMet, "the second of two")
		require.Equal(t, 2, planned.NeededIfMet)
		require.Equal(t, 1, planned.NeededIfMissed)
		require.False(t, planned.MissCosts)
		require.Equal(t, "Kommer du, får du 200 kr.", planned.MetText.DA)
		require.Equal(t, "If you stay away, you lose nothing. Next time you get 200 kr.", planned.MissedText.EN)

		kind := ok(w.service.PlanSessions(t.Context(), w.as(domain.Caseworker), w.find("pln", 1), vouchers.SessionsInput{StartsAt: worldTime.Add(time.Hour), Kind: "network"}))
		require.NotEqual(t, kind[0].ID, domain.ID(next(1, "").SessionID), "of a kind that the programme does not reward")
		unplanned := next(2, "")
		require.True(t, unplanned.Counts)
		require.Empty(t, unplanned.SessionID)
		require.Equal(t, "2026-11-21", domain.DateOf(unplanned.At, time.UTC).String())
		asked := next(1, "?at=2026-11-30T12:00:00%2B01:00")
		require.Equal(t, "2026-11-30T11:00:00Z", asked.At.Format(time.RFC3339))
		require.False(t, next(1, "?at=2026-11-01T12:00:00Z").Counts, "before what is recorded")
		require.False(t, next(1, "?at=2027-05-01T12:00:00Z").Counts, "after the last day")
		require.Equal(t, "That time does not count.", next(1, "?at=2027-05-01T12:00:00Z").MetText.EN)
		require.False(t, next(3, "").Counts, "all vouchers are given")
		w.do(domain.Caseworker, "POST", "/enrolments/"+example("enr", 2)+"/end", `{"ended_on": "2026-11-20"}`)
		require.False(t, next(2, "").Counts, "it is over")
	})
}

// TestExplanations: each award with its state in plain words: given, waiting,
// rejected, withdrawn by a correction.
func TestExplanations(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newWorld(t, s)
		_, enrolment := w.plan(20, 1)
		w.is("enr", 20, enrolment)
		visits := w.visits(w.find("pln", 20), 5)
		told := func(n int) Explanations {
			return answered[Explanations](t, w.do(domain.Caseworker, "GET", "/enrolments/"+example("enr", n)+"/explanations", ""))
		}
		x := told(20)
		require.EqualValues(t, 40000, x.Received)
		require.Len(t, x.Awards, 2)
		require.Equal(t, "given", x.Awards[0].State)
		require.Equal(t, 1, x.Awards[0].VersionNumber)
		require.Equal(t, []Sentence{{DA: "Hver 2. gang giver 200 kr.", EN: "Every 2nd time gives 200 kr."}}, x.Awards[0].Why)
		require.Nil(t, x.Awards[0].Note)
		require.Equal(t, "Kommer du, får du 200 kr.", x.Next.MetText.DA)

		for i, v := range visits[:3] {
			w.is("att", 20+i, v.Attendance.AttendanceID)
			gone := w.do(domain.Caseworker, "POST", "/attendances/"+example("att", 20+i)+"/cancellation", `{"reason": "Forkert borger."}`, "Idempotency-Key", example("att", 20+i))
			require.Equal(t, 201, gone.Code, gone.Body)
		}
		x = told(20)
		require.Equal(t, []string{"given", "withdrawn"}, []string{x.Awards[0].State, x.Awards[1].State})
		require.Equal(t, "Noget blev rettet den 21-11-2026, og belønningen gælder ikke længere. Du beholder det, du har fået.", x.Awards[1].Note.DA)
		require.EqualValues(t, 20000, x.Awards[1].Granted)

		proposed := ok(w.service.Award(t.Context(), w.as(domain.TeamLeader), w.find("awd", 2))).EnrolmentID
		w.is("enr", 21, proposed)
		rejected := w.do(domain.TeamLeader, "POST", "/awards/"+example("awd", 3)+"/rejection", `{"reason": "Mødte påvirket op."}`)
		require.Equal(t, 200, rejected.Code, rejected.Body)
		x = told(21)
		require.Equal(t, []string{"waiting", "rejected"}, []string{x.Awards[0].State, x.Awards[1].State})
		require.Equal(t, "Not approved. Ask us if you want to know why.", x.Awards[1].Note.EN)
		require.Zero(t, x.Received)
		page := w.do(domain.Caseworker, "GET", "/enrolments/"+example("enr", 21)+"/explanations/page", "").Body.String()
		require.NotContains(t, page, "påvirket", "a reason that someone typed is not for the pocket")
		verified(t, w)
	})
}

// TestExplanationsPage: the language asked for, or the browser's, or Danish; kept
// nowhere, with a policy of its own.
func TestExplanationsPage(t *testing.T) {
	w := newWorld(t, storetest.Open(t, storetest.SQLite(t)))
	for _, c := range []struct{ query, accept, lang string }{
		{"", "", "da"}, {"?lang=en", "", "en"}, {"?lang=da", "en", "da"}, {"", "en-GB,en;q=0.9", "en"}, {"", "fr, en;q=0.5, da;q=0.8", "da"},
		{"", "nb-NO", "da"}, {"", "fr", "da"}, {"", ";;;=", "da"},
	} {
		answer := w.do(domain.Caseworker, "GET", "/enrolments/"+example("enr", 3)+"/explanations/page"+c.query, "", "Accept-Language", c.accept)
		require.Equal(t, 200, answer.Code, answer.Body)
		require.Contains(t, answer.Body.String(), `<html lang="`+c.lang+`">`, "%s %s", c.query, c.accept)
		require.Equal(t, "no-store", answer.Header().Get("Cache-Control"))
		require.Equal(t, "text/html; charset=utf-8", answer.Header().Get("Content-Type"))
		require.Len(t, answer.Header().Values("Content-Security-Policy"), 1)
		require.Contains(t, answer.Header().Get("Content-Security-Policy"), "style-src 'sha256-")
		for _, secret := range []string{"Ungeenheden", "C-7", "P-1007", "treatment", "individual", "caseworker", "Eksempel Kommune"} {
			require.NotContains(t, answer.Body.String(), secret)
		}
		require.Equal(t, 6, strings.Count(answer.Body.String(), "<li "))
	}
	require.Equal(t, 400, w.do(domain.Caseworker, "GET", "/enrolments/"+example("enr", 3)+"/explanations/page?lang=sv", "").Code)
}
