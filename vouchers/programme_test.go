package vouchers

import (
	"bytes"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

func TestProgramme(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d, other := newDesk(t, s), newDesk(t, s)
		ctx, leader := t.Context(), d.as(domain.TeamLeader)
		p, v := d.programme(t)
		theirs, theirVersion := other.programme(t)

		read, err := d.Programme(ctx, leader, p.ID)
		require.NoError(t, err)
		require.Equal(t, "Ordning move-2026", read.TitleDA)
		l, err := d.Programmes(ctx, leader, ten, "move-2026")
		require.NoError(t, err)
		require.Len(t, l.Rows, 1)
		l, err = d.Programmes(ctx, leader, ten, "move-2027")
		require.NoError(t, err)
		require.Empty(t, l.Rows)
		_, err = d.CreateProgramme(ctx, leader, ProgrammeInput{Slug: "move-2026", Title: rules.Text{DA: "x", EN: "x"}})
		refused(t, err, domain.Conflict)
		_, err = d.CreateProgramme(ctx, leader, ProgrammeInput{Slug: "-Move"})
		refused(t, err, domain.Invalid, "slug", "title.da", "title.en")
		_, err = d.Programme(ctx, leader, theirs.ID)
		refused(t, err, domain.NotFound)
		_, err = d.DraftVersion(ctx, leader, theirs.ID, must(rules.Preset("move-2026")))
		refused(t, err, domain.NotFound)
		_, err = d.Versions(ctx, leader, theirs.ID, ten, "")
		refused(t, err, domain.NotFound)
		_, err = d.Version(ctx, leader, theirVersion.ID)
		refused(t, err, domain.NotFound)
		_, err = d.AdoptVersion(ctx, leader, theirVersion.ID, 0, Adoption{})
		refused(t, err, domain.NotFound)
		_, err = d.EndVersion(ctx, leader, theirVersion.ID, date("2026-12-31"))
		refused(t, err, domain.NotFound)

		forbidden(t, d, map[domain.Action]func(domain.Actor) error{
			"createProgramme": func(a domain.Actor) error { _, err := d.CreateProgramme(ctx, a, ProgrammeInput{}); return err },
			"getProgramme":    func(a domain.Actor) error { _, err := d.Programme(ctx, a, p.ID); return err },
			"listProgrammes":  func(a domain.Actor) error { _, err := d.Programmes(ctx, a, ten, ""); return err },
			"draftVersion":    func(a domain.Actor) error { _, err := d.DraftVersion(ctx, a, p.ID, nil); return err },
			"updateVersion":   func(a domain.Actor) error { _, err := d.UpdateVersion(ctx, a, v.ID, 0, nil); return err },
			"adoptVersion":    func(a domain.Actor) error { _, err := d.AdoptVersion(ctx, a, v.ID, 0, Adoption{}); return err },
			"endVersion":      func(a domain.Actor) error { _, err := d.EndVersion(ctx, a, v.ID, domain.Date{}); return err },
			"getVersion":      func(a domain.Actor) error { _, err := d.Version(ctx, a, v.ID); return err },
			"listVersions":    func(a domain.Actor) error { _, err := d.Versions(ctx, a, p.ID, ten, ""); return err },
		})
	})
}

