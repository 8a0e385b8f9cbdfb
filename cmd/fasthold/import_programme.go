package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers"
	"github.com/fasthold/fasthold/vouchers/sheet"
)

// programme finds the programme that the plans join and the currency it pays
// in. One that is not there yet is made and adopted, from the rule document
// named or from the preset of that name, when the flags say who adopted it: the
// council must have, before any voucher is issued (docs/operations.md).
func (c importCommand) programme(ctx context.Context, s *site, actor domain.Actor, export vouchers.Export) (id domain.ID, currency string, err error) {
	document, slug, err := c.document()
	if err != nil {
		return id, "", err
	}
	there, err := s.Programmes(ctx, actor, store.Page{Limit: pageSize}, slug)
	if err != nil {
		return id, "", err
	}
	if len(there.Rows) > 0 {
		id = there.Rows[0].ID
		if currency, err = pays(ctx, s, actor, id); err != nil || currency != "" {
			return id, currency, err
		}
	}
	if document == nil {
		return id, "", fmt.Errorf("no programme %q is adopted here: --programme takes the short name of one that is, a rule document (.yaml), or a preset: %s", slug, strings.Join(rules.Presets(), ", "))
	}
	doc, err := rules.Parse(document)
	if err != nil {
		return id, "", err
	}
	adoption, err := c.adoption(doc, export)
	if err != nil {
		return id, "", err
	}
	version, err := draft(ctx, s.Service, actor, id, doc)
	if err != nil {
		return id, "", err
	}
	_, err = s.AdoptVersion(ctx, actor, version.ID, version.Version, adoption)
	return version.ProgrammeID, doc.Currency, err
}

// document gives the rule document that --programme names, or nil for a short
// name without one, and the programme's short name.
func (c importCommand) document() (document []byte, slug string, err error) {
	if !slices.Contains([]string{".yaml", ".yml", ".json"}, filepath.Ext(c.Programme)) {
		if document, err = rules.Preset(c.Programme); domain.KindOf(err) == domain.NotFound {
			err = nil
		}
		return document, c.Programme, err
	}
	if document, err = os.ReadFile(c.Programme); err != nil {
		return nil, "", fmt.Errorf("--programme: %w", err)
	}
	doc, err := rules.Parse(document)
	if err != nil {
		return nil, "", fmt.Errorf("%s: %w", c.Programme, err)
	}
	return document, doc.Programme, nil
}

// pays gives the currency that a programme pays in; "" when none of its
// versions is adopted.
func pays(ctx context.Context, s *site, actor domain.Actor, programme domain.ID) (string, error) {
	versions, err := s.Versions(ctx, actor, programme, store.Page{Limit: pageSize}, "")
	for _, v := range versions.Rows {
		if v.State != domain.VersionDraft {
			doc, err := rules.Parse(v.Document)
			return doc.Currency, err
		}
	}
	return "", err
}

// adoption reads who adopted the programme and when.
func (c importCommand) adoption(doc rules.Document, export vouchers.Export) (a vouchers.Adoption, err error) {
	if c.AdoptedBy == "" || c.InForceFrom == "" {
		return a, fmt.Errorf("the programme %s is not adopted in this database yet, and the council must have adopted it before it pays. Say who did, and the first day it holds%s, like:\n  --adopted-by Byrådet --in-force-from %s",
			doc.Programme, firstPlan(doc, export), cmp.Or(earliest(doc, export), domain.Date{Year: 2026, Month: 1, Day: 1}))
	}
	a.AdoptedBy = c.AdoptedBy
	var wrong [2]error
	a.InForceFrom, wrong[0] = domain.ParseDate(c.InForceFrom)
	a.AdoptedOn, wrong[1] = domain.ParseDate(cmp.Or(c.AdoptedOn, c.InForceFrom))
	return a, errors.Join(wrong[:]...)
}

// firstPlan says when the first plan of the export starts, if it does.
func firstPlan(doc rules.Document, export vouchers.Export) string {
	if first := earliest(doc, export); !first.IsZero() {
		return fmt.Sprintf(", no later than the first plan's start, %s", first)
	}
	return ""
}

func earliest(doc rules.Document, export vouchers.Export) (first domain.Date) {
	rows, _, err := sheet.ReadPlans(export.Plans, doc.Location())
	if err != nil {
		return first // the import says what is wrong with the file
	}
	for _, row := range rows {
		if first.IsZero() || row.StartDate.Before(first) {
			first = row.StartDate
		}
	}
	return first
}

// draft makes the programme, unless id names one, and the document its version,
// which is then to be adopted.
func draft(ctx context.Context, s *vouchers.Service, actor domain.Actor, id domain.ID, doc rules.Document) (domain.ProgrammeVersion, error) {
	if id == (domain.ID{}) {
		programme, err := s.CreateProgramme(ctx, actor, vouchers.ProgrammeInput{Slug: doc.Programme, Title: doc.Title})
		if err != nil {
			return domain.ProgrammeVersion{}, err
		}
		id = programme.ID
	}
	return s.DraftVersion(ctx, actor, id, doc.JSON())
}
