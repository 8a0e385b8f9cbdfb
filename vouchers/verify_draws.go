package vouchers

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// drawn names the draws of a visit, or of another fact, by the seed committed to:
// it may have one in each enrolment of an episode.
type drawn struct {
	fact       domain.ID
	commitment string
}

// draws checks that every seed was committed to before it was taken, in order
// and without gaps.
func (v verifier) draws() (rows int, err error) {
	seeds, err := store.All[domain.DrawSeed](v.tx, "enrolment_id, number")
	if err != nil {
		return 0, err
	}
	for i, seed := range seeds {
		var before *domain.DrawSeed
		if i > 0 && seeds[i-1].EnrolmentID == seed.EnrolmentID {
			before = &seeds[i-1]
		}
		v.seed(seed, before)
		if seed.AttendanceID == nil {
			v.undrawn[seed.EnrolmentID] = true
		} else {
			v.taken[drawn{*seed.AttendanceID, seed.Commitment}] = seed.Seed
		}
	}
	n, err := v.hats(v.taken)
	return len(seeds) + n, err
}

// wanted learns which visits took a seed or have a name in a hat: of these it is
// asked later when they were recorded.
func (v verifier) wanted() error {
	err := store.Sweep(v.tx, func(seed domain.DrawSeed) error {
		if seed.AttendanceID != nil {
			v.recorded[*seed.AttendanceID] = time.Time{}
		}
		return nil
	})
	if err != nil {
		return err
	}
	entries, err := store.All[domain.HatEntry](v.tx, "")
	for _, entry := range entries {
		v.recorded[entry.AttendanceID] = time.Time{}
	}
	return err
}

// record notes when something was first recorded, where that is asked later.
func (v verifier) record(id domain.ID, at time.Time) {
	if _, wanted := v.recorded[id]; wanted {
		v.recorded[id] = at
	}
}

// hats draws every hat again from its seed and its entries, and tells which seed
// the visits of a drawn hat draw from.
func (v verifier) hats(taken map[drawn]string) (rows int, err error) {
	all, err := store.All[domain.HatEntry](v.tx, "hat_id, attendance_id")
	if err != nil {
		return 0, err
	}
	entries := map[domain.ID][]domain.HatEntry{}
	for _, entry := range all {
		entries[entry.HatID] = append(entries[entry.HatID], entry)
	}
	err = store.Each(v.tx, func(hat domain.Hat) error {
		rows++
		commitment, err := rules.Commit(hat.Seed)
		v.differ(err == nil && commitment == hat.Commitment, "hat %s: its commitment is not that of its seed", hat.ID)
		if err := v.hatSaid(hat, entries[hat.ID]); err != nil {
			return err
		}
		v.hat(hat, entries[hat.ID], taken)
		return nil
	})
	return rows + len(all), err
}

// hatSaid checks that a hat was committed to, and drawn, as the audit log says.
func (v verifier) hatSaid(hat domain.Hat, entries []domain.HatEntry) error {
	v.traced("hat", hat.ID, "createHat")
	made, first, err := v.newest(hat.ID, "createHat")
	if err != nil {
		return err
	}
	v.differ(first.Commitment == hat.Commitment && slices.Contains(made, strings.ToLower(hat.CreatedBy)), "hat %s: the audit log says that another commitment was published, or by others", hat.ID)
	drew, last, err := v.newest(hat.ID, "drawHat")
	v.differ((drew != nil) == (hat.DrawnAt != nil), "hat %s: is drawn %t, the audit log says otherwise", hat.ID, hat.DrawnAt != nil)
	v.differ(hat.DrawnAt == nil || slices.Contains(drew, strings.ToLower(hat.DrawnBy)), "hat %s: the audit log does not say that %s drew it", hat.ID, hat.DrawnBy)
	v.differ(hat.DrawnAt == nil || last.Names == len(entries) && last.Slips == slipsIn(entries), "hat %s: the audit log says that it had %d slips with %d names", hat.ID, last.Slips, last.Names)
	return err
}

