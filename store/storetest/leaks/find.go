// Package leaks searches what a test run wrote for what nobody may read there:
// the marked names, numbers and texts of people, and by their form tokens, codes,
// keys and passwords.
//
// A package whose tests start the service hands its TestMain to Main, and lets
// what the service writes go to Log, Address, Answer or Page as well. Main runs
// the tests in a process of their own, so that it reads also what a panic says.
package leaks

import (
	"encoding/json"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
)

// People are the marked texts that tests of all packages use for what is
// personal. Where a test needs another name or number, it calls Mark.
var People = []string{
	// in the tests of use cases
	"Mærkelil", "Mærkesen", "240390-4321", "2403904321", "27182818", "Mærkemål", "Mærkeord", "Mærkerettelse", "Mærkeafslag", "Mærketab",
	"Mærkefund", "Mærkefejl", "Mærkesletning", "Mærkeflytning", "Mærkepause",
	// in the examples of openapi.yaml and the world they are sent to
	"Anna Eksempel", "Bo Eksempel", "Ella Eksempel", "241203-5678", "2412035678", "170500-4321", "1705004321", "20 30 40 50", "20304050",
	"20304051", "20304059", "Jeg møder op",
}

// forms are the secrets that have one, by what they are. A token begins a word:
// what others make at random, such as a provider's code, may have its letters
// inside.
var forms = map[string]*regexp.Regexp{
	"a token":                      regexp.MustCompile(`(^|[^A-Za-z0-9_-]|%[0-9A-Fa-f]{2}|\\[nrt])fh[a-z]_[A-Za-z0-9_-]{20,}`),
	"a voucher's code":             regexp.MustCompile(`\b[0-9A-HJKMNP-TV-Z]{4}([- ][0-9A-HJKMNP-TV-Z]{4}){4}\b`),
	"a CPR number":                 regexp.MustCompile(`\b[0-9]{6}-[0-9]{4}\b`),
	"a key":                        regexp.MustCompile(`\b[0-9]{1,3}:[A-Za-z0-9+/_-]{42}[A-Za-z0-9+/_=-]`),
	"a database's password":        regexp.MustCompile(`postgres(ql)?://[^\s:/@]+:[^\s@/]+@`),
	"a password's hash":            regexp.MustCompile(`\$argon2(id|i|d)\$`),
	"a TOTP secret":                regexp.MustCompile(`otpauth://\S*secret`),
	"a private key":                regexp.MustCompile(`-----BEGIN [A-Z ]*PRIVATE KEY`),
	"a signed token of a provider": regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{10,}\.eyJ[A-Za-z0-9_-]{10,}\.`),
	"an Authorization header":      regexp.MustCompile(`(?i)\b(bearer|basic) [A-Za-z0-9._~+/-]{16,}`),
	"a cookie":                     regexp.MustCompile(`__Host-[a-z-]+=[^;\s"]{8,}`),
}

// blackened is what PostgreSQL's driver writes where a password was.
const blackened = ":xxxxx@"

// marked are the texts of this run, with what they look like elsewhere.
var marked = struct {
	sync.Mutex
	texts []string
}{texts: spellings(People...)}

// Mark adds secrets or personal texts of a test to what is searched for.
func Mark(texts ...string) {
	marked.Lock()
	defer marked.Unlock()
	for _, text := range spellings(texts...) {
		if !slices.Contains(marked.texts, text) {
			marked.texts = append(marked.texts, text)
		}
	}
}

// spellings gives texts as they are in a log, in an address and in JSON. Short
// ones, which stand in everything, are left out.
func spellings(texts ...string) (all []string) {
	for _, text := range texts {
		if len(text) < 6 {
			continue
		}
		quoted, _ := json.Marshal(text) // a string is always JSON
		for _, spelt := range []string{text, "+45" + text, url.QueryEscape(text), url.PathEscape(text), strings.Trim(string(quoted), `"`), escaped(text)} {
			if !slices.Contains(all, spelt) {
				all = append(all, spelt)
			}
		}
	}
	return all
}

// escaped is a text as JSON of nothing but ASCII has it.
func escaped(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r < 128 {
			b.WriteRune(r)
		} else {
			b.WriteString(`\u` + strings.ToLower(hex4(r)))
		}
	}
	return b.String()
}

func hex4(r rune) string {
	const digits = "0123456789ABCDEF"
	return string([]byte{digits[r>>12&15], digits[r>>8&15], digits[r>>4&15], digits[r&15]})
}

// Find gives each leak in a text, in words, with what stands before it.
func Find(text string) (found []string) {
	marked.Lock()
	defer marked.Unlock()
	for _, mark := range marked.texts {
		if i := index(text, mark); i >= 0 {
			found = append(found, "the mark "+mark+" in: …"+around(text, i, len(mark)))
		}
	}
	for what, form := range forms {
		for _, at := range form.FindAllStringIndex(text, -1) {
			if !strings.Contains(text[at[0]:at[1]], blackened) {
				found = append(found, what+" in: …"+around(text, at[0], at[1]-at[0]))
				break
			}
		}
	}
	slices.Sort(found)
	return found
}

// index finds a mark; a number only where it is a whole one and no fraction, for
// any may stand in that of a second.
func index(text, mark string) int {
	number := strings.Trim(mark, "0123456789") == ""
	for from := 0; ; {
		i := strings.Index(text[from:], mark)
		if i < 0 {
			return -1
		}
		i += from
		whole := !digit(text, i-1) && !digit(text, i+len(mark))
		fraction := i > 0 && text[i-1] == '.' && digit(text, i-2)
		if !number || whole && !fraction {
			return i
		}
		from = i + 1
	}
}

func digit(text string, at int) bool {
	return at >= 0 && at < len(text) && text[at] >= '0' && text[at] <= '9'
}

// around is a leak with what stands beside it, for who has to find its source.
func around(text string, at, length int) string {
	return text[max(0, at-200):min(len(text), at+length+40)]
}
