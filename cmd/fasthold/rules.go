package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
)

// rulesCommands help those who write a programme's rules. They need no server,
// no database and no configuration.
type rulesCommands struct {
	Check     rulesCheckCommand     `cmd:"" help:"Say what is wrong with a document, or that nothing is."`
	Sentences rulesSentencesCommand `cmd:"" help:"Say a document in plain Danish or English."`
	Amounts   rulesAmountsCommand   `cmd:"" help:"Print what someone earns who meets every opportunity."`
	Diff      rulesDiffCommand      `cmd:"" help:"Say what changes from one document to another."`
	Schema    rulesSchemaCommand    `cmd:"" help:"Print the JSON Schema, for editors."`
	Presets   rulesPresetsCommand   `cmd:"" help:"List the documents to start from, or print one."`
}

// A rulesFile is a document's file, in YAML or JSON; - is the standard input.
type rulesFile string

// largestRules is more than rules.Parse takes, so that it can say so.
const largestRules = 1 << 20

// parse reads the document. What is wrong with it is printed, a line each.
func (f rulesFile) parse(p *program) (rules.Document, error) {
	text, err := f.read()
	if err != nil {
		return rules.Document{}, err
	}
	doc, err := rules.Parse(text)
	refused, ok := errors.AsType[*domain.Error](err)
	if !ok {
		return doc, err
	}
	for _, problem := range refused.Fields {
		fmt.Fprintf(p.stdout, "%s: %s\n", problem.Field, problem.Message)
	}
	return doc, fmt.Errorf("%s: %s", f, count(len(refused.Fields), "problem"))
}

func (f rulesFile) read() (text []byte, err error) {
	file := os.Stdin
	if f != "-" {
		if file, err = os.Open(string(f)); err != nil {
			return nil, err
		}
		defer func() { err = errors.Join(err, file.Close()) }()
	}
	return io.ReadAll(io.LimitReader(file, largestRules))
}

type rulesCheckCommand struct {
	File rulesFile `arg:"" help:"The document, in YAML or JSON; - reads the standard input."`
}

// Help is what --help adds.
func (rulesCheckCommand) Help() string {
	return "Each problem is a line: its path in the document, and what it must be. The exit status is 1 when there is one. Example:\n\n  fasthold rules check programme.yaml"
}

// Run checks a document.
func (c rulesCheckCommand) Run(p *program) error {
	if _, err := c.File.parse(p); err != nil {
		return err
	}
	_, err := fmt.Fprintf(p.stdout, "%s: valid\n", c.File)
	return err
}

type rulesSentencesCommand struct {
	File rulesFile `arg:"" help:"The document, in YAML or JSON; - reads the standard input."`
	Lang string    `enum:"da,en" default:"da" help:"The language: one of ${enum}."`
}

// Help is what --help adds.
func (rulesSentencesCommand) Help() string {
	return "This is what a council adopts. Example:\n\n  fasthold rules sentences programme.yaml --lang en"
}

// Run prints a document's sentences.
func (c rulesSentencesCommand) Run(p *program) error {
	doc, err := c.File.parse(p)
	if err != nil {
		return err
	}
	for _, s := range doc.Sentences() {
		if _, err := fmt.Fprintln(p.stdout, in(c.Lang, s.Text)); err != nil {
			return err
		}
	}
	return nil
}

// in gives a text in a language of --lang.
func in(lang string, t rules.Text) string {
	if lang == "en" {
		return t.EN
	}
	return t.DA
}

type rulesAmountsCommand struct {
	File  rulesFile `arg:"" help:"The document, in YAML or JSON; - reads the standard input."`
	Start string    `help:"The first day, YYYY-MM-DD; today when left out."`
}

// Help is what --help adds.
func (rulesAmountsCommand) Help() string {
	return "One visit a day at most; what draws bring is left to chance and counts as nothing here. Example:\n\n  fasthold rules amounts programme.yaml --start 2027-01-04"
}

// Run prints the table of amounts.
func (c rulesAmountsCommand) Run(p *program) error {
	doc, err := c.File.parse(p)
	if err != nil {
		return err
	}
	start := domain.DateOf(time.Now(), doc.Location())
	if c.Start != "" {
		if start, err = domain.ParseDate(c.Start); err != nil {
			return fmt.Errorf("--start: %w", err)
		}
	}
	table := tabwriter.NewWriter(p.stdout, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(table, "number\tdate\tvisit\tamount\tof it bonus\tdraws\tin all\tphase\t")
	for _, r := range doc.Amounts(start) {
		fmt.Fprintf(table, "%d\t%s\t%d\t%s\t%s\t%s\t%s\t%s\t\n", r.Number, r.Date, r.Visit, sum(r.Amount, doc), sum(r.Bonus, doc),
			strings.TrimPrefix(fmt.Sprint(r.Draws), "0"), sum(r.Cumulative, doc), r.Phase)
	}
	return table.Flush()
}

// sum writes an amount, and nothing for nothing.
func sum(minor int64, doc rules.Document) string {
	if minor == 0 {
		return ""
	}
	return domain.FormatMoney(minor, doc.Currency)
}

type rulesDiffCommand struct {
	Old  rulesFile `arg:"" help:"The document as it is."`
	New  rulesFile `arg:"" help:"The document as it would be."`
	Lang string    `enum:"da,en" default:"da" help:"The language: one of ${enum}."`
}

// Help is what --help adds.
func (rulesDiffCommand) Help() string {
	return "Sentence by sentence: - is what the old document says, + what the new one says. Prints nothing when they say the same. Example:\n\n  fasthold rules diff programme-2026.yaml programme-2027.yaml"
}

// Run prints what changes.
func (c rulesDiffCommand) Run(p *program) error {
	from, wrong := c.Old.parse(p)
	to, err := c.New.parse(p)
	if wrong = cmp.Or(wrong, err); wrong != nil {
		return wrong
	}
	for _, change := range rules.Diff(from, to) {
		fmt.Fprintln(p.stdout, change.Path)
		if change.Before != nil {
			fmt.Fprintln(p.stdout, "  -", in(c.Lang, *change.Before))
		}
		if change.After != nil {
			fmt.Fprintln(p.stdout, "  +", in(c.Lang, *change.After))
		}
	}
	return nil
}

type rulesSchemaCommand struct{}

// Help is what --help adds.
func (rulesSchemaCommand) Help() string {
	return "docs/rules.md says how an editor is pointed at it. Example:\n\n  fasthold rules schema > fasthold-rules.schema.json"
}

// Run prints the schema.
func (rulesSchemaCommand) Run(p *program) error {
	_, err := p.stdout.Write(rules.Schema())
	return err
}

type rulesPresetsCommand struct {
	Name string `arg:"" optional:"" help:"The one to print; all names when left out."`
}

// Help is what --help adds.
func (rulesPresetsCommand) Help() string {
	return "Each says where it comes from, which of its values are published, and which are readings. Example:\n\n  fasthold rules presets move-2026 > programme.yaml"
}

// Run lists the presets or prints one.
func (c rulesPresetsCommand) Run(p *program) error {
	if c.Name != "" {
		text, err := rules.Preset(c.Name)
		if err == nil {
			_, err = p.stdout.Write(text)
		}
		return err
	}
	for _, name := range rules.Presets() {
		text, err := rules.Preset(name)
		if err != nil {
			return err
		}
		doc, err := rules.Parse(text)
		if err != nil {
			return err
		}
		fmt.Fprintf(p.stdout, "%-12s %s\n", name, doc.Title.EN)
	}
	return nil
}
