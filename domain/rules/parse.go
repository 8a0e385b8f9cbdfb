package rules

import (
	"fmt"
	"time"

	"github.com/fasthold/fasthold/domain"
)

// Limits on what a document may hold.
const (
	maxAmount = 1_000_000_00 // of one reward or one cap, in minor units: a million kroner
	maxTokens = 10_000       // of one reward or one exchange
	maxTable  = 1000
	maxDays   = 3660 // ten years
	maxCount  = 10_000
	maxMet    = 100
	maxList   = 50
	maxCaps   = 10
	maxPhases = 20
	maxDraws  = 100
	maxSlips  = 1_000_000
	maxDepths = 4 // of targets within targets
	maxAge    = 150
)

// Parse reads a programme document in YAML or JSON. Its error is a *domain.Error
// of kind Invalid that names every problem at once: the path of the field, a
// code, a sentence and the line.
func Parse(data []byte) (Document, error) {
	p := &problems{}
	tree, where, err := readTree(data)
	if err != nil {
		p.fields.Put(domain.FieldError{Field: "document", Code: codeMalformed, Message: err.Error(), Danish: danish[err.Error()], Line: lineIn(err)})
		return Document{}, p.fields.Err()
	}
	p.where = where
	d := p.document(tree)
	if err := p.fields.Err(); err != nil {
		return Document{}, err
	}
	return d, nil
}

func (p *problems) document(tree any) Document {
	s := p.open("", tree, documentFields)
	d := Document{
		Programme:  s.slug("programme"),
		LegalBasis: s.text("legal_basis", 200),
		Age:        s.age(),
		Currency:   s.currency("currency"),
		Mode:       s.word("mode", modes),
		Phases:     s.phases(),
		Caps:       s.caps(),
		Voucher:    s.voucher(),
	}
	if s.has("funder") {
		d.Funder = s.slug("funder")
	}
	if s.has("claw_back") {
		d.ClawBack = s.word("claw_back", clawBacks)
	}
	if s.has("excused") {
		d.Excused = s.section("excused", excuseFields).excuses()
	}
	if s.has("pauses") {
		d.Pauses = s.pauses()
	}
	if s.has("readmission") {
		d.Readmission = s.section("readmission", readmissionFields).readmission()
	}
	title := s.section("title", titleFields)
	d.Title = Text{DA: title.text("da", 200), EN: title.text("en", 200)}
	d.location, d.TimeZone = s.timeZone("time_zone")
	p.contradictions(&d)
	return d
}

func (s section) age() Age {
	a := s.section("age", ageFields)
	var age Age
	if a.has("from") {
		age.From = int(a.number("from", 0, maxAge))
	}
	if a.has("to") {
		age.To = int(a.number("to", 1, maxAge))
	}
	switch {
	case !a.absent && !a.has("from") && !a.has("to"):
		a.add(a.path, codeRequired, "must have from, to or both")
	case age.To != 0 && age.To < age.From:
		a.add(a.at("to"), codeContradiction, "must be at least from, which is %d", age.From)
	}
	return age
}

func (s section) timeZone(key string) (*time.Location, string) {
	v, ok := s.get(key, `a name like "Europe/Copenhagen"`)
	if !ok {
		return nil, ""
	}
	name, _ := v.(string)
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" || len(name) > 64 {
		s.add(s.at(key), codeValue, `must be a time zone's IANA name, like "Europe/Copenhagen"`)
		return nil, ""
	}
	return zone, name
}

func (s section) phases() []Phase {
	var phases []Phase
	for i, v := range s.list("phases", 1, maxPhases) {
		path := fmt.Sprintf("phases[%d]", i)
		phases = append(phases, s.open(path, v, phaseFields).phase(i))
	}
	return phases
}

func (s section) caps() []Cap {
	if !s.has("caps") {
		return nil
	}
	var caps []Cap
	for i, v := range s.list("caps", 0, maxCaps) {
		caps = append(caps, s.open(fmt.Sprintf("caps[%d]", i), v, capFields).cap())
	}
	return caps
}

func (s section) voucher() Voucher {
	v := s.section("voucher", voucherFields)
	return Voucher{
		ValidDays:  int(v.number("valid_days", 1, maxDays)),
		Partial:    v.flag("partial"),
		Categories: v.slugs("categories", 1),
		Excluded:   v.slugs("excluded", 0),
	}
}