func TestVersion(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s)
		ctx, author, leader := t.Context(), d.as(domain.Administrator), d.as(domain.TeamLeader)
		p, first := d.programme(t)
		yaml := must(rules.Preset("move-2026"))

		draft, err := d.DraftVersion(ctx, author, p.ID, yaml)
		require.NoError(t, err)
		require.Equal(t, 2, draft.Number)
		require.Equal(t, domain.VersionDraft, draft.State)
		changed := bytes.ReplaceAll(yaml, []byte("constant: 20000"), []byte("constant: 25000"))
		updated, err := d.UpdateVersion(ctx, author, draft.ID, 1, changed)
		require.NoError(t, err)
		require.Equal(t, must(rules.Parse(changed)).JSON(), []byte(updated.Document))
		_, err = d.UpdateVersion(ctx, author, draft.ID, 1, yaml)
		refused(t, err, domain.Stale)

		// A document is refused by the paths in it, and for another programme.
		_, err = d.DraftVersion(ctx, author, p.ID, bytes.ReplaceAll(yaml, []byte("programme: move-2026"), []byte("programme: move-2027")))
		refused(t, err, domain.Invalid, "document.programme")
		_, err = d.UpdateVersion(ctx, author, draft.ID, 2, bytes.ReplaceAll(yaml, []byte("count: 6"), []byte("count: 0")))
		refused(t, err, domain.Invalid, "document.caps[0].count")
		_, err = d.DraftVersion(ctx, author, p.ID, []byte("{"))
		refused(t, err, domain.Invalid, "document")

		// An adopted version never changes, and only one is in force at a time.
		_, err = d.UpdateVersion(ctx, author, first.ID, first.Version, changed)
		refused(t, err, domain.Conflict)
		_, err = d.AdoptVersion(ctx, leader, first.ID, 0, Adoption{})
		refused(t, err, domain.Conflict)
		next := Adoption{AdoptedBy: "Socialudvalget", AdoptedOn: date("2026-03-02"), InForceFrom: date("2027-01-01")}
		_, err = d.AdoptVersion(ctx, leader, draft.ID, 1, next)
		refused(t, err, domain.Conflict)
		require.ErrorContains(t, err, "version 1")
		_, err = d.EndVersion(ctx, leader, draft.ID, date("2027-01-01"))
		refused(t, err, domain.Conflict)
		ended, err := d.EndVersion(ctx, leader, first.ID, date("2026-12-31"))
		require.NoError(t, err)
		require.True(t, ended.InForce(date("2026-12-31")))
		require.False(t, ended.InForce(date("2027-01-01")))
		_, err = d.EndVersion(ctx, leader, first.ID, date("2026-11-30"))
		refused(t, err, domain.Conflict)
		_, err = d.AdoptVersion(ctx, leader, draft.ID, 1, next)
		refused(t, err, domain.Stale)
		same := leader
		same.Person = "Administrator@varde.dk"
		_, err = d.AdoptVersion(ctx, same, draft.ID, 2, next)
		because(t, err, "own_draft")
		adopted, err := d.AdoptVersion(ctx, leader, draft.ID, 2, next)
		require.NoError(t, err)
		read, err := d.Version(ctx, leader, draft.ID)
		require.NoError(t, err)
		require.True(t, adopted.CreatedAt.Equal(read.CreatedAt))
		adopted.CreatedAt = read.CreatedAt
		require.Equal(t, adopted, read)
		require.Equal(t, leader.Person, read.RecordedBy)

		third, err := d.DraftVersion(ctx, author, p.ID, yaml)
		require.NoError(t, err)
		for _, dates := range [][2]string{{"2026-12-31", "2026-12-31"}, {"2026-06-01", "2027-06-01"}, {"2027-06-01", "2027-06-30"}} {
			_, err = d.AdoptVersion(ctx, leader, third.ID, 0, Adoption{"Byrådet", date("2025-12-10"), date(dates[0]), date(dates[1]), false})
			refused(t, err, domain.Conflict)
		}
		_, err = d.AdoptVersion(ctx, leader, third.ID, 0, Adoption{"Byrådet", date("2025-12-10"), date("2025-12-10"), date("2025-12-31"), false})
		require.NoError(t, err, "before the others")
		l, err := d.Versions(ctx, leader, p.ID, ten, domain.VersionAdopted)
		require.NoError(t, err)
		require.Len(t, l.Rows, 2)
	})
}

