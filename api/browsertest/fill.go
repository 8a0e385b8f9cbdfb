package browsertest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// field is what a page says of a field to fill in.
type field struct {
	Type, Value string
	At          int // which option is chosen
	Options     []string
	Order       []string // of a date's and a time's parts
}

// Fill writes into the field with this id, in the place of what is there. A date is
// given as 2026-11-21 and a time as 10:00, what is chosen from a list by its value.
func Fill(id, text string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		var f field
		if err := reach(ctx, part{Where: "#" + id}); err != nil {
			return err
		}
		if err := ask(ctx, &f, "field", id); err != nil {
			return err
		}
		picked := f.Type == "date" || f.Type == "time" || len(f.Options) > 0
		switch {
		case !picked:
			return chromedp.Tasks{everything(), chromedp.KeyEvent(kb.Delete), chromedp.KeyEvent(text)}.Do(ctx)
		case !Walked(ctx).Keyboard:
			if err := ask(ctx, new(string), "pick", id, text); err != nil {
				return err
			}
		default:
			if err := (chromedp.Tasks{f.first(id), chromedp.KeyEvent(f.keys(text))}).Do(ctx); err != nil {
				return err
			}
		}
		for f.Value != text { // a list shows what was chosen a moment later
			if err := ask(ctx, &f, "field", id); err != nil {
				return err
			}
			if err := pause(ctx); err != nil && f.Value != text {
				return fmt.Errorf("%s was to be %s and is %q: %w", id, text, f.Value, err)
			}
		}
		return nil
	})
}

// Reach goes to the field with this id.
func Reach(id string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error { return reach(ctx, part{Where: "#" + id}) })
}

// reach goes to a field: with the tabulator, or by pressing it.
func reach(ctx context.Context, p part) error {
	if Walked(ctx).Keyboard {
		return tab(ctx, p)
	}
	return point(ctx, p)
}

// keys are pressed in a field to choose something: arrows in a list; in a date or a
// time its figures, in the browser's order.
func (f field) keys(text string) string {
	if at := slices.Index(f.Options, text); len(f.Options) > 0 {
		return strings.Repeat(kb.ArrowDown, max(at-f.At, 0)) + strings.Repeat(kb.ArrowUp, max(f.At-at, 0))
	}
	at, err := time.Parse("2006-01-02", text)
	if f.Type == "time" {
		at, err = time.Parse("15:04", text)
	}
	if err != nil {
		return text
	}
	hour := map[bool]string{true: "03", false: "15"}[slices.Contains(f.Order, "dayPeriod")]
	written := map[string]map[string]string{"date": {"day": "02", "month": "01", "year": "2006"}, "time": {"hour": hour, "minute": "04", "dayPeriod": "PM"}}
	keys := ""
	for _, place := range f.Order {
		if form := written[f.Type][place]; form != "" {
			keys += at.Format(form)
		}
	}
	return keys
}

// first goes to the first place of a date or a time: back out of it, and in again.
func (f field) first(id string) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		for within := len(f.Options) == 0; within; {
			if err := (chromedp.Tasks{chromedp.KeyEvent(kb.Tab, back(true)), chromedp.Evaluate(`document.activeElement.id === "`+id+`"`, &within)}).Do(ctx); err != nil {
				return err
			}
			if !within {
				return chromedp.KeyEvent(kb.Tab).Do(ctx)
			}
		}
		return nil
	})
}

// everything marks all that is in a field.
func everything() chromedp.Action {
	key := input.DispatchKeyEventParams{Type: input.KeyRawDown, Key: "a", Code: "KeyA", WindowsVirtualKeyCode: 'A', Modifiers: input.ModifierCtrl, Commands: []string{"selectAll"}}
	up := key
	up.Type, up.Commands = input.KeyUp, nil
	return chromedp.Tasks{&key, &up}
}
