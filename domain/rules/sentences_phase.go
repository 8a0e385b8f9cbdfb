package rules

import (
	"fmt"
	"strconv"
	"strings"
)

// span is how long the phase is.
func (p *Phase) span() Text {
	switch sc := p.Opportunities; {
	case p.Weeks > 0:
		return Text{fmt.Sprintf("%d uger fra fasens første dag", p.Weeks), plural(p.Weeks, "week") + " from its first day"}
	case p.Days > 0:
		return Text{fmt.Sprintf("%d dage fra fasens første dag", p.Days), plural(p.Days, "day") + " from its first day"}
	case sc.Count > 0:
		if sc.Count == 1 {
			return Text{"indtil 1 mulighed er brugt", "until 1 opportunity is used"}
		}
		return Text{fmt.Sprintf("indtil %d muligheder er brugt", sc.Count), fmt.Sprintf("until %d opportunities are used", sc.Count)}
	default:
		return Text{"til den sidste aftalte dag", "to its last dated day"}
	}
}

var dayTexts = map[string]Text{
	"mon": {"mandag", "Monday"}, "tue": {"tirsdag", "Tuesday"}, "wed": {"onsdag", "Wednesday"}, "thu": {"torsdag", "Thursday"},
	"fri": {"fredag", "Friday"}, "sat": {"lørdag", "Saturday"}, "sun": {"søndag", "Sunday"},
}

// text says which visits are opportunities.
func (sc *Schedule) text() (t Text) {
	switch {
	case len(sc.Days) > 0:
		days := texts(sc.Days, func(d string) Text { return dayTexts[d] })
		t = Text{"Det første fremmøde hver " + days.DA + " er en mulighed", "The first visit of each " + days.EN + " is an opportunity"}
	case sc.PerWeek == 1:
		t = Text{"Det første fremmøde i hver uge på syv dage fra fasens første dag er en mulighed", "The first visit of each week of seven days from the phase's first day is an opportunity"}
	case sc.PerWeek > 0:
		t = Text{fmt.Sprintf("De første %d fremmøder i hver uge på syv dage fra fasens første dag er muligheder", sc.PerWeek), fmt.Sprintf("The first %d visits of each week of seven days from the phase's first day are opportunities", sc.PerWeek)}
	case len(sc.OnDays) > 0:
		days := texts(sc.OnDays, func(d int) Text { return Text{strconv.Itoa(d), strconv.Itoa(d)} })
		t = Text{"Det første fremmøde på dag " + days.DA + " er en mulighed; dag 0 er fasens første", "The first visit on day " + days.EN + " is an opportunity; day 0 is the phase's first"}
	default:
		t = Text{"Hvert fremmøde er en mulighed", "Every visit is an opportunity"}
	}
	if sc.MinGap > 0 {
		t.DA += fmt.Sprintf(", med mindst %d dage imellem", sc.MinGap)
		t.EN += fmt.Sprintf(", at least %d days apart", sc.MinGap)
	}
	return t
}

// texts joins a list in both languages.
func texts[T any](list []T, text func(T) Text) (t Text) {
	var da, en []string
	for _, v := range list {
		one := text(v)
		da, en = append(da, one.DA), append(en, one.EN)
	}
	return Text{strings.Join(da, ", "), strings.Join(en, ", ")}
}

// text says what is rewarded.
func (t *Target) text() Text {
	each := func(list []Target) Text { return texts(list, func(t Target) Text { return t.text() }) }
	switch {
	case t.Attend != nil:
		kinds := saidAll(t.Attend, "eller", "or")
		return Text{"fremmøde (" + kinds.DA + ")", "attending (" + kinds.EN + ")"}
	case t.OnTimeWithin > 0:
		return Text{"at komme højst " + t.OnTimeWithin.text().DA + " for sent", "arriving at most " + t.OnTimeWithin.text().EN + " late"}
	case t.StayAtLeast > 0:
		return Text{"at blive mindst " + t.StayAtLeast.text().DA, "staying at least " + t.StayAtLeast.text().EN}
	case t.Test != "":
		return Text{"en negativ prøve", "a negative sample"}
	case t.Goal != nil:
		return goalText(t.Goal)
	case t.Task != nil && t.Task[0] == Any:
		return Text{"en hvilken som helst udført opgave", "any task done"}
	case t.Task != nil:
		return Text{"en udført opgave (" + strings.Join(t.Task, ", ") + ")", "a task done (" + strings.Join(t.Task, ", ") + ")"}
	case t.NthSession != nil:
		n := texts(t.NthSession, func(n int) Text { return Text{strconv.Itoa(n), strconv.Itoa(n)} })
		return Text{"borgerens fremmøde nr. " + n.DA + " i fasen; de andre tæller med, men giver intet og ændrer intet", "the citizen's session number " + n.EN + " of the phase; the others are counted, but pay and change nothing"}
	case t.AllOf != nil:
		of := each(t.AllOf)
		return Text{"alle af disse: " + of.DA, "all of these: " + of.EN}
	case t.AnyOf != nil:
		of := each(t.AnyOf)
		return Text{"mindst ét af disse: " + of.DA, "any of these: " + of.EN}
	default:
		of := each(t.NOf.Of)
		return Text{fmt.Sprintf("mindst %d af disse: %s", t.NOf.N, of.DA), fmt.Sprintf("at least %d of these: %s", t.NOf.N, of.EN)}
	}
}

