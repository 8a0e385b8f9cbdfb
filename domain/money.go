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
