package vouchers

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store/storetest"

	"github.com/fasthold/fasthold/store"
)

// A programme is read with what is in force, what is to come and what is being
// written; the one that succeeds another ends it on the day before.
func TestSuccession(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s)
		ctx, author, leader, worker := t.Context(), d.as(domain.Administrator), d.as(domain.TeamLeader), d.as(domain.Caseworker)
		p, first := d.programme(t)
		d.join(t, "P-1", p)
		dearer := bytes.ReplaceAll(must(rules.Preset("move-2026")), []byte("constant: 20000"), []byte("constant: 25000"))
		draft := must(d.DraftVersion(ctx, author, p.ID, dearer))

		e := must(d.Edition(ctx, leader, p.ID, domain.ID{}))
		require.Equal(t, []any{first.ID, int64(1), 2, 6, 0}, []any{e.Version.ID, e.Enrolled, len(e.Versions), len(e.Amounts), len(e.Changes)}, "the one in force")
		e = must(d.Edition(ctx, leader, p.ID, draft.ID))
		require.Equal(t, []int64{0, 150000, 120000}, []int64{e.Enrolled, e.Cost.Worst, e.Now.Worst})
		require.Len(t, e.Changes, 1)
		require.Equal(t, "Belønningen er 250 kr.", e.Changes[0].After.DA)
		e = must(d.Edition(ctx, worker, p.ID, draft.ID))
		require.Nil(t, e.Cost, "who may not know")
		require.Nil(t, e.Now)

		in := Adoption{AdoptedBy: "Byrådet", AdoptedOn: date("2026-03-02"), InForceFrom: date("2026-04-01")}
		_, err := d.PreviewAdoption(ctx, leader, draft.ID, in)
		because(t, err, "version_overlaps")
		in.Succeeds = true
		preview := must(d.PreviewAdoption(ctx, leader, draft.ID, in))
		require.Equal(t, []any{first.ID, "2026-03-31", int64(1)}, []any{preview.Ends.ID, preview.Ends.InForceTo.String(), preview.Stay})
		require.Len(t, preview.Changes, 1)
		require.Equal(t, domain.VersionAdopted, must(d.Version(ctx, leader, first.ID)).State, "nothing has happened")
		must(d.AdoptVersion(ctx, leader, draft.ID, draft.Version, in))
		require.Equal(t, "2026-03-31", must(d.Version(ctx, leader, first.ID)).InForceTo.String())
		_, err = d.PreviewAdoption(ctx, leader, draft.ID, in)
		because(t, err, "version_adopted")

		third := must(d.DraftVersion(ctx, author, p.ID, dearer))
		in.InForceFrom = date("2026-03-15")
		_, err = d.AdoptVersion(ctx, leader, third.ID, 0, in)
		because(t, err, "version_overlaps")
		l := must(d.Offers(ctx, worker, ten))
		require.Len(t, l.Rows, 1)
		require.Equal(t, []any{first.ID, draft.ID, third.ID}, []any{l.Rows[0].InForce.ID, l.Rows[0].Coming[0].ID, l.Rows[0].Drafts[0].ID})
		d.verified(t)
	})
}

// While it is written, a document is told what is wrong with it on its lines, or
// what it says beside what is in force.
func TestProof(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s)
		ctx, leader := t.Context(), d.as(domain.TeamLeader)
		p, _ := d.programme(t)
		text := must(rules.Preset("move-2026"))
		proof := must(d.Proof(ctx, leader, p.ID, bytes.ReplaceAll(text, []byte("count: 6"), []byte("count: 5"))))
		require.Empty(t, proof.Problems)
		require.Equal(t, []any{1, 5, int64(100000), int64(120000)}, []any{len(proof.Changes), len(proof.Amounts), proof.Cost.Worst, proof.Now.Worst})
		wrong := bytes.ReplaceAll(bytes.ReplaceAll(text, []byte("programme: move-2026"), []byte("programme: other")), []byte("Europe/Copenhagen"), []byte("Europe/Berlin"))
		proof = must(d.Proof(ctx, leader, p.ID, wrong))
		require.Equal(t, []domain.FieldError{
			{Field: "document.programme", Code: "other_programme", Message: "must be move-2026, the programme's slug", Danish: "skal være move-2026, ordningens korte navn", Line: 3},
			{Field: "document.time_zone", Code: "other_time_zone", Message: "must be Europe/Copenhagen, the municipality's: a visit has one date only", Danish: "skal være Europe/Copenhagen, kommunens: et fremmøde har kun én dato", Line: 8},
		}, proof.Problems)
		other := must(d.CreateProgramme(ctx, leader, ProgrammeInput{Slug: "other", Title: rules.Text{DA: "Ny: 5 #1", EN: "x"}}))
		text = []byte(must(d.PresetFor(ctx, leader, other.ID, "prize-bowl")))
		require.Empty(t, must(d.Proof(ctx, leader, other.ID, text)).Problems, "a preset in the programme's own name")
		require.Contains(t, string(text), "# Source: ")
		empty := must(d.Edition(ctx, leader, other.ID, domain.ID{}))
		require.Nil(t, empty.Version)
		_, err := d.Edition(ctx, leader, other.ID, must(d.Versions(ctx, leader, p.ID, ten, "")).Rows[0].ID)
		refused(t, err, domain.NotFound)
		e := must(d.Edition(ctx, leader, p.ID, domain.ID{}))
		forbidden(t, d, map[domain.Action]func(domain.Actor) error{
			"listVersions":        func(a domain.Actor) error { return second(d.Offers(ctx, a, ten)) },
			"getVersionSentences": func(a domain.Actor) error { return second(d.Edition(ctx, a, p.ID, domain.ID{})) },
			"getPreset":           func(a domain.Actor) error { return second(d.PresetFor(ctx, a, p.ID, "weaver")) },
			"checkRules":          func(a domain.Actor) error { return second(d.Proof(ctx, a, p.ID, text)) },
			"adoptVersion":        func(a domain.Actor) error { return second(d.PreviewAdoption(ctx, a, e.Version.ID, Adoption{})) },
		})
	})
}
