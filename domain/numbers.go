package domain

import (
	"fmt"
	"regexp"
	"strings"
)

var (
	ibanShape    = regexp.MustCompile(`^[A-Z]{2}[0-9]{2}[A-Z0-9]{11,30}$`)
	bankShape    = regexp.MustCompile(`^[0-9]{4}$`)
	accountShape = regexp.MustCompile(`^[0-9]{1,10}$`)
	bicShape     = regexp.MustCompile(`^[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}([A-Z0-9]{3})?$`)
)

// CleanIBAN gives an account number as banks write it in files, DK5000400440116243:
// in capitals and without the spaces that it is printed with. It says whether it is
// one: its shape, Danish ones their 18 characters, and the check digits of ISO 7064.
func CleanIBAN(text string) (iban string, ok bool) {
	iban = strings.ToUpper(strings.Join(strings.Fields(text), ""))
	if !ibanShape.MatchString(iban) || strings.HasPrefix(iban, "DK") && len(iban) != 18 {
		return iban, false
	}
	return iban, rest97(iban) == 1
}

// rest97 is what an account number leaves when divided by 97, read with its first
// four letters at the end and each letter as two digits.
func rest97(iban string) (rest int) {
	for _, c := range iban[4:] + iban[:4] {
		if c >= 'A' {
			rest = (rest*100 + int(c-'A') + 10) % 97
		} else {
			rest = (rest*10 + int(c-'0')) % 97
		}
	}
	return rest
}

// DanishIBAN gives the IBAN of a Danish account by the bank's registration number,
// of 4 digits, and the account's own, of 1 to 10. It says whether they are such
// numbers; they have no check digits that could tell more.
func DanishIBAN(registration, account string) (iban string, ok bool) {
	if !bankShape.MatchString(registration) || !accountShape.MatchString(account) {
		return "", false
	}
	number := registration + strings.Repeat("0", 10-len(account)) + account
	return fmt.Sprintf("DK%02d%s", 98-rest97("DK00"+number), number), true
}

// MaskIBAN hides all of an account number but its last four characters.
func MaskIBAN(iban string) string {
	hidden := max(len(iban)-4, 0)
	return strings.Repeat("*", hidden) + iban[hidden:]
}

// IBANFor shows a partner's whole account number to those who pay and who audit that,
// and to all others, a partner's stolen till among them, as much as tells it from another.
func IBANFor(to Actor, iban string) string {
	if to.Role == Finance || to.Role == Auditor {
		return iban
	}
	return MaskIBAN(iban)
}

// FormatIBAN writes an account number for people, in groups of four.
func FormatIBAN(iban string) string {
	var groups []string
	for ; len(iban) > 4; iban = iban[4:] {
		groups = append(groups, iban[:4])
	}
	return strings.Join(append(groups, iban), " ")
}

// IBAN cleans an account number and checks it; "" is allowed where it is optional.
func (f *Fields) IBAN(field, text string, optional bool) string {
	iban, ok := CleanIBAN(text)
	if iban == "" {
		f.Check(optional, field, "required", "must not be empty")
		return ""
	}
	f.Check(ok, field, "not_an_iban", "must be an IBAN, like DK50 0040 0440 1162 43: a digit is missing or wrong")
	return iban
}

// BIC cleans a bank's code, of 8 or 11 characters, and checks its shape; "" is
// allowed where it is optional.
func (f *Fields) BIC(field, text string, optional bool) string {
	bic := strings.ToUpper(strings.TrimSpace(text))
	if bic == "" {
		f.Check(optional, field, "required", "must not be empty")
		return ""
	}
	f.Check(bicShape.MatchString(bic), field, "not_a_bic", "must be a bank's BIC of 8 or 11 characters, like DABADKKK")
	return bic
}

// GLN cleans an authority's number (EAN-lokationsnummer) and checks its 13 digits,
// of which the last proves the others; "" is allowed where it is optional.
func (f *Fields) GLN(field, text string, optional bool) string {
	gln := strings.Join(strings.Fields(text), "")
	if gln == "" {
		f.Check(optional, field, "required", "must not be empty")
		return ""
	}
	sum, digits := 0, len(gln) == 13
	for i, c := range gln {
		digits = digits && c >= '0' && c <= '9'
		sum += int(c-'0') * (1 + 2*(i%2))
	}
	f.Check(digits && sum%10 == 0, field, "not_a_gln", "must be a GLN of 13 digits, like 5798000000001: a digit is missing or wrong")
	return gln
}

// ValidCVR reports whether the text is 8 digits whose weighted sum is divisible
// by 11, as in every CVR number; a slip of one digit is caught.
func ValidCVR(text string) bool {
	weights := [8]int{2, 7, 6, 5, 4, 3, 2, 1}
	if len(text) != len(weights) {
		return false
	}
	sum := 0
	for i, weight := range weights {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
		sum += weight * int(text[i]-'0')
	}
	return sum > 0 && sum%11 == 0
}