func TestAdoptionInput(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s)
		ctx, author, leader := t.Context(), d.as(domain.Administrator), d.as(domain.TeamLeader)
		p, err := d.CreateProgramme(ctx, leader, ProgrammeInput{Slug: "move-2026", Title: rules.Text{DA: "x", EN: "x"}})
		require.NoError(t, err)
		draft, err := d.DraftVersion(ctx, author, p.ID, must(rules.Preset("move-2026")))
		require.NoError(t, err)
		for name, c := range map[string]struct {
			in     Adoption
			fields []string
		}{
			"everything":     {Adoption{}, []string{"adopted_by", "adopted_on", "in_force_from"}},
			"not yet":        {Adoption{"x", date("2026-03-03"), date("2026-03-03"), domain.Date{}, false}, []string{"adopted_on"}},
			"year 26":        {Adoption{"x", date("0026-03-02"), date("2026-03-03"), domain.Date{}, false}, []string{"adopted_on"}},
			"used before":    {Adoption{"x", date("2026-03-02"), date("2026-03-01"), domain.Date{}, false}, []string{"in_force_from"}},
			"ends before it": {Adoption{"x", date("2026-03-02"), date("2026-03-02"), date("2026-03-01"), false}, []string{"in_force_to"}},
		} {
			_, err := d.AdoptVersion(ctx, leader, draft.ID, 0, c.in)
			require.Equal(t, domain.Invalid, domain.KindOf(err), name)
			refused(t, err, domain.Invalid, c.fields...)
		}
		v, err := d.AdoptVersion(ctx, leader, draft.ID, 0, Adoption{"Byrådet", date("2026-03-01"), date("2026-03-02"), date("2026-12-31"), false})
		require.NoError(t, err)
		for _, on := range []domain.Date{{}, date("2026-03-01"), date("2027-01-01")} {
			_, err = d.EndVersion(ctx, leader, v.ID, on)
			refused(t, err, domain.Invalid, "in_force_to")
		}
	})
}

// Rules are read once for an adopted version and each time for a draft, and
// never for another municipality.
func TestDocument(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d, other := newDesk(t, s), newDesk(t, s)
		ctx, leader := t.Context(), d.as(domain.TeamLeader)
		p, adopted := d.programme(t)
		yaml := must(rules.Preset("move-2026"))
		draft, err := d.DraftVersion(ctx, leader, p.ID, yaml)
		require.NoError(t, err)

		read := func(in domain.ID, version domain.ID) (doc rules.Document, err error) {
			err = s.Read(ctx, in, func(tx *store.Tx) error {
				doc, err = d.document(tx, version)
				return err
			})
			return doc, err
		}
		home := d.home.MunicipalityID
		require.Equal(t, must(rules.Parse(yaml)).JSON(), must(read(home, adopted.ID)).JSON())
		_, cached := d.documents.Load(documentKey{home, adopted.ID})
		require.True(t, cached)
		_, err = read(other.home.MunicipalityID, adopted.ID)
		refused(t, err, domain.NotFound)

		require.Equal(t, 365, must(read(home, draft.ID)).Voucher.ValidDays)
		_, err = d.UpdateVersion(ctx, leader, draft.ID, 1, bytes.ReplaceAll(yaml, []byte("valid_days: 365"), []byte("valid_days: 90")))
		require.NoError(t, err)
		require.Equal(t, 90, must(read(home, draft.ID)).Voucher.ValidDays)
	})
}

// Drafts made at once get numbers of their own, and of adoptions for the same
// days one wins.
func TestVersionsAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		d := newDesk(t, s)
		ctx, author, leader := t.Context(), d.as(domain.Administrator), d.as(domain.TeamLeader)
		p, err := d.CreateProgramme(ctx, leader, ProgrammeInput{Slug: "move-2026", Title: rules.Text{DA: "x", EN: "x"}})
		require.NoError(t, err)
		errs := make(chan error, 4)
		for range cap(errs) {
			go func() {
				draft, err := d.DraftVersion(ctx, author, p.ID, must(rules.Preset("move-2026")))
				if err == nil {
					_, err = d.AdoptVersion(ctx, leader, draft.ID, 0, Adoption{AdoptedBy: "Byrådet", AdoptedOn: date("2026-01-01"), InForceFrom: date("2026-01-01")})
				}
				errs <- err
			}()
		}
		won := 0
		for range cap(errs) {
			if err := <-errs; err == nil {
				won++
			} else {
				require.Equal(t, "version_overlaps", domain.CodeOf(err), "%v", err)
			}
		}
		require.Equal(t, 1, won)
		l, err := d.Versions(ctx, leader, p.ID, ten, "")
		require.NoError(t, err)
		numbers := map[int]bool{}
		for _, v := range l.Rows {
			numbers[v.Number] = true
		}
		require.Equal(t, map[int]bool{1: true, 2: true, 3: true, 4: true}, numbers)
	})
}
