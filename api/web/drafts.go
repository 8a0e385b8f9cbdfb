package web

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// DraftStart is the page on which one chooses what a new version begins from.
type DraftStart struct {
	At       string
	Versions []Version
	Presets  []PresetStart
}

// PresetStart is a document that ships with Fasthold.
type PresetStart struct{ Name, Title, Says string }

// NewDraftStart makes that page.
func NewDraftStart(v View, e vouchers.Edition, presets []vouchers.Preset) DraftStart {
	s := DraftStart{At: v.programmeAt(e.Programme.ID) + "/draft", Versions: v.versions(e.Versions, e.Today)}
	for i := range s.Versions {
		s.Versions[i].Address = s.At + "?from=" + v.ID("ver", e.Versions[i].ID)
	}
	for _, p := range presets {
		s.Presets = append(s.Presets, PresetStart{p.Name, v.In(p.Document.Title), v.word("rules.preset.", strings.ReplaceAll(p.Name, "-", "_"))})
	}
	return s
}

// Draft is the page on which a version is written.
type Draft struct {
	At      string // where it is sent
	Check   string // where it is checked while it is written
	Form    Input
	Text    string
	Lines   []Line
	Unsaved bool   // it was typed, and is not kept yet
	Now     string // where the version is as somebody else changed it meanwhile; "": nobody did
	Proof   Proof
}

// Changes says which version it is that is changed.
func (d *Draft) Changes(v View, x domain.ProgrammeVersion) {
	if d.Form.Stale() {
		d.Now = v.VersionAt(x)
	}
	d.Form = d.Form.At(x.Version)
}

// Line is a line of the text, by its number.
type Line struct {
	Number int
	Wrong  bool
}

// Proof is what a document is told while it is written.
type Proof struct {
	Told     string // in one sentence
	Problems []Problem
	Rules    *Rules // what it says; nil while something is wrong
}

// Problem is what is wrong with a line.
type Problem struct {
	Line        int // 0: with none of them
	Field, Says string
	Remedy      string // in English, where there are no other words for it; "" else
}

// NewProof makes what a document is told. Of is what its version is called.
func NewProof(v View, p vouchers.Proof, of string) (shown Proof) {
	if len(p.Problems) == 0 {
		said := v.newRules(p.Said, p.InForce, of)
		return Proof{Told: Text(v.Lang, "rules.told_well"), Rules: &said}
	}
	for _, f := range p.Problems {
		problem := Problem{Line: f.Line, Field: strings.TrimPrefix(strings.TrimPrefix(f.Field, "document"), "."), Says: FieldFault(v.Lang, f)}
		if v.Lang != English && f.Danish == "" {
			problem.Remedy = f.Message
		}
		shown.Problems = append(shown.Problems, problem)
	}
	slices.SortStableFunc(shown.Problems, func(a, b Problem) int { return cmp.Compare(a.Line, b.Line) })
	shown.Told = Text(v.Lang, "rules.told_problems", fmt.Sprint(len(shown.Problems)))
	if len(shown.Problems) == 1 {
		shown.Told = Text(v.Lang, "rules.told_problem")
	}
	return shown
}

// NewDraft makes the page on which a version is written. At is where it is sent.
func NewDraft(v View, programme domain.ID, at, text string, in Input, proof Proof) Draft {
	d := Draft{At: at, Check: v.programmeAt(programme) + "/check", Form: in, Text: text, Proof: proof}
	wrong := map[int]bool{}
	for _, p := range proof.Problems {
		wrong[p.Line] = true
	}
	for n := range strings.Count(text, "\n") + 1 {
		d.Lines = append(d.Lines, Line{n + 1, wrong[n+1]})
	}
	return d
}

// Rows is how many lines the field has room for.
func (d Draft) Rows() int { return len(d.Lines) + 1 }

// Adoption is the page on which a version is adopted.
type Adoption struct {
	At      string
	Version Version
	Own     bool // who reads it wrote it, so somebody else must
	Form    Input
	Preview *AdoptionPreview // nil: it is not said yet what is decided
}

// Kept are the fields that stay as they were typed while the preview is shown.
func (Adoption) Kept() []string {
	return []string{"adopted_by", "adopted_on", "in_force_from", "in_force_to"}
}

// AdoptionPreview is what an adoption would do.
type AdoptionPreview struct {
	By, On, From, To string
	Ends, EndsOn     string // the number of the version that ends, and its last day; "": none
	Stay             int64  // who are enrolled in it
	Rules            Rules
}

// NewAdoption makes the page on which a version is adopted.
func NewAdoption(v View, x domain.ProgrammeVersion, today domain.Date, person string, in Input) Adoption {
	return Adoption{At: v.VersionAt(x) + "/adopt", Version: v.version(x, today), Own: x.WrittenBy == domain.Fold(person), Form: in.At(x.Version)}
}

// Shows adds what the adoption would do.
func (a *Adoption) Shows(v View, p vouchers.AdoptionPreview) {
	x := p.Version
	shown := AdoptionPreview{By: x.AdoptedBy, On: v.Date(x.AdoptedOn), From: v.Date(x.InForceFrom), To: v.Date(x.InForceTo), Stay: p.Stay, Rules: v.newRules(p.Said, p.InForce, v.Numbered(*x))}
	if p.Ends != nil {
		shown.Ends, shown.EndsOn = fmt.Sprint(p.Ends.Number), v.Date(p.Ends.InForceTo)
	}
	a.Preview = &shown
}
