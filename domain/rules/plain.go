package rules

import (
	"fmt"
	"strings"

	"github.com/fasthold/fasthold/domain"
)

// Plain says to the citizen, in short sentences, why the award is what it is.
// Not a word tells what the visits are for: no name of a phase, no kind of visit,
// no test. Text is for staff.
func (e Explanation) Plain() (list []Text) {
	add := func(t Text) {
		if t != (Text{}) {
			list = append(list, t)
		}
	}
	add(e.plainWhy())
	for _, b := range e.Bonus {
		add(b.plain(e.Currency))
	}
	if e.Cut != nil {
		add(e.Cut.plain(e.Amount, e.Currency))
	}
	return list
}

// plainWhy says what the visit was paid by, bonuses and caps aside; nothing where
// it brought a bonus only.
func (e *Explanation) plainWhy() Text {
	base := domain.FormatMoneyShort(e.Base(), e.Currency)
	_, shape, _ := strings.Cut(e.Rule, ".")
	switch {
	case e.Draws != nil && e.Draws.Tickets > 0:
		return e.Draws.plainHat(e.Base(), base)
	case e.Draws != nil:
		return e.Draws.plain(e.Base(), base)
	case e.Tokens != nil && e.Tokens.Exchanged > 0:
		return Text{
			fmt.Sprintf("Du byttede %d point til %s Du har %d point tilbage.", e.Tokens.Exchanged, sentence(base), e.Tokens.After),
			fmt.Sprintf("You exchanged %d points for %s You have %d points left.", e.Tokens.Exchanged, sentence(base), e.Tokens.After),
		}
	case e.Base() == 0 && len(e.Bonus) > 0:
		return Text{}
	case e.RestoredTo > 0:
		return Text{fmt.Sprintf("Du er tilbage på trin %d. Det giver %s", e.RestoredTo, sentence(base)), fmt.Sprintf("You are back at step %d. It gives %s", e.RestoredTo, sentence(base))}
	case shape != "constant":
		return Text{fmt.Sprintf("Trin %d giver %s", e.LevelBefore, sentence(base)), fmt.Sprintf("Step %d gives %s", e.LevelBefore, sentence(base))}
	case e.Requirement == 1:
		return Text{"Hver gang giver " + sentence(base), "Every time gives " + sentence(base)}
	default:
		return Text{fmt.Sprintf("Hver %d. gang giver %s", e.Requirement, sentence(base)), fmt.Sprintf("Every %s time gives %s", ordinal(e.Requirement), sentence(base))}
	}
}

// sentence ends a sentence; the dot of "kr." does already.
func sentence(s string) string { return strings.TrimSuffix(s, ".") + "." }

func (d *Drawn) plain(worth int64, amount string) Text {
	slips := slipsText(d.Number)
	switch {
	case d.Commitment == "":
		return Text{"Du har " + slips.DA + ". Trækningen er ikke sket endnu.", "You have " + slips.EN + ". The draw has not been made yet."}
	case worth == 0:
		return Text{"Du trak " + slips.DA + ". Der var ingen gevinst denne gang.", "You drew " + slips.EN + ". There was no prize this time."}
	default:
		return Text{"Du trak " + slips.DA + " og vandt " + sentence(amount), "You drew " + slips.EN + " and won " + sentence(amount)}
	}
}

// plainHat says what became of slips with the citizen's name in the hat.
func (d *Drawn) plainHat(worth int64, amount string) Text {
	slips := slipsText(d.Tickets)
	switch {
	case d.Commitment == "":
		return Text{"Du har " + slips.DA + " i hatten. Trækningen er ikke sket endnu.", "You have " + slips.EN + " in the hat. The draw has not been made yet."}
	case d.Number == 0:
		return Text{"Du havde " + slips.DA + " i hatten. De blev ikke trukket denne gang.", "You had " + slips.EN + " in the hat. None was drawn this time."}
	case worth == 0:
		return Text{"Dit lod blev trukket. Der var ingen gevinst denne gang.", "Your slip was drawn. There was no prize this time."}
	default:
		return Text{"Dit lod blev trukket. Du vandt " + sentence(amount), "Your slip was drawn. You won " + sentence(amount)}
	}
}

func (b *Paid) plain(currency string) Text {
	amount := domain.FormatMoneyShort(b.Amount, currency)
	switch {
	case b.WholeWeekMet:
		return Text{"Bonus: " + amount + " for en hel uge.", "Bonus: " + amount + " for a whole week."}
	case b.PhaseCompleted > 0:
		return Text{fmt.Sprintf("Bonus: %s for gang nr. %d.", amount, b.PhaseCompleted), fmt.Sprintf("Bonus: %s for time number %d.", amount, b.PhaseCompleted)}
	default:
		times := timesText(b.EveryConsecutive + b.OnceAt)
		return Text{"Bonus: " + amount + " for " + times.DA + " i træk.", "Bonus: " + amount + " for " + times.EN + " in a row."}
	}
}

var plainPeriods = map[string]Text{
	PerAward: {"ad gangen", "at a time"}, Month: {"på en kalendermåned", "in a calendar month"}, CalendarYear: {"på et kalenderår", "in a calendar year"},
	RollingYear: {"på et år", "in a year"}, Episode: {"i hele forløbet", "in the whole course"}, Lifetime: {"i alt", "in all"},
}

// plain says what the cap did to an award of which pays are left.
func (c *Cut) plain(pays int64, currency string) Text {
	limit, period := c.limit(currency), plainPeriods[c.Period]
	most := Text{"Der gives højst " + limit.DA + " " + period.DA, "At most " + limit.EN + " " + period.EN}
	if pays == 0 {
		return Text{most.DA + ", og den grænse er nået.", most.EN + ", and that limit is reached."}
	}
	by := domain.FormatMoneyShort(c.By, currency)
	return Text{most.DA + ". Derfor er " + by + " trukket fra.", most.EN + ". So " + by + " was taken off."}
}
