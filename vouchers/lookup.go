package vouchers

import (
	"context"
	"slices"
	"strings"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"
	"golang.org/x/text/unicode/norm"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Lookup says which citizen is meant: by CPR number, or by words of a name.
type Lookup struct {
	CPR    string    // "" when Name is given
	Name   string    // "" when CPR is given
	UnitID domain.ID // where to look by name; zero: the caller's own unit
}

// mostFound is how many citizens a look-up by name gives.
const mostFound = 100

// Found are the citizens that a look-up has found.
type Found struct {
	Citizens []domain.Citizen
	More     bool // there are more than can be given: say more of the name
}

// LookUp finds the citizens within reach that have the CPR number, or whose name
// has all the words, the latter in the order of the alphabet. It is noted in the
// audit log, found or not, and in the access log for each who is found.
func (s *Service) LookUp(ctx context.Context, actor domain.Actor, in Lookup) (found Found, err error) {
	const action = "lookUpCitizens"
	if err := actor.May(action); err != nil {
		return found, err
	}
	in.CPR, in.Name = strings.TrimSpace(in.CPR), strings.TrimSpace(in.Name)
	err = s.store.Read(ctx, actor.MunicipalityID, func(tx *store.Tx) error { // looks through many who are not found
		switch {
		case (in.CPR == "") == (in.Name == ""):
			return domain.InvalidField("cpr", "one_of", "must be there, or name: one of them")
		case in.CPR != "":
			found.Citizens, err = s.byCPR(tx, actor, in.CPR)
		default:
			found, err = s.byName(tx, actor, in)
		}
		if err != nil {
			return err
		}
		return s.open(tx, pointers(found.Citizens)...)
	})
	if err != nil {
		return Found{}, err
	}
	return found, s.write(ctx, actor, action, func(tx *store.Tx) error { return s.noteLookup(tx, in.by(), found) })
}

// by is what is looked up by.
func (l Lookup) by() string {
	if l.CPR != "" {
		return "cpr"
	}
	return "name"
}

// noteLookup leaves who looked for whom, and never the words.
func (s *Service) noteLookup(tx *store.Tx, by string, found Found) error {
	id := domain.ID{}
	for _, c := range found.Citizens {
		tx.Concern(domain.OfCitizen(c.ID))
	}
	said := domain.Detail(map[string]any{"by": by, "found": len(found.Citizens)})
	if len(found.Citizens) == 1 {
		id = found.Citizens[0].ID
	}
	return tx.Audit("lookUpCitizens", "citizen", id, s.now(), said)
}

// byCPR finds the one citizen with that number, if within reach.
func (s *Service) byCPR(tx *store.Tx, actor domain.Actor, text string) ([]domain.Citizen, error) {
	cpr, err := domain.ParseCPR(text)
	if err != nil {
		return nil, domain.InvalidField("cpr", "invalid", "%s", err)
	}
	key, err := store.First[domain.DataKey](tx, store.Is("purpose", domain.KeyOfLookup))
	if domain.KindOf(err) == domain.NotFound { // nobody has a number yet
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	hash, err := s.vault.Hash(key, cpr)
	if err != nil {
		return nil, err
	}
	c, err := store.First[domain.Citizen](tx, store.Is("cpr_hash", hash))
	if domain.KindOf(err) == domain.NotFound || err == nil && !actor.Reaches(c.UnitID) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return []domain.Citizen{c}, nil
}

// byName reads the names of a unit's citizens, for sealed they cannot be searched.
func (s *Service) byName(tx *store.Tx, actor domain.Actor, in Lookup) (Found, error) {
	unit := in.UnitID
	if unit == (domain.ID{}) {
		unit = actor.UnitID
	}
	if _, err := store.Refer(tx, "unit_id", unit, func(u domain.Unit) bool { return actor.Reaches(u.ID) }); err != nil {
		return Found{}, err
	}
	var all []domain.Citizen
	err := store.Sweep(tx, func(c domain.Citizen) error { all = append(all, c); return nil }, store.Is("unit_id", unit))
	if err != nil {
		return Found{}, err
	}
	names := make([]any, len(all))
	for i := range all {
		names[i] = onlyName{&all[i]}
	}
	if err := s.open(tx, names...); err != nil {
		return Found{}, err
	}
	words := strings.Fields(searched(in.Name))
	found := slices.DeleteFunc(all, func(c domain.Citizen) bool {
		name := searched(c.Name.Reveal())
		return slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(name, w) })
	})
	order := collate.New(language.Danish)
	slices.SortFunc(found, func(a, b domain.Citizen) int { return order.CompareString(a.Name.Reveal(), b.Name.Reveal()) })
	return Found{found[:min(len(found), mostFound)], len(found) > mostFound}, nil
}

// searched is a name as names are compared: capitals do not count, nor whether
// the ring of an å was typed for itself.
func searched(name string) string { return strings.ToLower(norm.NFC.String(name)) }
