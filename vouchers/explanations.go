package vouchers

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// Explanations is what a citizen is told of an enrolment: why each award is what
// it is, and what the next visit brings.
type Explanations struct {
	Enrolment domain.Enrolment
	Title     rules.Text // the programme's
	Site      *time.Location
	AsOf      domain.Date // today at the site
	Standing  Standing
	Received  int64      // minor units, of the vouchers issued
	Awards    []Told     // in the order in which they were reached
	Next      *NextVisit // nil when no visit ahead counts
}

// Told is one award as the citizen is told of it.
type Told struct {
	Award   domain.Award
	Version domain.ProgrammeVersion // whose rules it rests on
	Why     []rules.Text
	State   string     // given, waiting, rejected, withdrawn, or nothing
	Note    rules.Text // what happened to it since, plainly; empty: nothing
	Rules   rules.Explanation
}

// What the citizen is told of an award.
const (
	toldGiven     = "given"
	toldWaiting   = "waiting"
	toldRejected  = "rejected"
	toldWithdrawn = "withdrawn"
	toldNothing   = "nothing" // a cap left nothing, or no prize was drawn, or not yet
)

// Explanations explains every award of an enrolment within reach.
func (s *Service) Explanations(ctx context.Context, actor domain.Actor, enrolment domain.ID) (x Explanations, err error) {
	return s.explanations(ctx, actor, "getExplanations", enrolment)
}

// ExplanationsPage is Explanations for the page to print.
func (s *Service) ExplanationsPage(ctx context.Context, actor domain.Actor, enrolment domain.ID) (x Explanations, err error) {
	return s.explanations(ctx, actor, "getExplanationsPage", enrolment)
}

func (s *Service) explanations(ctx context.Context, actor domain.Actor, action domain.Action, enrolment domain.ID) (x Explanations, err error) {
	err = s.read(ctx, actor, action, func(tx *store.Tx) error {
		x, err = s.explain(tx, actor, enrolment)
		return err
	})
	return x, err
}

// explain explains an enrolment within the actor's reach.
func (s *Service) explain(tx *store.Tx, actor domain.Actor, enrolment domain.ID) (x Explanations, err error) {
	awards, standing, err := s.progressed(tx, actor, enrolment)
	if err != nil {
		return x, err
	}
	if x, err = s.heading(tx, enrolment, standing); err != nil {
		return x, err
	}
	reached := map[domain.ID]int{}
	for _, a := range awards {
		x.Received += a.Granted
		reached[a.EnrolmentID] = standing.Progress.Milestones
	}
	if x.Awards, err = tellOf(tx, inOrder(awards), x.Site, reached); err != nil {
		return x, err
	}
	return x, s.lookAhead(tx, &x)
}

// lookAhead adds what the next visit brings.
func (s *Service) lookAhead(tx *store.Tx, x *Explanations) error {
	if x.Standing.Progress.Finished {
		return nil
	}
	next, err := s.next(tx, x.Enrolment)
	if err == nil && next.Ahead.Counts {
		x.Next = &next
	}
	return err
}

// heading is all that an enrolment's explanations begin with.
func (s *Service) heading(tx *store.Tx, enrolment domain.ID, standing Standing) (x Explanations, err error) {
	x = Explanations{Standing: standing}
	if x.Enrolment, err = store.Get[domain.Enrolment](tx, enrolment); err != nil {
		return x, err
	}
	programme, err := store.Get[domain.Programme](tx, x.Enrolment.ProgrammeID)
	if err != nil {
		return x, err
	}
	x.Title = rules.Text{DA: programme.TitleDA, EN: programme.TitleEN}
	if x.Site, err = tx.Zone(); err != nil {
		return x, err
	}
	x.AsOf = domain.DateOf(s.now(), x.Site)
	return x, nil
}

// givenByHand is all that a citizen is told of why an award was given by hand: why
// is written for the case, not for a page that is carried in a pocket.
var givenByHand = rules.Text{DA: "Givet særskilt til dig.", EN: "Given to you separately."}

// inOrder gives awards in the order in which they were reached, without proposals
// by hand that nobody has approved: they are no promise.
func inOrder(awards []domain.Award) []domain.Award {
	list := slices.DeleteFunc(awards, func(a domain.Award) bool {
		return a.ByHand() && a.Granted == 0 && a.State != domain.AwardWithheld
	})
	slices.SortStableFunc(list, func(a, b domain.Award) int { return b.ReachedOn.Days(a.ReachedOn) })
	return list
}

