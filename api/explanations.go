package api

import (
	"bytes"
	"context"

	"golang.org/x/text/language"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/vouchers"
)

func showNext(enrolment domain.ID, n vouchers.NextVisit) NextVisit {
	a := n.Ahead
	met, missed := a.Text(n.Currency)
	return NextVisit{
		EnrolmentID: EnrolmentID(enrolment), At: n.At, SessionID: optional[ses](n.SessionID), Counts: a.Counts, Currency: n.Currency,
		IfMet: a.IfMet, IfMetDraws: a.IfMetDraws, IfMetTickets: a.IfMetTickets, IfMetTokens: a.IfMetTokens, ThenIfMet: a.ThenMet, ThenDrawsIfMet: a.DrawsMet, NeededIfMet: a.NeededMet,
		ThenIfMissed: a.ThenMissed, ThenDrawsIfMissed: a.DrawsMissed, NeededIfMissed: a.NeededMissed, MissCosts: a.MissCosts,
		Tokens: showTokensAhead(a.Tokens), MetText: Sentence(met), MissedText: Sentence(missed),
	}
}

func showTokensAhead(t *rules.TokensAhead) *TokensAhead {
	if t == nil {
		return nil
	}
	return &TokensAhead{Now: t.Now, IfMet: t.IfMet, Price: t.Price, Reward: t.Reward}
}

// GetNextVisit answers getNextVisit.
func (h *handlers) GetNextVisit(ctx context.Context, r GetNextVisitRequestObject) (GetNextVisitResponseObject, error) {
	n, err := h.service.NextVisit(ctx, auth.Actor(ctx), domain.ID(r.EnrolmentID), r.Params.At)
	if err != nil {
		return nil, err
	}
	return GetNextVisit200JSONResponse(showNext(domain.ID(r.EnrolmentID), n)), nil
}

// GetExplanations answers getExplanations.
func (h *handlers) GetExplanations(ctx context.Context, r GetExplanationsRequestObject) (GetExplanationsResponseObject, error) {
	x, err := h.service.Explanations(ctx, auth.Actor(ctx), domain.ID(r.EnrolmentID))
	if err != nil {
		return nil, err
	}
	shown := Explanations{
		EnrolmentID: EnrolmentID(x.Enrolment.ID), Title: Sentence(x.Title), AsOf: x.AsOf, Currency: x.Standing.Currency,
		Earned: x.Standing.Progress.Earned, Received: x.Received, Progress: Sentence(x.Standing.Progress.Text), Awards: each(x.Awards, showTold),
	}
	if x.Next != nil {
		next := showNext(x.Enrolment.ID, *x.Next)
		shown.Next = &next
	}
	return GetExplanations200JSONResponse(shown), nil
}

func showTold(t vouchers.Told) ExplainedAward {
	shown := ExplainedAward{
		AwardID: AwardID(t.Award.ID), Kind: earned, Milestone: t.Award.Milestone, ReachedOn: t.Award.ReachedOn, Amount: t.Award.Amount, Granted: t.Award.Granted,
		State: t.State, VersionID: VersionID(t.Version.ID), VersionNumber: t.Version.Number,
		Why: each(t.Why, func(s rules.Text) Sentence { return Sentence(s) }),
	}
	if t.Award.ByHand() {
		shown.Kind, shown.Milestone = byHand, 0
	} else {
		shown.Explanation = showExplanation(t.Award)
	}
	if t.Note != (rules.Text{}) {
		note := Sentence(t.Note)
		shown.Note = &note
	}
	return shown
}

// languages are those of the pages, the usual one first.
var languages = language.NewMatcher([]language.Tag{language.Danish, language.English})

// english reports whether a page is wanted in English: by its address, or else
// by what the browser prefers.
func english(lang, accept string) bool {
	if lang != "" {
		return lang == "en"
	}
	wanted, _, err := language.ParseAcceptLanguage(accept)
	_, i, _ := languages.Match(wanted...)
	return err == nil && i == 1
}

// GetExplanationsPage answers getExplanationsPage.
func (h *handlers) GetExplanationsPage(ctx context.Context, r GetExplanationsPageRequestObject) (GetExplanationsPageResponseObject, error) {
	x, err := h.service.ExplanationsPage(ctx, auth.Actor(ctx), domain.ID(r.EnrolmentID))
	if err != nil {
		return nil, err
	}
	html, err := web.Explanations(x, english(r.Params.Lang, r.Params.AcceptLanguage))
	if err != nil {
		return nil, err
	}
	return GetExplanationsPage200TextHTMLCharsetUTF8Response{
		Body: bytes.NewReader(html), ContentLength: int64(len(html)), Headers: GetExplanationsPage200ResponseHeaders{web.ExplanationsPolicy},
	}, nil
}
