package rules

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/fasthold/fasthold/domain"
)

// Text is the explanation in words: "6. fremmøde · hvert 2. fremmøde giver
// 200 kr. · 3 af 6 gavekort".
func (e Explanation) Text() Text {
	first, why := e.visitText(), e.whyText()
	da, en := []string{first.DA, why.DA}, []string{first.EN, why.EN}
	if e.MakesUp != "" {
		da, en = append(da, "indhenter et misset fremmøde"), append(en, "makes up a missed session")
	}
	if e.After != nil {
		after := e.After.text()
		da, en = append(da, after.DA), append(en, after.EN)
	}
	for _, b := range e.Bonus {
		bonus, amount := b.text(), domain.FormatMoneyShort(b.Amount, e.Currency)
		da, en = append(da, "bonus "+amount+" "+bonus.DA), append(en, "bonus "+amount+" "+bonus.EN)
	}
	if e.Cut != nil {
		cut := e.Cut.text(e.Amount, e.Currency)
		da, en = append(da, cut.DA), append(en, cut.EN)
	}
	switch {
	case e.Voucher > 0 && e.MaxVouchers > 0:
		da = append(da, fmt.Sprintf("%d af %d gavekort", e.Voucher, e.MaxVouchers))
		en = append(en, fmt.Sprintf("voucher %d of %d", e.Voucher, e.MaxVouchers))
	case e.Voucher > 0:
		da = append(da, fmt.Sprintf("gavekort nr. %d", e.Voucher))
		en = append(en, fmt.Sprintf("voucher %d", e.Voucher))
	}
	return Text{DA: strings.Join(da, " · "), EN: strings.Join(en, " · ")}
}

// visitText says which visit it was, or which milestone.
func (e *Explanation) visitText() Text {
	if e.Goal != "" {
		return reachedText(e.Goal)
	}
	if e.Visit > 0 {
		return Text{DA: fmt.Sprintf("%d. opfyldte fremmøde i %s", e.Visit, e.Phase), EN: fmt.Sprintf("met session %d of %s", e.Visit, e.Phase)}
	}
	visit := e.Milestone * e.Requirement
	return Text{DA: fmt.Sprintf("%d. fremmøde", visit), EN: fmt.Sprintf("session %d", visit)}
}

// reachedText says which milestone of the treatment plan was reached.
func reachedText(goal string) Text {
	switch goal {
	case "sub_goal":
		return Text{DA: "et delmål er nået", EN: "a sub-goal was reached"}
	case "phase":
		return Text{DA: "en fase af behandlingen er gennemført", EN: "a phase of the treatment was completed"}
	case "plan":
		return Text{DA: "behandlingsplanen er gennemført", EN: "the treatment plan was completed"}
	default:
		return Text{DA: "et mål er nået", EN: "a goal was reached"}
	}
}

// whyText says what the visit was paid by, bonuses aside.
func (e *Explanation) whyText() Text {
	base, level := domain.FormatMoneyShort(e.Base(), e.Currency), e.LevelBefore
	restored := Text{}
	if e.RestoredTo > 0 {
		level, restored = e.RestoredTo, Text{DA: "genoprettet ", EN: "restored "}
	}
	_, shape, _ := strings.Cut(e.Rule, ".")
	switch {
	case e.Draws != nil:
		return e.Draws.text(base)
	case e.Tokens != nil:
		return e.Tokens.text(e.Currency)
	case e.Base() == 0 && len(e.Bonus) > 0:
		return Text{DA: "ingen belønning ud over bonus", EN: "no reward but the bonus"}
	case shape == "table":
		return Text{DA: fmt.Sprintf("%strin %d giver %s", restored.DA, level, base), EN: fmt.Sprintf("%sstep %d gives %s", restored.EN, level, base)}
	case shape != "constant":
		return Text{DA: fmt.Sprintf("%sniveau %d giver %s", restored.DA, level, base), EN: fmt.Sprintf("%slevel %d gives %s", restored.EN, level, base)}
	case e.Goal != "":
		return Text{DA: "det giver " + base, EN: "which gives " + base}
	case e.Requirement == 1:
		return Text{DA: "hvert fremmøde giver " + base, EN: "every session gives " + base}
	default:
		return Text{DA: fmt.Sprintf("hvert %d. fremmøde giver %s", e.Requirement, base), EN: fmt.Sprintf("every %s session gives %s", ordinal(e.Requirement), base)}
	}
}

// drawings writes "1 draw" and "2 draws".
func drawings(n int) Text {
	if n == 1 {
		return Text{DA: "1 lodtrækning", EN: "1 draw"}
	}
	return Text{DA: fmt.Sprintf("%d lodtrækninger", n), EN: plural(n, "draw")}
}

// text says how many draws there were and what they brought.
func (d *Drawn) text(total string) Text {
	t, hat := drawings(d.Number), tickets(d.Tickets)
	switch {
	case d.Tickets > 0 && d.Commitment == "":
		return Text{DA: hat.DA + ", endnu ikke trukket", EN: hat.EN + ", not yet drawn"}
	case d.Tickets > 0 && d.Number == 0:
		return Text{DA: hat.DA + ", navnet blev ikke trukket", EN: hat.EN + ", the name was not drawn"}
	case d.Tickets > 0:
		return Text{DA: hat.DA + ", navnet blev trukket: " + t.DA + " gav " + total, EN: hat.EN + ", the name was drawn: " + t.EN + " brought " + total}
	case d.Commitment == "":
		return Text{DA: t.DA + ", endnu ikke foretaget", EN: t.EN + ", not yet made"}
	default:
		return Text{DA: t.DA + " gav " + total, EN: t.EN + " brought " + total}
	}
}

// text says what the cap did to a reward of which pays are left.
func (c *Cut) text(pays int64, currency string) Text {
	limit := c.limit(currency)
	if c.Used > 0 && (c.scope() != "" || c.Basis == Issued) { // more than this enrolment's awards show
		used := strconv.FormatInt(c.Used, 10)
		if c.Count == 0 {
			used = domain.FormatMoneyShort(c.Used, currency)
		}
		limit = Text{DA: limit.DA + ", hvoraf " + used + " var brugt,", EN: limit.EN + ", of which " + used + " were used,"}
	}
	if pays == 0 {
		return Text{
			DA: "loftet på " + limit.DA + " ville blive overskredet: intet gavekort",
			EN: "the limit of " + limit.EN + " would be passed: no voucher",
		}
	}
	by, rest := domain.FormatMoneyShort(c.By, currency), domain.FormatMoneyShort(pays, currency)
	return Text{
		DA: fmt.Sprintf("nedsat med %s til %s af loftet på %s", by, rest, limit.DA),
		EN: fmt.Sprintf("cut by %s to %s by the limit of %s", by, rest, limit.EN),
	}
}

// limit is the cap's height in words: "6 gavekort" or "1.200 kr.".
func (c *Cap) limit(currency string) Text {
	if c.Count > 0 {
		return Text{DA: fmt.Sprintf("%d gavekort", c.Count), EN: plural(c.Count, "voucher")}
	}
	s := domain.FormatMoneyShort(c.Amount, currency)
	return Text{DA: s, EN: s}
}

// plural writes "1 session" and "2 sessions".
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return strconv.Itoa(n) + " " + noun + "s"
}

// ordinal writes 1st, 2nd, 3rd, 4th, … 11th.
func ordinal(n int) string {
	suffix := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return strconv.Itoa(n) + suffix
}
