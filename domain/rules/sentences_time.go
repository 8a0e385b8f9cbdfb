package rules

import (
	"fmt"
	"strings"
)

// outcomeTexts name the outcomes.
var outcomeTexts = map[string]Text{
	"no_show": {"udeblivelse", "a no-show"}, "excused": {"afbud", "an excused visit"}, "cancelled": {"aflysning fra stedet", "a cancellation by the provider"},
	Late: {"for sent fremmøde", "a late arrival"}, LeftEarly: {"gået før tid", "leaving early"}, NoValidSample: {"ingen gyldig prøve", "no valid sample"}, Pending: {"afventer", "a pending result"},
}

var reasonTexts = map[string]Text{
	Closure: {"lukning", "closure"}, ResidentialCare: {"døgnophold", "residential care"}, Prison: {"fængsel", "prison"}, Leave: {"aftalt fravær", "agreed leave"},
}

var roleTexts = map[string]Text{"caseworker": {"en sagsbehandler", "a caseworker"}, "team_leader": {"en teamleder", "a team leader"}}

// times writes what the document says of excuses, pauses and coming back.
func (w *writer) times() {
	w.excused(w.d.Excused)
	if w.d.Pauses == nil {
		w.add("pauses", "Pauser er ikke nævnt: tiden løber altid.", "Pauses are not stated: the clock always runs.")
	} else {
		w.add("pauses", "Fremmøder under en pause tæller ikke. En pause af anden grund end disse ændrer intet.", "Visits during a pause do not count. A pause for another reason than these changes nothing.")
	}
	for i := range w.d.Pauses {
		p := &w.d.Pauses[i]
		w.add(fmt.Sprintf("pauses[%d]", i), "Pause, %s: %s; derefter %s.", "Pause, %s: %s; after it %s.", reasonTexts[p.Reason], clockText(p.Clock), returnText(p.Level, p.Streak))
		if p.MaxDays > 0 {
			w.add(fmt.Sprintf("pauses[%d].max_days", i), "Den varer højst %d dage; derefter tæller fremmøder igen.", "It lasts at most %d days; after them visits count again.", p.MaxDays)
		}
	}
	r := w.d.Readmission
	if r == nil {
		w.add("readmission", "Den, der kommer tilbage efter at være afsluttet, begynder et nyt forløb.", "Whoever comes back after the enrolment ended begins a new episode.")
		return
	}
	w.add("readmission", "Den, der kommer tilbage inden for %d dage efter at være afsluttet, fortsætter sit forløb: %s; derefter %s. Senere %s.",
		"Whoever comes back within %d days after the enrolment ended goes on with the episode: %s; after it %s. Later than that, %s.", r.WithinDays, clockText(r.Clock), returnText(r.Level, r.Streak),
		pick(r.Later == NewEpisode, Text{"begynder et nyt forløb", "a new episode begins"}, Text{"kan man ikke begynde igen", "nobody can begin again"}))
}

// excused writes which excused visits are taken as excused, and who says so.
func (w *writer) excused(e *Excuses) {
	if e == nil {
		w.add("excused", "Ethvert afbud tæller som afbud.", "Every excused visit counts as excused.")
		return
	}
	var da, en []string
	add := func(danish, english string) { da, en = append(da, danish), append(en, english) }
	if len(e.Reasons) > 0 {
		reasons := strings.Join(e.Reasons, ", ")
		add("grunden er en af disse: "+reasons, "its reason is one of "+reasons)
	}
	if e.NoticeHours > 0 {
		add(fmt.Sprintf("det er meldt mindst %d timer før", e.NoticeHours), "it is told at least "+plural(e.NoticeHours, "hour")+" before")
	}
	if e.Most > 0 {
		span := map[string]Text{PerEpisode: {"i forløbet", "in the episode"}, PerPhase: {"i fasen", "in the phase"}, PerMonth: {"i kalendermåneden", "in the calendar month"}}[e.Per]
		add(fmt.Sprintf("det er blandt de første %d %s", e.Most, span.DA), fmt.Sprintf("it is among the first %d %s", e.Most, span.EN))
	}
	if len(da) > 0 {
		w.add("excused", "Et afbud tæller kun som afbud, når %s; ellers tæller det som udeblivelse.", "An excused visit counts as excused only if %s; otherwise it counts as a no-show.",
			Text{strings.Join(da, ", og "), strings.Join(en, ", and ")})
	} else {
		w.excused(nil)
	}
	if len(e.DecidedBy) > 0 {
		roles := texts(e.DecidedBy, func(role string) Text { return roleTexts[role] })
		w.add("excused.decided_by", "Afbud registreres kun af: %s.", "An excused visit is recorded only by: %s.", roles)
	}
}

// makeUp writes what can be made up in a phase.
func (w *writer) makeUp(path string, m *MakeUp) {
	path += ".make_up"
	if m == nil {
		w.add(path, "Det missede kan ikke indhentes.", "What is missed cannot be made up.")
		return
	}
	most := Text{}
	if m.Most > 0 {
		most = Text{fmt.Sprintf(", højst %d i fasen", m.Most), fmt.Sprintf(", at most %d in the phase", m.Most)}
	}
	w.add(path, "Kan indhentes: %s, senest %d dage efter og i samme fase%s. Det missede ændrer da intet, og det nye fremmøde tæller på sin egen dato uden for skemaet.",
		"Can be made up: %s, at most %d days later and in the same phase%s. What was missed then changes nothing, and the new visit counts on its own date, beside the schedule.",
		texts(m.Of, func(outcome string) Text { return outcomeTexts[outcome] }), m.WithinDays, most)
}

// clockText says what becomes of the phase meanwhile.
func clockText(clock string) Text {
	return map[string]Text{
		Stops: {"fasen forlænges med dagene", "the phase is longer by its days"}, Runs: {"fasens tid løber imens", "the phase goes on meanwhile"},
		Restarts: {"fasen begynder forfra", "the phase begins again"},
	}[clock]
}

// returnText says where level and streak are after it.
func returnText(level, streak string) Text {
	l := map[string]Text{Keep: {"er niveauet som før", "the level is as before"}, ToStart: {"er niveauet det første", "the level is the first"}, ToPrevious: {"er niveauet ét lavere", "the level is one lower"}}[level]
	s := pick(streak == Keep, Text{"rækken af fremmøder fortsætter", "the streak goes on"}, Text{"rækken af fremmøder begynder forfra", "the streak begins again"})
	return Text{l.DA + ", og " + s.DA, l.EN + ", and " + s.EN}
}

// text says that a pause lies between this award and the one before.
func (p *Pausing) text() Text {
	back := returnText(p.Level, p.Streak)
	if p.Readmitted {
		on := p.Until.AddDays(1)
		return Text{DA: fmt.Sprintf("efter forløbet blev genoptaget %s %s", on.Danish(), back.DA), EN: fmt.Sprintf("after readmission on %s %s", on, back.EN)}
	}
	return Text{
		DA: fmt.Sprintf("efter pause fra %s til %s %s", p.From.Danish(), p.Until.Danish(), back.DA),
		EN: fmt.Sprintf("after a pause from %s to %s %s", p.From, p.Until, back.EN),
	}
}
