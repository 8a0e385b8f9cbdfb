package vouchers

import (
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// issue makes a voucher for what an award is owed, all of which is reserved, and
// books it, in the transaction of what earned it. Whoever calls it stores the award.
func (s *Service) issue(tx *store.Tx, a *domain.Award, doc rules.Document) (domain.Voucher, error) {
	now := s.now()
	loc, err := tx.Zone()
	if err != nil {
		return domain.Voucher{}, err
	}
	book, err := tx.Book(now)
	if err != nil {
		return domain.Voucher{}, err
	}
	amount := a.Owed()
	v := domain.Voucher{
		MunicipalityID: a.MunicipalityID, AwardID: a.ID, BudgetID: a.BudgetID, UnitID: a.UnitID, ProgrammeID: a.ProgrammeID, VersionID: a.VersionID,
		Amount: amount, Balance: amount, Currency: a.Currency, State: domain.Issued,
		ValidFrom: now, ValidTo: validTo(now, doc.Voucher.ValidDays, loc),
		Partial: doc.Voucher.Partial, Categories: doc.Voucher.Categories, Excluded: doc.Voucher.Excluded,
		IssuedBy: tx.Actor().Person, CreatedAt: now,
	}
	s.mint(&v)
	if err := tx.Append(&v); err != nil {
		return v, err
	}
	if err := tx.Post(book.Issue(v)); err != nil {
		return v, err
	}
	a.Reserved, a.Granted = 0, a.Granted+amount
	tx.After(func() { s.figures.issued.Add(1) })
	return v, tx.Audit("issueVoucher", "voucher", v.ID, now, domain.Detail(map[string]any{"amount": amount, "award": a.ID}))
}

// validTo is when a voucher issued at a moment is no longer valid: at the end of
// the day that is days after the site's day of issue.
func validTo(issued time.Time, days int, site *time.Location) time.Time {
	return domain.DateOf(issued, site).AddDays(days + 1).In(site).UTC()
}

// mint gives a new voucher its identity: ID, serial and the hash of its code.
func (s *Service) mint(v *domain.Voucher) {
	v.ID, v.Version = store.NewID(), 1
	v.Serial = serial(v.CreatedAt, v.ID)
	_, lookup := s.codes.Make(v.ID)
	v.KeyID, v.LookupHash = lookup.KeyID, lookup.Hash
}

// serialAlphabet is Crockford's base32: no I, L, O or U to misread.
const serialAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"

// serial is what people call a voucher by: the year and ten letters from the
// random half of its ID, "2026-7K3QX-M4T9B". It is no secret and cannot be spent.
func serial(at time.Time, id uuid.UUID) string {
	letters := make([]byte, 10)
	bits := uint64(0)
	for _, b := range id[9:16] { // 56 random bits, of which 50 are used
		bits = bits<<8 | uint64(b)
	}
	for i := range letters {
		letters[i] = serialAlphabet[bits&31]
		bits >>= 5
	}
	return fmt.Sprintf("%d-%s-%s", at.Year(), letters[:5], letters[5:])
}
