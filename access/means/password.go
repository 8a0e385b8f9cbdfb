// Package means is by what a person shows who they are: passwords, the codes of
// a code generator, and passkeys. It knows no database and no clock of its own.
package means

import (
	_ "embed"
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"github.com/fasthold/fasthold/domain"
)

// How many letters a password has.
const (
	ShortestPassword = 12
	LongestPassword  = 200 // more would only cost time
)

// fewestDifferent is how many different letters a password has at least.
const fewestDifferent = 5

//go:embed common.txt
var commonText string

// common are the words of which the commonest passwords are made, the longest
// first, so that none hides in another.
var common = func() []string {
	words := strings.Fields(commonText)
	slices.SortFunc(words, func(a, b string) int { return len(b) - len(a) })
	return words
}()

// CheckPassword notes, as the field password, why a person should not have that
// one. It asks for length and for nothing that is easily guessed, and for no
// particular kinds of letters (NIST SP 800-63B §3.1.1).
func CheckPassword(f *domain.Fields, password, person string) {
	letters := utf8.RuneCountInString(password)
	switch {
	case !utf8.ValidString(password) || strings.ContainsFunc(password, unicode.IsControl):
		f.Add("password", "control_character", "must be one line of plain text")
	case letters < ShortestPassword:
		f.Add("password", "too_short", "must be at least %d letters: three or four words that have nothing to do with each other are good", ShortestPassword)
	case letters > LongestPassword:
		f.Add("password", "too_long", "must be at most %d letters", LongestPassword)
	case repeats(lower(password)):
		f.Add("password", "guessable", "must not be the same few letters again and again, nor letters in a row")
	case names(string(fold(password)), person):
		f.Add("password", "guessable", "must not have your name or e-mail address in it")
	case isCommon(password):
		f.Add("password", "guessable", "is made of what everybody thinks of first: take words that have nothing to do with each other")
	}
}

// normal is the one way of writing a password that can be typed in several
// (Unicode NFC).
func normal(password string) string { return norm.NFC.String(password) }

// lower is a text in small letters.
func lower(text string) []rune { return []rune(strings.ToLower(normal(text))) }

// readAs are the signs that stand for letters.
var readAs = map[rune]rune{'@': 'a', '4': 'a', '3': 'e', '1': 'i', '!': 'i', '0': 'o', '$': 's', '5': 's'}

// fold is a text in small letters, with the signs that stand for letters read as
// those.
func fold(text string) []rune {
	folded := lower(text)
	for i, r := range folded {
		if letter, ok := readAs[r]; ok {
			folded[i] = letter
		}
	}
	return folded
}

// repeats reports whether a text is a shorter one repeated, has too few
// different letters, or is letters in a row for most of its length.
func repeats(runes []rune) bool {
	different, rows := map[rune]bool{}, 0
	for i, r := range runes {
		different[r] = true
		if i > 0 && (r-runes[i-1] == 1 || r-runes[i-1] == -1) {
			rows++
		}
	}
	if len(different) < fewestDifferent || rows*2 > len(runes) {
		return true
	}
	for unit := 1; unit <= len(runes)/2; unit++ {
		if periodic(runes, unit) {
			return true
		}
	}
	return false
}

// periodic reports whether every letter is the one unit letters before it.
func periodic(runes []rune, unit int) bool {
	for i := unit; i < len(runes); i++ {
		if runes[i] != runes[i-unit] {
			return false
		}
	}
	return true
}

// shortestName is how many letters a part of a name must have to be looked for.
const shortestName = 4

var betweenNames = regexp.MustCompile(`[^\p{L}\p{N}]+`)

// names reports whether a text has a part of the person's name in it.
func names(text, person string) bool {
	local, _, _ := strings.Cut(person, "@")
	for _, part := range append(betweenNames.Split(local, -1), person, local) {
		if utf8.RuneCountInString(part) >= shortestName && strings.Contains(text, string(fold(part))) {
			return true
		}
	}
	return false
}

// fewestOwn is how many letters a password must have beside common words.
const fewestOwn = 6

// isCommon reports whether hardly anything is left of a password without the
// common words and what is put around them: digits and signs.
func isCommon(password string) bool {
	plain, folded := lower(password), fold(password)
	for _, word := range common {
		word := fold(word)
		for i := 0; i+len(word) <= len(folded); i++ {
			if slices.Equal(folded[i:i+len(word)], word) {
				clear(folded[i : i+len(word)])
				clear(plain[i : i+len(word)])
			}
		}
	}
	own := 0
	for _, r := range plain {
		if unicode.IsLetter(r) {
			own++
		}
	}
	return own < fewestOwn
}
