package browsertest

import (
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
)

// sentence is a text of the catalogue.
type sentence struct {
	danish, english string
	form            *regexp.Regexp // of the Danish one, where it has places for others
	letters         int            // of the Danish one, without those places
}

// sentences are all of them.
var sentences = sync.OnceValue(func() (all []sentence) {
	for text := range web.Words() {
		s := sentence{danish: plain(text[web.Danish]), english: plain(text[web.English])}
		s.letters = len(strings.ReplaceAll(s.danish, "%s", ""))
		if strings.Contains(s.danish, "%s") {
			s.form = regexp.MustCompile("^" + strings.ReplaceAll(regexp.QuoteMeta(s.danish), "%s", "(.+?)") + "$")
		}
		all = append(all, s)
	}
	return all
})

// Said gives what a Danish text is in the language of a walk: each thing it can be,
// since what is one word in Danish may be two. A figure, a date and what Name says is a
// name are the same in all. Any other text that the catalogue does not have is a mistake
// of the test, in whichever language it walks.
func Said(ctx context.Context, text string) ([]string, error) {
	if name, is := strings.CutPrefix(text, named); is {
		return []string{name}, nil
	}
	text = plain(text)
	found := translated(text)
	switch {
	case len(found) == 0 && figures.MatchString(text):
		found = []string{date.ReplaceAllStringFunc(text, english)}
	case len(found) == 0:
		return nil, fmt.Errorf("the catalogue has no »%s«: browsertest.Name is for what is a name", text)
	}
	if Walked(ctx).Lang == web.Danish {
		found = []string{text}
	}
	return found, nil
}

// figures are texts without words.
var figures = regexp.MustCompile(`^[\pN\pP\pS ]+(kr\.)?$`)

// named marks a name.
const named = "\u2060"

// Name says that a text is a name, or was typed by somebody: it is the same in every
// language, and the catalogue does not have it.
func Name(text string) string { return named + plain(text) }

// pieces gives what Said gives for a text that may be but a part of one.
func pieces(ctx context.Context, text string) ([]string, error) {
	if strings.HasPrefix(text, named) {
		return Said(ctx, text)
	}
	text = plain(text)
	var whole, parts []string
	for _, s := range sentences() {
		switch {
		case s.danish == text:
			whole = append(whole, s.english)
		case strings.Contains(s.danish, text):
			parts = append(parts, longest(s.english))
		}
	}
	for _, found := range [][]string{whole, parts} {
		if len(found) > 0 && Walked(ctx).Lang == web.Danish {
			return []string{text}, nil
		}
		if len(found) > 0 {
			return found, nil
		}
	}
	return Said(ctx, text)
}

// translated gives the English for a whole text of the catalogue, by the sentences that
// fit it best.
func translated(text string) (found []string) {
	most := 0
	for _, s := range sentences() {
		var english string
		switch {
		case s.danish == text:
			english = s.english
		case s.form == nil || s.letters < max(most, 3, len(text)/3): // which fits too much
			continue
		default:
			places := s.form.FindStringSubmatch(text)
			if places == nil {
				continue
			}
			english = filled(s.english, places[1:])
		}
		if s.letters > most {
			most, found = s.letters, nil
		}
		if s.letters == most && !slices.Contains(found, english) {
			found = append(found, english)
		}
	}
	return found
}

// filled puts what stands in the places of a Danish sentence into the English one.
func filled(form string, places []string) string {
	in := make([]any, len(places))
	for i, place := range places {
		in[i] = date.ReplaceAllStringFunc(place, english)
		if found := translated(place); len(found) == 1 {
			in[i] = found[0]
		}
	}
	return fmt.Sprintf(form, in...)
}

// longest gives the longest stretch of a sentence that has no place in it.
func longest(form string) string {
	return strings.TrimSpace(slices.MaxFunc(strings.Split(form, "%s"), func(a, b string) int { return len(a) - len(b) }))
}

var date = regexp.MustCompile(`([[:alpha:]ø]+dag )?(\d\d-\d\d-\d{4})\b`)

// english writes a Danish date in English, with the day of the week if it has it.
func english(danish string) string {
	parts := date.FindStringSubmatch(danish)
	day, err := time.Parse("02-01-2006", parts[2])
	switch {
	case err != nil:
		return danish
	case parts[1] != "":
		return day.Weekday().String() + " " + domain.DateOf(day, time.UTC).English()
	}
	return domain.DateOf(day, time.UTC).English()
}

// plain is a text without what only its form says, as hand.js has it.
func plain(text string) string { return strings.Join(strings.Fields(text), " ") }

// Either gives the text in the language of a walk, as a name: where the catalogue does
// not have it.
func Either(ctx context.Context, danish, english string) string {
	if Walked(ctx).Lang == web.English {
		return Name(english)
	}
	return Name(danish)
}
