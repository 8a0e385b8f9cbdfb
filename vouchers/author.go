package vouchers

import (
	"context"
	"regexp"
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// Preset is a document that ships with Fasthold: its YAML, whose comments say
// where its values come from, and what it says.
type Preset struct {
	Name     string
	YAML     string
	Document rules.Document
}

// Presets gives the documents that ship with Fasthold, in alphabetical order.
func (s *Service) Presets(_ context.Context, actor domain.Actor) (list []Preset, err error) {
	if err := actor.May("listPresets"); err != nil {
		return nil, err
	}
	for _, name := range rules.Presets() {
		p, err := preset(name)
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	return list, nil
}

// Preset gives one of them. NotFound names them all.
func (s *Service) Preset(_ context.Context, actor domain.Actor, name string) (Preset, error) {
	if err := actor.May("getPreset"); err != nil {
		return Preset{}, err
	}
	return preset(name)
}

// own are the lines of a preset that are each programme's own.
var own = regexp.MustCompile(`(?m)^(programme|title|time_zone):.*$`)

// PresetFor gives the YAML of a preset as one of that programme's: with its slug,
// its title and the municipality's time zone.
func (s *Service) PresetFor(ctx context.Context, actor domain.Actor, programme domain.ID, name string) (text string, err error) {
	err = s.read(ctx, actor, "getPreset", func(tx *store.Tx) error {
		p, err := store.Get[domain.Programme](tx, programme)
		if err != nil {
			return err
		}
		zone, err := tx.Zone()
		if err != nil {
			return err
		}
		found, err := preset(name)
		if err != nil {
			return err
		}
		found.Document.Programme, found.Document.TimeZone, found.Document.Title = p.Slug, zone.String(), rules.Text{DA: p.TitleDA, EN: p.TitleEN}
		lines := own.FindAllString(string(found.Document.YAML()), -1)
		text = own.ReplaceAllStringFunc(found.YAML, func(line string) string {
			field, _, _ := strings.Cut(line, ":")
			for _, ours := range lines {
				if strings.HasPrefix(ours, field+":") {
					return ours
				}
			}
			return line
		})
		return nil
	})
	return text, err
}

func preset(name string) (Preset, error) {
	text, err := rules.Preset(name)
	if err != nil {
		return Preset{}, err
	}
	doc, err := rules.Parse(text)
	return Preset{Name: name, YAML: string(text), Document: doc}, err
}

// RulesCheck is what an author is told of a document, in the paths of the
// document itself. What it says is there when nothing is wrong.
type RulesCheck struct {
	Problems []domain.FieldError
	Document rules.Document
	Start    domain.Date // that the amounts begin on
	Amounts  []rules.AmountRow
}

// CheckRules reads a document in YAML or JSON and changes nothing. That it is
// not valid is no error.
func (s *Service) CheckRules(ctx context.Context, actor domain.Actor, document []byte, start domain.Date) (c RulesCheck, err error) {
	err = s.read(ctx, actor, "checkRules", func(tx *store.Tx) error {
		doc, err := rules.Parse(document)
		if c.Problems = domain.FieldsOf(err); len(c.Problems) > 0 {
			return nil
		}
		if err != nil {
			return err
		}
		c.Document = doc
		c.Start, c.Amounts, err = s.amounts(tx, doc, start)
		return err
	})
	return c, err
}

// amounts is the table of amounts of someone who starts on a date, today when
// that is zero.
func (s *Service) amounts(tx *store.Tx, doc rules.Document, start domain.Date) (domain.Date, []rules.AmountRow, error) {
	if start.IsZero() {
		today, err := s.today(tx)
		if err != nil {
			return start, nil, err
		}
		start = today
	}
	return start, doc.Amounts(start), nil
}

// VersionSentences gives a version's rules in sentences.
func (s *Service) VersionSentences(ctx context.Context, actor domain.Actor, id domain.ID) (list []rules.Sentence, err error) {
	err = s.read(ctx, actor, "getVersionSentences", func(tx *store.Tx) error {
		doc, err := s.document(tx, id)
		if err == nil {
			list = doc.Sentences()
		}
		return err
	})
	return list, err
}

// AmountTable is what a version pays a person who meets every opportunity.
type AmountTable struct {
	Document rules.Document
	Start    domain.Date
	Rows     []rules.AmountRow
}

// VersionAmounts gives a version's table of amounts for someone who starts on a
// date; zero: today.
func (s *Service) VersionAmounts(ctx context.Context, actor domain.Actor, id domain.ID, start domain.Date) (t AmountTable, err error) {
	err = s.read(ctx, actor, "getVersionAmounts", func(tx *store.Tx) error {
		if t.Document, err = s.document(tx, id); err == nil {
			t.Start, t.Rows, err = s.amounts(tx, t.Document, start)
		}
		return err
	})
	return t, err
}

// VersionDiff is what changes from one version to another, in sentences.
type VersionDiff struct {
	From, To domain.ProgrammeVersion
	Changes  []rules.Change
}

// VersionDiff compares a version with another; with the zero ID, with the
// version of the programme that is in force today. Invalid when there is none.
func (s *Service) VersionDiff(ctx context.Context, actor domain.Actor, id, against domain.ID) (d VersionDiff, err error) {
	err = s.read(ctx, actor, "getVersionDiff", func(tx *store.Tx) error {
		if d.To, err = store.Get[domain.ProgrammeVersion](tx, id); err != nil {
			return err
		}
		if d.From, err = s.comparedWith(tx, d.To, against); err != nil {
			return err
		}
		from, err := s.document(tx, d.From.ID)
		if err != nil {
			return err
		}
		to, err := s.document(tx, id)
		if err == nil {
			d.Changes = rules.Diff(from, to)
		}
		return err
	})
	return d, err
}

// comparedWith finds the version that v is compared with.
func (s *Service) comparedWith(tx *store.Tx, v domain.ProgrammeVersion, against domain.ID) (domain.ProgrammeVersion, error) {
	if against != (domain.ID{}) {
		return store.Refer(tx, "against", against, store.Everyone[domain.ProgrammeVersion])
	}
	today, err := s.today(tx)
	if err != nil {
		return v, err
	}
	versions, err := store.All[domain.ProgrammeVersion](tx, "number", store.Is("programme_id", v.ProgrammeID))
	if err != nil {
		return v, err
	}
	for _, other := range versions {
		if other.InForce(today) {
			return other, nil
		}
	}
	return v, domain.InvalidField("against", "required", "no version of the programme is in force today: say which version to compare with")
}
