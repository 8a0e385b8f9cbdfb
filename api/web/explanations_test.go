package web_test

import (
	"crypto/sha256"
	"encoding/base64"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/vouchers"
)

// told is a page's worth of awards: one of each that a citizen can be told of.
func told(t *testing.T) vouchers.Explanations {
	t.Helper()
	site, err := time.LoadLocation("Europe/Copenhagen")
	require.NoError(t, err)
	x := vouchers.Explanations{
		Title: rules.Text{DA: "MOVE-gavekort", EN: "MOVE vouchers"}, Site: site, AsOf: domain.Date{Year: 2026, Month: 11, Day: 21},
		Standing: vouchers.Standing{Currency: "DKK"}, Received: 125000,
		Next: &vouchers.NextVisit{
			At: time.Date(2026, 11, 25, 9, 0, 0, 0, time.UTC), SessionID: &uuid.UUID{1}, Currency: "DKK",
			Ahead: rules.Ahead{Counts: true, IfMet: 20000, ThenMet: 20000, NeededMet: 1, ThenMissed: 5000, NeededMissed: 1, MissCosts: true},
		},
	}
	add := func(day, level int, amount, granted int64, state string, note rules.Text, why ...rules.Text) {
		x.Awards = append(x.Awards, vouchers.Told{
			Award:   domain.Award{Amount: amount, Granted: granted, Currency: "DKK", ReachedOn: domain.Date{Year: 2026, Month: 10, Day: day}},
			Version: domain.ProgrammeVersion{Number: 2, InForceFrom: domain.Date{Year: 2026, Month: 1, Day: 1}},
			Why:     why, State: state, Note: note,
			Rules: rules.Explanation{LevelBefore: level, LevelAfter: level + 1, Phase: "behandling", Rule: "test.linear"},
		})
	}
	step := rules.Text{DA: "Trin 3 giver 200 kr.", EN: "Step 3 gives 200 kr."}
	add(2, 3, 20000, 20000, "given", rules.Text{}, step, rules.Text{DA: "Bonus: 50 kr. for 3 gange i træk.", EN: "Bonus: 50 kr. for 3 times in a row."})
	add(5, 4, 20000, 0, "waiting", rules.Text{DA: "Venter på godkendelse.", EN: "Waiting for approval."}, step)
	add(7, 5, 20000, 0, "rejected", rules.Text{DA: "Ikke godkendt. Spørg os, hvis du vil vide hvorfor.", EN: "Not approved. Ask us if you want to know why."}, step)
	add(9, 6, 0, 20000, "withdrawn", rules.Text{
		DA: "Noget blev rettet den 12-10-2026, og belønningen gælder ikke længere. Du beholder det, du har fået.",
		EN: "Something was corrected on 12 October 2026, and this reward no longer counts. You keep what you have had.",
	}, step)
	add(12, 7, 0, 0, "nothing", rules.Text{}, step, rules.Text{DA: "Der gives højst 6 gavekort i hele forløbet, og den grænse er nået.", EN: "At most 6 vouchers in the whole course, and that limit is reached."})
	return x
}

func TestExplanations(t *testing.T) {
	html, err := web.Explanations(told(t), false)
	require.NoError(t, err)
	page := string(html)
	for _, want := range []string{
		`<html lang="da">`, "<h1>MOVE-gavekort</h1>", "Skrevet 21-11-2026", "Næste gang", "Onsdag 25-11-2026 kl. 10.00", "Kommer du, får du 200 kr.",
		"Bliver du væk uden afbud, får du 50 kr. næste gang. Det, du har fået, beholder du.", "I alt 1.250 kr.",
		"Trin 3 giver 200 kr. Bonus: 50 kr. for 3 gange i træk.", "Fra trin 3 til trin 4 · Regler: version 2 fra 01-01-2026", "Venter på godkendelse.", "Der gives højst 6 gavekort",
	} {
		require.Contains(t, page, want)
	}
	require.Less(t, strings.Index(page, "12-10-2026</span>"), strings.Index(page, "02-10-2026</span>"), "the newest is first")
	require.NotRegexp(t, regexp.MustCompile(`(?i)behandl|misbrug|rusmid|fremmøde|session|borger|fasthold|plan|test|linear`), page)

	html, err = web.Explanations(told(t), true)
	require.NoError(t, err)
	for _, want := range []string{
		`<html lang="en">`, "MOVE vouchers", "Written 21 November 2026", "Wednesday 25 November 2026 at 10:00", "If you come, you get 200 kr.",
		"If you stay away without notice, you get 50 kr. next time. What you have had stays yours.", "From step 3 to step 4 · Rules: version 2 from 1 January 2026",
	} {
		require.Contains(t, string(html), want)
	}
	require.NotRegexp(t, `[æøåÆØÅ]|Kommer|Trin`, string(html))
}

func TestExplanations_nothingAhead(t *testing.T) {
	x := told(t)
	x.Next, x.Awards = nil, nil
	x.Standing.Progress = rules.Progress{Finished: true, Text: rules.Text{DA: "Alle 6 gavekort er givet.", EN: "All 6 vouchers have been given."}}
	html, err := web.Explanations(x, false)
	require.NoError(t, err)
	require.Contains(t, string(html), "Alle 6 gavekort er givet.")
	require.Contains(t, string(html), "Intet endnu.")
	x.Standing.Progress = rules.Progress{Text: rules.Text{DA: "Pause: fængsel"}}
	html, err = web.Explanations(x, false)
	require.NoError(t, err)
	require.Contains(t, string(html), "Spørg os, hvornår næste gang er.")
	require.NotContains(t, string(html), "fængsel", "why there is a pause is nobody's business")
	x.Standing.Progress = rules.Progress{NeededForNext: 1}
	html, err = web.Explanations(x, false)
	require.NoError(t, err)
	require.Contains(t, string(html), "Lige nu er der ikke mere at få.")
}

// TestExplanationsPolicy allows the page's own style, as it is served, and
// nothing else.
func TestExplanationsPolicy(t *testing.T) {
	html, err := web.Explanations(told(t), false)
	require.NoError(t, err)
	styles := regexp.MustCompile(`(?s)<style>(.*?)</style>`).FindAllStringSubmatch(string(html), -1)
	require.Len(t, styles, 1)
	sum := sha256.Sum256([]byte(styles[0][1]))
	require.Contains(t, web.ExplanationsPolicy, "style-src 'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"';")
	require.NotRegexp(t, `(?i)<[^>]* (style|on[a-z]+|src|href)=|<script`, string(html), "nothing that the policy would stop")
}