// magnitude writes the amounts.
func (w *writer) magnitude(path string, p *Phase) {
	path += ".magnitude"
	if t := p.Magnitude.Tokens; t != nil {
		w.tokens(path+".tokens", p, t)
		return
	}
	w.add(path, "Belønningen er %s.", "The reward is %s.", p.Magnitude.text(p, func(a int64) Text { return Text{w.money(a), w.money(a)} }))
}

// text says how much each level is, in money or tokens.
func (m *Magnitude) text(p *Phase, much func(int64) Text) Text {
	both := func(da, en string, amounts ...int64) Text {
		danish, english := make([]any, len(amounts)), make([]any, len(amounts))
		for i, a := range amounts {
			t := much(a)
			danish[i], english[i] = t.DA, t.EN
		}
		return Text{fmt.Sprintf(da, danish...), fmt.Sprintf(en, english...)}
	}
	switch {
	case m.Linear != nil && m.Linear.Ceiling > 0:
		return both("%s på første niveau og %s mere for hvert niveau, højst %s", "%s at the first level and %s more at each next, at most %s", m.Linear.Start, m.Linear.Step, m.Linear.Ceiling)
	case m.Linear != nil:
		return both("%s på første niveau og %s mere for hvert niveau", "%s at the first level and %s more at each next", m.Linear.Start, m.Linear.Step)
	case m.Descending != nil:
		return both("%s på første niveau og %s mindre for hvert niveau, mindst %s", "%s at the first level and %s less at each next, at least %s", m.Descending.Start, m.Descending.Step, m.Descending.Floor)
	case len(m.Table) > 0:
		t := texts(m.Table, much)
		if p.Escalation != nil {
			return Text{"efter tur " + t.DA + "; derefter bliver det ved det sidste", "in turn " + t.EN + "; after that it stays at the last"}
		}
		return Text{"efter tur " + t.DA + "; derefter gives der ikke mere i fasen", "in turn " + t.EN + "; after that the phase pays no more"}
	default:
		return much(m.Constant)
	}
}

// moves writes what raises the level, sets it back and restores it.
func (w *writer) moves(path string, p *Phase) {
	if e := p.Escalation; e != nil {
		w.add(path+".escalation", "Niveauet stiger med ét %s.", "The level rises by one %s.", e.text())
	}
	r := p.Reset
	if r == nil {
		w.add(path+".reset", "En misset mulighed ændrer ikke niveauet, men afbryder rækken af fremmøder.", "A miss leaves the level as it is, but ends the streak.")
		return
	}
	to := map[string]Text{ToStart: {"til første niveau", "to the first level"}, ToPrevious: {"ét niveau ned", "down one level"}, ToNone: {"ikke", "nowhere"}}[r.To.Word]
	if r.To.Level > 0 {
		to = Text{fmt.Sprintf("til niveau %d", r.To.Level), fmt.Sprintf("to level %d", r.To.Level)}
	}
	w.add(path+".reset", "Ved %s sættes niveauet tilbage %s; %s. Det optjente røres aldrig.", "On %s the level goes back %s; %s. What is earned is never touched.", saidAll(r.On, "eller", "or"), to,
		pick(r.ClearsBonus, Text{"bonusrækken begynder forfra", "the bonus streak begins again"}, Text{"bonusrækken fortsætter", "the bonus streak goes on"}))
	if rs := p.Restoration; rs != nil {
		w.add(path+".restoration", "Efter %d opfyldte fremmøder i træk gives niveauet tilbage %s: %s; ved flere missede gælder %s; det påbegyndte trin %s.",
			"After %d met visits in a row the level is restored %s: %s; after several misses %s counts; the run towards the next level %s.", rs.After,
			pick(rs.Apply == Next, Text{"fra det næste fremmøde", "from the next visit"}, Text{"allerede på dette fremmøde", "on that very visit"}),
			pick(rs.To == Last, Text{"det, der sidst blev udbetalt", "the one last paid"}, Text{"det, der stod for tur", "the one that was due"}),
			map[string]Text{First: {"det første", "the first"}, Last: {"det seneste", "the newest"}, Highest: {"det højeste", "the highest"}}[rs.Memory],
			pick(rs.PartRun == Keep, Text{"fortsætter", "goes on"}, Text{"begynder forfra", "begins again"}))
	}
}

