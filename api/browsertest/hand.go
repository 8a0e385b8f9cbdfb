package browsertest

import (
	"context"
	_ "embed" // hand.js
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

//go:embed hand.js
var hand string

// part is something on a page: what a selector or a path leads to, or what is in there
// and has one of the texts.
type part struct {
	Where string   `json:"where,omitempty"`
	Tags  string   `json:"tags,omitempty"`
	Texts []string `json:"texts,omitempty"`
}

func (p part) String() string {
	return strings.Join(append(slices.DeleteFunc([]string{p.Where, p.Tags}, func(s string) bool { return s == "" }), p.Texts...), " | ")
}

// Heading waits for the page that has this heading.
func Heading(text string) chromedp.Action { return Has("", "h1", text) }

// Has waits until something in a place is one of these tags and has exactly this text.
func Has(where, tags, text string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		said, err := Said(ctx, text)
		if err != nil {
			return err
		}
		return ask(ctx, new(bool), "there", part{where, tags, said})
	})
}

// Reads waits until a place shows this text, or a text that this is a part of.
func Reads(where, text string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		said, err := pieces(ctx, text)
		if err != nil {
			return err
		}
		return ask(ctx, new(bool), "reads", part{Where: where, Texts: said})
	})
}

// Press presses the button, or follows the link, that has this text.
func Press(text string) chromedp.Action { return PressIn("", text) }

// PressIn does so in a place of the page; there it may also unfold what has this text.
func PressIn(where, text string) chromedp.Action {
	tags := "button, a"
	if where != "" {
		tags += ", summary"
	}
	return chromedp.ActionFunc(func(ctx context.Context) error {
		said, err := Said(ctx, text)
		if err != nil {
			return err
		}
		return press(ctx, part{where, tags, said}, kb.Enter)
	})
}

// PressTwice presses twice, as fast as one can.
func PressTwice(text string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		said, err := Said(ctx, text)
		if err != nil {
			return err
		}
		p := part{Tags: "button", Texts: said}
		if Walked(ctx).Keyboard {
			return press(ctx, p, kb.Enter+kb.Enter)
		}
		var spot spot
		if err := ask(ctx, &spot, "spot", p); err != nil {
			return err
		}
		return chromedp.MouseClickXY(spot.X, spot.Y, chromedp.ClickCount(2)).Do(ctx)
	})
}

// Unfold shows what is folded together under this text.
func Unfold(text string) chromedp.Action { return PressIn("details", text) }

// Click presses what a selector or a path leads to.
func Click(where string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error { return press(ctx, part{Where: where}, kb.Enter) })
}

// Tick ticks the box with this id.
func Tick(id string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		return press(ctx, part{Where: `label[for="` + id + `"]`}, " ")
	})
}

// Upload chooses a file in the field with this id. Only the choice itself, which is the
// system's, is not made by hand.
func Upload(id, file string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		if Walked(ctx).Keyboard {
			if err := tab(ctx, part{Where: "#" + id}); err != nil {
				return err
			}
		}
		return chromedp.SetUploadFiles("#"+id, []string{file}, chromedp.ByQuery).Do(ctx)
	})
}

// press presses something: it points at it, or goes there with the tabulator and
// presses the key.
func press(ctx context.Context, p part, key string) error {
	if Walked(ctx).Keyboard {
		if err := tab(ctx, p); err != nil {
			return err
		}
		return chromedp.KeyEvent(key).Do(ctx)
	}
	return point(ctx, p)
}

// spot is where something is, and what covers it.
type spot struct {
	X, Y  float64
	Under string
}

// point presses something with the pointer, once nothing covers it.
func point(ctx context.Context, p part) error {
	var spot spot
	for err := error(nil); ; err = pause(ctx) {
		if err == nil {
			err = ask(ctx, &spot, "spot", p)
		}
		switch {
		case err != nil && spot.Under != "":
			return fmt.Errorf("%s is covered by %s: %w", p, spot.Under, err)
		case err != nil:
			return err
		case spot.Under == "":
			return chromedp.MouseClickXY(spot.X, spot.Y).Do(ctx)
		}
	}
}

// rounds is how often tab looks where it is.
const rounds = 40

// tab goes on, or back, with the tabulator until something has the focus; each stop on
// the way has to show that it has it.
func tab(ctx context.Context, p part) error {
	for range rounds {
		var found struct {
			Away  int
			There bool
			Unlit []string
		}
		if err := ask(ctx, &found, "away", p); err != nil {
			return err
		}
		if len(found.Unlit) > 0 {
			return fmt.Errorf("the focus does not show at %s", strings.Join(found.Unlit, " or "))
		}
		if found.There {
			return nil
		}
		for range max(found.Away, -found.Away) {
			if err := chromedp.KeyEvent(kb.Tab, back(found.Away < 0)).Do(ctx); err != nil {
				return err
			}
		}
	}
	return fmt.Errorf("the tabulator does not lead to %s", p)
}

// back holds the shift key.
func back(yes bool) chromedp.KeyOption {
	if yes {
		return chromedp.KeyModifiers(input.ModifierShift)
	}
	return chromedp.KeyModifiers()
}

// ask asks the page until it has an answer that is not null.
func ask(ctx context.Context, answer any, what string, of ...any) error {
	given, err := json.Marshal(append([]any{}, of...)) // a list, also of nothing
	if err != nil {
		return err
	}
	script := hand + "." + what + "(..." + string(given) + ")"
	for {
		var said []byte
		wrong := chromedp.Evaluate(script, &said).Do(ctx)
		if wrong == nil && len(said) > 0 && string(said) != "null" {
			return json.Unmarshal(said, answer)
		}
		if err := pause(ctx); err != nil { // the page may be on its way
			return fmt.Errorf("%s of %s: %w", what, given, errors.Join(err, wrong))
		}
	}
}

// pause waits a moment.
func pause(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(20 * time.Millisecond):
		return nil
	}
}
