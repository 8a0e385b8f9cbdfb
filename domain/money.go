package domain

import (
	"strconv"
	"strings"
)

// FormatMoney writes an amount in minor units the way Danes write it:
// 123450 DKK is "1.234,50 kr.", and any other currency ends with its ISO 4217
// code instead of "kr.".
func FormatMoney(minor int64, currency string) string {
	digits, sign := strconv.FormatInt(minor, 10), ""
	if minor < 0 {
		digits, sign = digits[1:], "-"
	}
	for len(digits) < 3 {
		digits = "0" + digits
	}
	whole, cents := digits[:len(digits)-2], digits[len(digits)-2:]
	var b strings.Builder
	b.WriteString(sign)
	for i, d := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteByte('.')
		}
		b.WriteRune(d)
	}
	b.WriteString("," + cents + " ")
	if currency == "DKK" {
		b.WriteString("kr.")
	} else {
		b.WriteString(currency)
	}
	return b.String()
}

// FormatMoneyShort is FormatMoney without the decimals of a whole amount:
// 20000 DKK is "200 kr.".
func FormatMoneyShort(minor int64, currency string) string {
	return strings.Replace(FormatMoney(minor, currency), ",00 ", " ", 1)
}

// ParseMoney reads an amount as Danes write it, in minor units: 1.234,50 or
// 1234,5 or 200 kr. Groups of three may be divided by points, and decimals stand
// behind a comma.
func ParseMoney(text string) (minor int64, ok bool) {
	text = strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(strings.TrimSpace(text), "."), "kr"))
	whole, fraction, comma := strings.Cut(text, ",")
	if comma && fraction == "" || len(fraction) > 2 || len(whole) > 18 {
		return 0, false
	}
	groups := strings.Split(whole, ".")
	for i, group := range groups {
		if len(groups) > 1 && (i > 0 && len(group) != 3 || i == 0 && (group == "" || len(group) > 3)) {
			return 0, false
		}
	}
	digits := strings.Join(groups, "") + (fraction + "00")[:2]
	for _, d := range digits {
		if d < '0' || d > '9' {
			return 0, false
		}
	}
	minor, err := strconv.ParseInt(digits, 10, 64)
	return minor, err == nil && whole != ""
}
