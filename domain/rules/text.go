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
	visit := e.Milestone * e.Requirement
	full := domain.FormatMoneyShort(e.Full, e.Currency)
	da := []string{fmt.Sprintf("%d. fremmøde", visit)}
	en := []string{fmt.Sprintf("session %d", visit)}
	switch {
	case e.Rule == "attend.table":
		da = append(da, fmt.Sprintf("trin %d giver %s", e.LevelBefore, full))
		en = append(en, fmt.Sprintf("step %d gives %s", e.LevelBefore, full))
	case e.Requirement == 1:
		da = append(da, "hvert fremmøde giver "+full)
		en = append(en, "every session gives "+full)
	default:
		da = append(da, fmt.Sprintf("hvert %d. fremmøde giver %s", e.Requirement, full))
		en = append(en, fmt.Sprintf("every %s session gives %s", ordinal(e.Requirement), full))
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

// text says what the cap did to a reward of which pays are left.
func (c *Cut) text(pays int64, currency string) Text {
	limit := c.limit(currency)
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
