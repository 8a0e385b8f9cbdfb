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

// MostCategories is how many kinds of goods a partner can sell.
const MostCategories = 20

// mostByContract is the largest cap of a contract: 1,000,000,000 kr.
const mostByContract = 100_000_000_000

// PartnerInput is what is said about a new partner.
type PartnerInput struct {
	Name       string
	CVR        string   // 8 digits
	Categories []string // what it sells, in the words of the programmes
	domain.Contract
}

// CreatePartner adds a shop that takes vouchers while its contract is in force, with
// a first branch in its own name. Conflict if the same name with the same CVR is
// there.
func (s *Service) CreatePartner(ctx context.Context, actor domain.Actor, in PartnerInput) (p domain.Partner, err error) {
	err = s.write(ctx, actor, "createPartner", func(tx *store.Tx) error {
		var f domain.Fields
		p = domain.Partner{
			MunicipalityID: actor.MunicipalityID, ID: store.NewID(), Name: in.Name, CVR: in.CVR, Categories: in.Categories,
			State: partnerActive, Contract: in.Contract, Payment: domain.Payment{Method: domain.ByInvoice}, Version: 1, CreatedAt: s.now(),
		}
		f.Check(domain.ValidCVR(in.CVR), "cvr", "invalid", "must be a CVR number: 8 digits, as the business register has it")
		checkPartner(&f, &p)
		if err := f.Err(); err != nil {
			return err
		}
		if err := store.Insert(tx, &p); err != nil {
			return err
		}
		branch := domain.Branch{MunicipalityID: p.MunicipalityID, ID: store.NewID(), PartnerID: p.ID, Name: p.Name, Version: 1, CreatedAt: p.CreatedAt}
		if err := store.Insert(tx, &branch); err != nil {
			return err
		}
		detail := agreed(p.Contract)
		detail["cvr"] = p.CVR
		if err := tx.Audit("createPartner", "partner", p.ID, p.CreatedAt, domain.Detail(detail)); err != nil {
			return err
		}
		return tx.Audit("createBranch", "branch", branch.ID, branch.CreatedAt, domain.Detail(map[string]any{"partner": p.ID}))
	})
	return p, err
}

func checkPartner(f *domain.Fields, p *domain.Partner) {
	p.Name = f.Clean("name", p.Name, 200, false)
	n := len(p.Categories)
	f.Check(n >= 1 && n <= MostCategories, "categories", "out_of_range", "must be 1 to %d words", MostCategories)
	for i, category := range p.Categories[:min(n, MostCategories)] {
		field := fmt.Sprintf("categories[%d]", i)
		f.Check(isSlug(category), field, "invalid", "must be a word of at most %d small letters, digits, - and _, like groceries", longestSlug)
		f.Check(!slices.Contains(p.Categories[:i], category), field, "duplicate", "is there twice: leave one out")
	}
	f.Check(p.State == partnerActive || p.State == partnerSuspended, "state", "unknown", "must be %s or %s", partnerActive, partnerSuspended)
	checkContract(f, p.Contract)
}

// checkContract notes what a contract cannot say.
func checkContract(f *domain.Fields, c domain.Contract) {
	f.Check(c.ContractTo.IsZero() || !c.ContractFrom.IsZero(), "contract_from", "required", "must say when the contract begins that ends on %s", c.ContractTo)
	f.Check(c.ContractTo.IsZero() || !c.ContractTo.Before(c.ContractFrom), "contract_to", "before_from", "must not be before the contract's first day, %s", c.ContractFrom)
	f.Check(c.MostPerMonth >= 0 && c.MostPerMonth <= mostByContract, "most_per_month", "out_of_range", "must be 0, for no cap, to %d, in minor units", mostByContract)
	f.Check(c.MostPerVoucher >= 0 && c.MostPerVoucher <= mostByContract, "most_per_voucher", "out_of_range", "must be 0, for no cap, to %d, in minor units", mostByContract)
}

// agreed is what an audit entry says of a contract.
func agreed(c domain.Contract) map[string]any {
	return map[string]any{"contract_from": c.ContractFrom, "contract_to": c.ContractTo, "most_per_month": c.MostPerMonth, "most_per_voucher": c.MostPerVoucher}
}

// PartnerChange says what to change; nil stays as it is.
type PartnerChange struct {
	Name       *string
	Categories *[]string
	State      *string // active or suspended: a suspended partner's tills redeem nothing

	ContractFrom, ContractTo     *domain.Date
	ContractOpen                 bool   // no end is agreed; not with ContractTo
	MostPerMonth, MostPerVoucher *int64 // minor units; 0: no cap
}

// apply puts a change into a partner.
func (change PartnerChange) apply(p *domain.Partner) {
	domain.Set(&p.Name, change.Name)
	domain.Set((*[]string)(&p.Categories), change.Categories)
	domain.Set(&p.State, change.State)
	domain.Set(&p.ContractFrom, change.ContractFrom)
	if domain.Set(&p.ContractTo, change.ContractTo); change.ContractOpen {
		p.ContractTo = domain.Date{}
	}
	domain.Set(&p.MostPerMonth, change.MostPerMonth)
	domain.Set(&p.MostPerVoucher, change.MostPerVoucher)
}

// UpdatePartner changes a partner or its contract, from the next redemption on; a
// cap per month counts what was taken in this month already. How it is paid is for
// finance to say (SetPartnerPayment). Stale unless version is the one last read.
func (s *Service) UpdatePartner(ctx context.Context, actor domain.Actor, id domain.ID, version int64, change PartnerChange) (p domain.Partner, err error) {
	err = s.write(ctx, actor, "updatePartner", func(tx *store.Tx) error {
		if p, err = store.Get[domain.Partner](tx, id); err != nil {
			return err
		}
		var f domain.Fields
		capped := p.MostPerMonth > 0
		change.apply(&p)
		f.Check(!change.ContractOpen || change.ContractTo == nil, "contract_open", "contradiction", "must be left out where contract_to says when it ends")
		checkPartner(&f, &p)
		if err := f.Err(); err != nil {
			return err
		}
		p.Version = version + 1
		columns := agreed(p.Contract)
		columns["state"] = p.State
		detail := domain.Detail(columns)
		columns["name"], columns["categories"] = p.Name, p.Categories
		if err := store.Set[domain.Partner](tx, id, version, columns); err != nil {
			return err
		}
		if now := p.MostPerMonth > 0; now != capped {
			today, err := s.today(tx)
			if err != nil {
				return err
			}
			if err := tx.CountMonths(id, today, now); err != nil {
				return err
			}
		}
		return tx.Audit("updatePartner", "partner", id, s.now(), detail)
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