// hat checks one hat's entries.
func (v verifier) hat(hat domain.Hat, entries []domain.HatEntry, taken map[drawn]string) {
	for _, entry := range entries {
		if (entry.Tickets == nil) != (hat.DrawnAt == nil) {
			v.differ(false, "hat %s: visit %s has slips, the hat is drawn %t", hat.ID, entry.AttendanceID, hat.DrawnAt != nil)
			return
		}
		recorded := v.recorded[entry.AttendanceID]
		v.differ(!recorded.IsZero() && !entry.CreatedAt.Before(hat.CreatedAt), "hat %s: visit %s is not recorded, or its name was in the hat before the hat was committed to", hat.ID, entry.AttendanceID)
		if hat.DrawnAt != nil {
			taken[drawn{entry.AttendanceID, hat.Commitment}] = hat.Seed
		}
	}
	if hat.DrawnAt == nil {
		return
	}
	winners, err := drawNames(hat, entries)
	v.differ(err == nil, "hat %s: cannot be drawn again: %v", hat.ID, err)
	for _, entry := range entries {
		place := 1 + slices.Index(winners, entry.AttendanceID.String())
		v.differ(*entry.Place == place, "hat %s: visit %s has place %d, drawn again it has place %d", hat.ID, entry.AttendanceID, *entry.Place, place)
	}
}

// seed checks one seed against the one before it in its enrolment, nil for the
// first.
func (v verifier) seed(seed domain.DrawSeed, before *domain.DrawSeed) {
	differ := func(same bool, what string) {
		v.differ(same, "draw %d of enrolment %s: %s", seed.Number, seed.EnrolmentID, what)
	}
	commitment, err := rules.Commit(seed.Seed)
	differ(err == nil && commitment == seed.Commitment, "its commitment is not that of its seed")
	if before == nil {
		differ(seed.Number == 1, "the numbers before it are missing")
	} else {
		differ(seed.Number == before.Number+1, "a number before it is missing")
		differ(before.TakenAt != nil && seed.CommittedAt.Equal(*before.TakenAt), "it was not committed to when the one before it was taken")
	}
	if seed.TakenAt != nil {
		first := v.recorded[*seed.AttendanceID]
		differ(!seed.TakenAt.Before(seed.CommittedAt), "it was taken before it was committed to")
		differ(!first.IsZero() && !seed.TakenAt.Before(first), "its visit was not yet recorded when it took it")
	}
}

// committed checks that an enrolment that can draw has a commitment to its next
// draw.
func (v verifier) committed(e domain.Enrolment) error {
	doc, err := v.document(v.tx, e.VersionID)
	if err == nil {
		v.differ(!doc.Draws() || v.undrawn[e.ID], "enrolment %s: there is no commitment to its next draw", e.ID)
	}
	return err
}

// drawAgain makes an award's draws from its visit's seed and compares them with
// what its explanation says was drawn.
func (v verifier) drawAgain(a domain.Award) error {
	if !bytes.Contains(a.Explanation, []byte(`"commitment"`)) {
		return nil
	}
	var e rules.Explanation
	if err := json.Unmarshal(a.Explanation, &e); err != nil || e.Draws == nil || len(e.Opportunities) == 0 {
		v.differ(false, "award %s: its explanation says nothing of what was drawn", a.ID)
		return nil
	}
	doc, err := v.document(v.tx, a.VersionID)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(doc.Phases, func(p rules.Phase) bool { return p.Name == e.Phase && p.Draws != nil })
	if i < 0 {
		v.differ(false, "award %s: its phase %q draws nothing", a.ID, e.Phase)
		return nil
	}
	p := &doc.Phases[i]
	again, err := p.Bowl.Draw(v.taken[drawn{factID(e.Visited()), e.Draws.Commitment}], e.Visited(), e.Draws.Number, p.Draws.WithReplacement)
	v.differ(err == nil && again.Commitment == e.Draws.Commitment && slices.Equal(again.Picks, e.Draws.Picks) && slices.Equal(again.Values, e.Draws.Values),
		"award %s: its visit's seed does not draw what it says", a.ID)
	return nil
}
