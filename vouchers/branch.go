package vouchers

import (
	"context"
	"regexp"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

var pNumber = regexp.MustCompile(`^[0-9]{10}$`)

// BranchInput is what is said about a branch.
type BranchInput struct {
	Name    string
	PNumber string // 10 digits; "": not known
	Address string // "": not known
}

func checkBranch(f *domain.Fields, b *domain.Branch) {
	b.Name = f.Clean("name", b.Name, 200, false)
	f.Check(b.PNumber == "" || pNumber.MatchString(b.PNumber), "p_number", "invalid", "must be a P-number: 10 digits, as the business register has it")
	b.Address = f.Clean("address", b.Address, 300, true)
}

// CreateBranch adds a place of a partner's, where tills can stand. Conflict if the
// partner has one of that name, or another branch has the P-number.
func (s *Service) CreateBranch(ctx context.Context, actor domain.Actor, partner domain.ID, in BranchInput) (b domain.Branch, err error) {
	err = s.write(ctx, actor, "createBranch", func(tx *store.Tx) error {
		if _, err := store.Get[domain.Partner](tx, partner); err != nil {
			return err
		}
		var f domain.Fields
		b = domain.Branch{
			MunicipalityID: actor.MunicipalityID, ID: store.NewID(), PartnerID: partner, Name: in.Name, PNumber: in.PNumber, Address: in.Address,
			Version: 1, CreatedAt: s.now(),
		}
		checkBranch(&f, &b)
		if err := f.Err(); err != nil {
			return err
		}
		if err := store.Insert(tx, &b); err != nil {
			return err
		}
		return tx.Audit("createBranch", "branch", b.ID, b.CreatedAt, domain.Detail(map[string]any{"partner": partner}))
	})
	return b, err
}

// BranchChange says what to change; nil stays as it is.
type BranchChange struct {
	Name    *string
	PNumber *string // "": not known
	Address *string
}

// UpdateBranch changes a branch. Stale unless version is the one last read;
// Conflict as for CreateBranch.
func (s *Service) UpdateBranch(ctx context.Context, actor domain.Actor, id domain.ID, version int64, change BranchChange) (b domain.Branch, err error) {
	err = s.write(ctx, actor, "updateBranch", func(tx *store.Tx) error {
		if b, err = store.Get[domain.Branch](tx, id); err != nil {
			return err
		}
		var f domain.Fields
		domain.Set(&b.Name, change.Name)
		domain.Set(&b.PNumber, change.PNumber)
		domain.Set(&b.Address, change.Address)
		checkBranch(&f, &b)
		if err := f.Err(); err != nil {
			return err
		}
		b.Version = version + 1
		columns := map[string]any{"name": b.Name, "p_number": b.PNumber, "address": b.Address}
		if err := store.Set[domain.Branch](tx, id, version, columns); err != nil {
			return err
		}
		return tx.Audit("updateBranch", "branch", id, s.now(), domain.Detail(map[string]any{"partner": b.PartnerID}))
	})
	return b, err
}

// Branch gives one branch; to a partner only its own.
func (s *Service) Branch(ctx context.Context, actor domain.Actor, id domain.ID) (domain.Branch, error) {
	return get(ctx, s, actor, "getBranch", id, func(b domain.Branch) bool { return actor.Serves(b.PartnerID) })
}

// Branches lists a partner's branches, newest first; to a partner only its own.
func (s *Service) Branches(ctx context.Context, actor domain.Actor, partner domain.ID, page store.Page) (l Listed[domain.Branch], err error) {
	err = s.read(ctx, actor, "listBranches", func(tx *store.Tx) error {
		if !actor.Serves(partner) {
			return domain.OutOfReach()
		}
		if _, err := store.Get[domain.Partner](tx, partner); err != nil {
			return err
		}
		l.Rows, l.More, err = store.List[domain.Branch](tx, page, store.Is("partner_id", partner))
		return err
	})
	return l, err
}