func (e *Escalation) text() Text {
	switch {
	case e.Every.Visit:
		return Text{"for hvert opfyldt fremmøde", "at each met visit"}
	case e.Every.Consecutive > 0:
		return Text{fmt.Sprintf("for hvert %d. opfyldte fremmøde i træk, fra det næste fremmøde", e.Every.Consecutive), fmt.Sprintf("at every %s met visit in a row, from the next visit on", ordinal(e.Every.Consecutive))}
	case e.Every.WeekNumber:
		return Text{"for hver ny uge, uanset hvad der skete i den", "with each new week, whatever happened in it"}
	case e.Excused == ExcusedCounts:
		return Text{"efter hver uge, hvor alle muligheder er opfyldt, eller de øvrige er det og resten er afbud", "after each week in which every opportunity was met, or excused while others were met"}
	default:
		return Text{"efter hver uge, hvor alle muligheder er opfyldt; et afbud bryder ugen", "after each week in which every opportunity was met; an excused visit breaks it"}
	}
}

func (b *Bonus) text() Text {
	switch {
	case b.EveryConsecutive > 0:
		return Text{fmt.Sprintf("for hvert %d. opfyldte fremmøde i træk", b.EveryConsecutive), fmt.Sprintf("at every %s met visit in a row", ordinal(b.EveryConsecutive))}
	case b.OnceAt > 0:
		return Text{fmt.Sprintf("én gang, ved %d opfyldte fremmøder i træk", b.OnceAt), fmt.Sprintf("once, at %d met visits in a row", b.OnceAt)}
	case b.WholeWeekMet:
		return Text{"for hver uge, hvor alle muligheder er opfyldt", "for each week in which every opportunity was met"}
	default:
		return Text{fmt.Sprintf("ved fasens opfyldte fremmøde nr. %d", b.PhaseCompleted), fmt.Sprintf("at the phase's met visit number %d", b.PhaseCompleted)}
	}
}

// draws writes the draws and the bowl.
func (w *writer) draws(path string, p *Phase) {
	d := p.Draws
	if p.Hat != nil {
		w.hat(path, p)
		return
	}
	w.add(path+".draws", "Antallet af lodtrækninger er %d første gang, %d mere hver næste, højst %d. Ved %s går det tilbage til %d. %s",
		"The number of draws is %d the first time, %d more each next, at most %d. On %s it goes back to %d. %s", d.Start, d.Step, d.Ceiling, saidAll(d.Reset.On, "eller", "or"), d.Reset.To,
		pick(d.WithReplacement, Text{"Loddet lægges tilbage før næste lodtrækning.", "Each slip goes back before the next draw."}, Text{"Loddet lægges først tilbage efter fremmødet.", "Slips go back only after the visit."}))
	w.bowl(path, p)
}

// bowl writes what slips there are and what one draw is worth.
func (w *writer) bowl(path string, p *Phase) {
	slips := texts(p.Bowl, func(s Slip) Text {
		if s.Value == 0 {
			return Text{fmt.Sprintf("%d med ordene „%s“", s.Slips, s.Label), fmt.Sprintf("%d with the words “%s”", s.Slips, s.Label)}
		}
		return Text{fmt.Sprintf("%d à %s", s.Slips, w.money(s.Value)), fmt.Sprintf("%d of %s", s.Slips, w.money(s.Value))}
	})
	w.add(path+".bowl", "I skålen er %d lodder: %s. En lodtrækning giver i gennemsnit %s og højst %s.", "The bowl has %d slips: %s. A draw is worth %s on average and at most %s.",
		p.Bowl.Slips(), slips, w.money((2*p.Bowl.Worth()+int64(p.Bowl.Slips()))/(2*int64(p.Bowl.Slips()))), w.money(p.Bowl.Worst()))
}
