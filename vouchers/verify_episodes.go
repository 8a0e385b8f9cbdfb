package vouchers

import (
	"slices"
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// told reads every enrolment with its moves, and puts those that continue
// each other together, by what they say themselves and nothing else. It is not whole when some are in
// none.
func (v verifier) told() (list []episode, whole bool, err error) {
	var enrolments []domain.Enrolment
	err = store.Each(v.tx, func(e domain.Enrolment) error { enrolments = append(enrolments, e); return nil })
	if err != nil {
		return nil, false, err
	}
	moves, err := store.All[domain.EnrolmentMove](v.tx, "enrolment_id, number")
	if err != nil {
		return nil, false, err
	}
	of := map[domain.ID][]domain.EnrolmentMove{}
	for _, m := range moves {
		of[m.EnrolmentID] = append(of[m.EnrolmentID], m)
		if err := v.moveSaid(m); err != nil {
			return nil, false, err
		}
	}
	next := map[domain.ID]domain.Enrolment{}
	for _, e := range enrolments {
		if e.ContinuesID != nil {
			next[*e.ContinuesID] = e
		}
	}
	told := 0
	for _, e := range enrolments {
		if e.ContinuesID != nil {
			continue
		}
		ep := episode{{e, of[e.ID]}}
		for e, more := next[e.ID]; more; e, more = next[e.ID] {
			ep = append(ep, chapter{e, of[e.ID]})
		}
		list, told = append(list, ep), told+len(ep)
	}
	v.rootless(enrolments, list)
	return list, told == len(enrolments), nil
}

// rootless names the enrolments that are in no episode.
func (v verifier) rootless(enrolments []domain.Enrolment, list []episode) {
	in := map[domain.ID]bool{}
	for _, ep := range list {
		for _, c := range ep {
			in[c.ID] = true
		}
	}
	for _, e := range enrolments {
		v.differ(in[e.ID], "enrolment %s: continues %s, and so on, with no beginning; no award is compared until that is put right", e.ID, value(e.ContinuesID))
	}
}

// moveSaid checks that a move was made as the audit log says.
func (v verifier) moveSaid(m domain.EnrolmentMove) error {
	v.traced("move", m.ID, "moveEnrolment")
	people, said, err := v.newest(m.ID, "moveEnrolment")
	same := said.From == m.FromVersionID && said.To == m.ToVersionID && value(said.On) == m.MovedOn && slices.Contains(people, strings.ToLower(m.MovedBy))
	v.differ(same, "move %s: is not as the audit log says: who moved from which version to which, and on which day", m.ID)
	return err
}

// chapters checks that each enrolment of an episode goes on where the one before
// ended, and is in the version to which its moves lead.
func (v verifier) chapters(ep episode) error {
	for i, c := range ep {
		version, on := c.first(), domain.Date{}
		if i > 0 {
			if err := v.continues(ep[i-1], c); err != nil {
				return err
			}
		}
		for n, m := range c.moves {
			v.differ(m.Number == n+1 && m.FromVersionID == version, "move %s: is number %d from version %s, should be number %d from %s", m.ID, m.Number, m.FromVersionID, n+1, version)
			v.differ(!m.MovedOn.Before(c.StartDate) && !m.MovedOn.Before(on), "move %s: is on %s, before the enrolment or the last move", m.ID, m.MovedOn)
			version, on = m.ToVersionID, m.MovedOn
		}
		v.differ(c.VersionID == version && c.MovedOn == on, "enrolment %s: says version %s since %s, its moves lead to %s on %s", c.ID, c.VersionID, c.MovedOn, version, on)
	}
	return nil
}

// continues checks that an enrolment may continue another.
func (v verifier) continues(before, c chapter) error {
	of, err := store.All[domain.Plan](v.tx, "", store.In("id", []domain.ID{before.PlanID, c.PlanID}))
	if err != nil {
		return err
	}
	v.differ(before.ProgrammeID == c.ProgrammeID && !slices.ContainsFunc(of, func(p domain.Plan) bool { return p.CitizenID != of[0].CitizenID }),
		"enrolment %s: continues %s of another programme or citizen", c.ID, before.ID)
	v.differ(c.first() == before.VersionID, "enrolment %s: begins in version %s, %s ended in %s", c.ID, c.first(), before.ID, before.VersionID)
	version := c.VersionID // of the readmission
	if len(c.moves) > 0 && c.moves[0].MovedOn == c.StartDate {
		version = c.moves[0].ToVersionID
	} else if len(c.moves) > 0 {
		version = c.moves[0].FromVersionID
	}
	doc, err := v.document(v.tx, version)
	v.differ(err != nil || before.EndedOn.Before(c.StartDate) && doc.Readmits(before.EndedOn, c.StartDate), "enrolment %s: continues %s, which ended on %s and is not taken back on %s", c.ID, before.ID, before.EndedOn, c.StartDate)
	return err
}

// outside reads what counted beside an episode when it was last evaluated, and
// checks that something did exactly where its enrolments say so.
func (v verifier) outside(ep episode) (*outside, error) {
	shares, err := v.shares(v.tx, ep)
	if err != nil {
		return nil, err
	}
	for _, c := range ep {
		v.differ(shares == (c.CountedTo != nil), "enrolment %s: caps count it together with others of the citizen %t, it says %t", c.ID, shares, c.CountedTo != nil)
		v.differ(c.CountedTo == nil || ep.last().CountedTo != nil && *c.CountedTo == *ep.last().CountedTo, "enrolment %s: was not evaluated with the rest of its episode", c.ID)
	}
	return v.outsideOf(v.tx, ep, ep.marked())
}
