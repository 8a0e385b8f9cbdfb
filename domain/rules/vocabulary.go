package rules

import (
	"fmt"
	"regexp"
	"strings"

	"github.com/fasthold/fasthold/domain"
)

// vocabulary is how a council reads the usual words of a document. A word of a
// municipality's own stands as it is written, with spaces.
var vocabulary = map[string]Text{
	"individual": {"individuel samtale", "individual session"}, "group": {"gruppe", "group session"}, "appointment": {"aftale", "appointment"},
	"groceries": {"dagligvarer", "groceries"}, "clothing": {"tøj", "clothing"}, "sport": {"sport", "sports goods"}, "books": {"bøger", "books"}, "culture": {"kultur", "culture"},
	"alcohol": {"alkohol", "alcohol"}, "tobacco": {"tobak", "tobacco"}, "nicotine": {"nikotin", "nicotine"}, "gambling": {"spil", "gambling"}, "cash": {"kontanter", "cash"}, "gift_cards": {"gavekort", "gift cards"},
	string(NotMet): {"en misset mulighed", "any miss"}, domain.NoShow: {"udeblivelse", "a no-show"}, domain.Excused: {"afbud", "an excused visit"},
	domain.Cancelled: {"aflysning fra stedet", "a cancellation by the provider"}, Late: {"for sent fremmøde", "a late arrival"}, LeftEarly: {"gået før tid", "leaving early"},
	NoValidSample: {"ingen gyldig prøve", "no valid sample"}, Pending: {"afventende svar", "a pending result"}, domain.Attended: {"fremmøde, der ikke nåede målet", "an attended visit that missed the target"},
	"local-guidelines": {"lokale retningslinjer", "local guidelines"},
}

// said is a word of the document as a sentence has it.
func said(word string) Text {
	if t, ok := vocabulary[word]; ok {
		return t
	}
	plain := strings.ReplaceAll(word, "_", " ")
	return Text{plain, plain}
}

// saidAll lists words as a sentence does: "tøj, bøger og kultur".
func saidAll(words []string, da, en string) (t Text) {
	for i, word := range words {
		one, join := said(word), Text{", ", ", "}
		switch {
		case i == 0:
			join = Text{}
		case i == len(words)-1:
			join = Text{" " + da + " ", " " + en + " "}
		}
		t.DA, t.EN = t.DA+join.DA+one.DA, t.EN+join.EN+one.EN
	}
	return t
}

var act = regexp.MustCompile(`^([a-zæøå]+(?:-[a-zæøå]+)*)-(\d+[a-z]?)(?:-(\d+))?$`)

// law writes a legal basis as lawyers do: serviceloven-101-9 is serviceloven
// § 101, stk. 9.
func law(basis string) Text {
	m := act.FindStringSubmatch(basis)
	if m == nil {
		return said(basis)
	}
	name := strings.ReplaceAll(m[1], "-", " ")
	if m[3] == "" {
		return Text{fmt.Sprintf("%s § %s", name, m[2]), fmt.Sprintf("%s § %s", name, m[2])}
	}
	return Text{fmt.Sprintf("%s § %s, stk. %s", name, m[2], m[3]), fmt.Sprintf("%s § %s (%s)", name, m[2], m[3])}
}

// text writes "15 minutter" and "1 time og 30 minutter".
func (m Minutes) text() Text {
	hours, rest := int(m)/60, int(m)%60
	h, r := Text{fmt.Sprintf("%d timer", hours), plural(hours, "hour")}, Text{fmt.Sprintf("%d minutter", rest), plural(rest, "minute")}
	if hours == 1 {
		h.DA = "1 time"
	}
	if rest == 1 {
		r.DA = "1 minut"
	}
	switch {
	case hours == 0:
		return r
	case rest == 0:
		return h
	}
	return Text{h.DA + " og " + r.DA, h.EN + " and " + r.EN}
}
