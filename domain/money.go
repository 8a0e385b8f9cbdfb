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
// 1234,5 or 200. Groups of three may be divided by points, and decimals stand
// behind a comma.
func ParseMoney(text string) (minor int64, ok bool) {
	whole, fraction, comma := strings.Cut(text, ",")
	if comma && fraction == "" {
		return 0, false
	}
	groups := strings.Split(whole, ".")
	for i, group := range groups {
		if len(groups) > 1 && (i > 0 && len(group) != 3 || i == 0 && (group == "" || len(group) > 3)) {
			return 0, false
		}
	}
	return MinorUnits(strings.Join(groups, ""), fraction)
}

// MaxWhole is how many digits an amount that is read has before the decimal sign: far
// fewer than an int64 holds, even summed over every line of a file.
const MaxWhole = 11

// MinorUnits makes minor units of the digits before the decimal sign, 1 to MaxWhole of
// them, and of those behind it, of which there may be none to two.
func MinorUnits(whole, fraction string) (minor int64, ok bool) {
	if whole == "" || len(whole) > MaxWhole || len(fraction) > 2 {
		return 0, false
	}
	for _, digit := range whole + fraction + "00"[len(fraction):] {
		if digit < '0' || digit > '9' {
			return 0, false
		}
		minor = minor*10 + int64(digit-'0')
	}
	return minor, true
}