// tellOf tells of awards, with the same few reads however many they are. Reached is
// how many milestones the episode of each enrolment has reached.
func tellOf(tx *store.Tx, awards []domain.Award, site *time.Location, reached map[domain.ID]int) (list []Told, err error) {
	versions, err := store.All[domain.ProgrammeVersion](tx, "", store.In("id", ids(awards, func(a domain.Award) domain.ID { return a.VersionID })))
	if err != nil {
		return nil, err
	}
	adjustments, err := among[domain.AwardAdjustment](tx, "award_id", ids(awards, func(a domain.Award) domain.ID { return a.ID }))
	if err != nil {
		return nil, err
	}
	of, corrected := map[domain.ID]domain.ProgrammeVersion{}, map[domain.ID]domain.Date{} // when an award's amount last changed
	for _, v := range versions {
		of[v.ID] = v
	}
	for _, c := range adjustments {
		if c.AmountBefore != c.AmountAfter {
			corrected[c.AwardID] = domain.DateOf(c.CreatedAt, site)
		}
	}
	for _, a := range awards {
		told, err := toldOf(a, reached[a.EnrolmentID], corrected[a.ID])
		if err != nil {
			return nil, err
		}
		told.Version = of[a.VersionID]
		list = append(list, told)
	}
	return list, nil
}

// toldOf tells one award of an enrolment that has reached so many milestones.
func toldOf(a domain.Award, reached int, corrected domain.Date) (t Told, err error) {
	t = Told{Award: a}
	if err := json.Unmarshal(a.Explanation, &t.Rules); err != nil {
		return t, err
	}
	if a.ByHand() {
		t.Why = []rules.Text{givenByHand}
	} else {
		t.Why = t.Rules.Plain()
	}
	t.State, t.Note = note(a, a.Milestone > reached || a.Amount == 0 && t.Rules.Amount > 0, corrected)
	return t, nil
}

// note says plainly what became of an award; withdrawn: its milestone is no
// longer reached; corrected: the date of its last correction, or zero.
func note(a domain.Award, withdrawn bool, corrected domain.Date) (state string, t rules.Text) {
	amount := strings.TrimSuffix(domain.FormatMoneyShort(a.Amount, a.Currency), ".") + "."
	on := rules.Text{}
	if !corrected.IsZero() {
		on = rules.Text{DA: " den " + corrected.Danish(), EN: " on " + corrected.English()}
	}
	switch {
	case a.State == domain.AwardRejected && a.Granted > 0:
		return toldGiven, rules.Text{DA: "Mere blev ikke godkendt. Spørg os, hvis du vil vide hvorfor.", EN: "More was not approved. Ask us if you want to know why."}
	case a.State == domain.AwardRejected:
		return toldRejected, rules.Text{DA: "Ikke godkendt. Spørg os, hvis du vil vide hvorfor.", EN: "Not approved. Ask us if you want to know why."}
	case a.State == domain.AwardWithheld:
		return toldRejected, rules.Text{DA: "Holdt tilbage. Spørg os, hvis du vil vide hvorfor.", EN: "Held back. Ask us if you want to know why."}
	case withdrawn && a.Granted > 0:
		return toldWithdrawn, rules.Text{DA: "Noget blev rettet" + on.DA + ", og belønningen gælder ikke længere. Du beholder det, du har fået.", EN: "Something was corrected" + on.EN + ", and this reward no longer counts. You keep what you have had."}
	case withdrawn:
		return toldWithdrawn, rules.Text{DA: "Noget blev rettet" + on.DA + ", og belønningen gælder ikke længere.", EN: "Something was corrected" + on.EN + ", and this reward no longer counts."}
	case a.State == domain.AwardProposed:
		return toldWaiting, rules.Text{DA: "Venter på godkendelse.", EN: "Waiting for approval."}
	case a.Granted > a.Amount:
		return toldGiven, rules.Text{DA: "Rettet" + on.DA + " til " + amount + " Du beholder det, du har fået.", EN: "Corrected" + on.EN + " to " + amount + " You keep what you have had."}
	case a.Amount == 0:
		return toldNothing, t
	case !corrected.IsZero():
		return toldGiven, rules.Text{DA: "Beløbet blev rettet" + on.DA + ".", EN: "The amount was corrected" + on.EN + "."}
	}
	return toldGiven, t
}
