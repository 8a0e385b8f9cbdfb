package vouchers

import (
	"context"
	"fmt"
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// The states of a partner.
const (
	partnerActive    = "active"
	partnerSuspended = "suspended"
)

const maxCategories = 20

// PartnerInput is what is said about a new partner.
type PartnerInput struct {
	Name       string
	CVR        string   // 8 digits
	Categories []string // what it sells, in the words of the programmes
}

// CreatePartner adds a shop that takes vouchers. Conflict if the same name with
// the same CVR is there.
func (s *Service) CreatePartner(ctx context.Context, actor domain.Actor, in PartnerInput) (p domain.Partner, err error) {
	err = s.write(ctx, actor, "createPartner", func(tx *store.Tx) error {
		var f domain.Fields
		p = domain.Partner{
			MunicipalityID: actor.MunicipalityID, ID: store.NewID(), Name: in.Name, CVR: in.CVR, Categories: in.Categories,
			State: partnerActive, Version: 1, CreatedAt: s.now(),
		}
		f.Check(domain.ValidCVR(in.CVR), "cvr", "invalid", "must be a CVR number: 8 digits, as the business register has it")
		checkPartner(&f, &p)
		if err := f.Err(); err != nil {
			return err
		}
		if err := store.Insert(tx, &p); err != nil {
			return err
		}
		return tx.Audit("createPartner", "partner", p.ID, p.CreatedAt, domain.Detail(map[string]any{"cvr": p.CVR}))
	})
	return p, err
}

func checkPartner(f *domain.Fields, p *domain.Partner) {
	p.Name = f.Clean("name", p.Name, 200, false)
	n := len(p.Categories)
	f.Check(n >= 1 && n <= maxCategories, "categories", "out_of_range", "must be 1 to %d words", maxCategories)
	for i, category := range p.Categories[:min(n, maxCategories)] {
		field := fmt.Sprintf("categories[%d]", i)
		f.Check(isSlug(category), field, "invalid", "must be a word of at most %d small letters, digits, - and _, like groceries", longestSlug)
		f.Check(!slices.Contains(p.Categories[:i], category), field, "duplicate", "is there twice: leave one out")
	}
	f.Check(p.State == partnerActive || p.State == partnerSuspended, "state", "unknown", "must be %s or %s", partnerActive, partnerSuspended)
}

// PartnerChange says what to change; nil stays as it is.
type PartnerChange struct {
	Name       *string
	Categories *[]string
	State      *string // active or suspended: a suspended partner's tills redeem nothing
}

// UpdatePartner changes a partner. Stale unless version is the one last read.
func (s *Service) UpdatePartner(ctx context.Context, actor domain.Actor, id domain.ID, version int64, change PartnerChange) (p domain.Partner, err error) {
	err = s.write(ctx, actor, "updatePartner", func(tx *store.Tx) error {
		if p, err = store.Get[domain.Partner](tx, id); err != nil {
			return err
		}
		var f domain.Fields
		domain.Set(&p.Name, change.Name)
		domain.Set((*[]string)(&p.Categories), change.Categories)
		domain.Set(&p.State, change.State)
		checkPartner(&f, &p)
		if err := f.Err(); err != nil {
			return err
		}
		p.Version = version + 1
		err = store.Set[domain.Partner](tx, id, version, map[string]any{"name": p.Name, "categories": p.Categories, "state": p.State})
		if err != nil {
			return err
		}
		return tx.Audit("updatePartner", "partner", id, s.now(), domain.Detail(map[string]any{"state": p.State}))
	})
	s.store.Forget()
	return p, err
}

// Partner gives one partner; to a partner only itself.
func (s *Service) Partner(ctx context.Context, actor domain.Actor, id domain.ID) (domain.Partner, error) {
	return get(ctx, s, actor, "getPartner", id, func(p domain.Partner) bool { return actor.Serves(p.ID) })
}

// PartnerFilter narrows a list of partners; zero fields narrow nothing.
type PartnerFilter struct {
	CVR   string
	State string
}

// Partners lists partners, newest first; to a partner only itself.
func (s *Service) Partners(ctx context.Context, actor domain.Actor, page store.Page, f PartnerFilter) (Listed[domain.Partner], error) {
	conds := []store.Cond{store.Eq("cvr", f.CVR), store.Eq("state", f.State)}
	if actor.Role == domain.PartnerRole {
		conds = append(conds, store.Is("id", actor.Partner.ID))
	}
	return list[domain.Partner](ctx, s, actor, "listPartners", page, conds...)
}
