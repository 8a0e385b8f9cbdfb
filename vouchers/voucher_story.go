package vouchers

import (
	"context"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/store"
)

// VoucherStory is a voucher with whose it is, why it was given and what became of
// it.
type VoucherStory struct {
	Site        *time.Location
	Voucher     domain.Voucher
	Citizen     domain.Citizen // of the private texts only the name is opened
	Why         rules.Text     // the sentence of its award; empty: it was given by hand
	Replaces    *domain.Voucher
	ReplacedBy  *domain.Voucher
	Redemptions []RedemptionRecord   // oldest first
	Partners    map[domain.ID]string // where it was used, by name
}

// VoucherStory gives a voucher of a unit within reach, for those who know the
// citizens.
func (s *Service) VoucherStory(ctx context.Context, actor domain.Actor, id domain.ID) (v VoucherStory, err error) {
	if err := actor.May("getCitizen"); err != nil {
		return v, err
	}
	err = s.read(ctx, actor, "getVoucher", func(tx *store.Tx) error {
		if v.Site, err = tx.Zone(); err != nil {
			return err
		}
		v.Voucher, err = store.Get[domain.Voucher](tx, id)
		if err == nil && !actor.Reaches(v.Voucher.UnitID) {
			err = domain.OutOfReach()
		}
		if err != nil {
			return err
		}
		if err := s.open(tx, &v.Voucher); err != nil {
			return err
		}
		if err := s.givenTo(tx, &v); err != nil {
			return err
		}
		return v.used(tx)
	})
	return v, err
}

// givenTo reads whose the voucher is, and why.
func (s *Service) givenTo(tx *store.Tx, v *VoucherStory) error {
	award, err := store.Get[domain.Award](tx, v.Voucher.AwardID)
	if err != nil {
		return err
	}
	if !award.ByHand() {
		if v.Why, _, err = earnedWith(award); err != nil {
			return err
		}
	}
	enrolment, err := store.Get[domain.Enrolment](tx, award.EnrolmentID)
	if err != nil {
		return err
	}
	v.Citizen, err = s.whose(tx, enrolment.PlanID)
	return err
}

// used reads what became of the voucher.
func (v *VoucherStory) used(tx *store.Tx) error {
	for _, other := range []struct {
		id   *domain.ID
		into **domain.Voucher
	}{{v.Voucher.ReplacesID, &v.Replaces}, {v.Voucher.ReplacedByID, &v.ReplacedBy}} {
		if other.id != nil {
			row, err := store.Get[domain.Voucher](tx, *other.id)
			if err != nil {
				return err
			}
			*other.into = &row
		}
	}
	redemptions, err := store.All[domain.Redemption](tx, "id", store.Is("voucher_id", v.Voucher.ID))
	if err != nil {
		return err
	}
	if v.Redemptions, err = withReversals(tx, redemptions); err != nil {
		return err
	}
	partners, err := among[domain.Partner](tx, "id", ids(redemptions, func(r domain.Redemption) domain.ID { return r.PartnerID }))
	v.Partners = map[domain.ID]string{}
	for _, p := range partners {
		v.Partners[p.ID] = p.Name
	}
	return err
}
