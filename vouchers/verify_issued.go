package vouchers

import (
	"slices"

	"github.com/google/uuid"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// issuedFor compares an award with its enrolment, its vouchers and who decided on
// it.
func (v verifier) issuedFor(ep episode, a domain.Award) error {
	doc, err := v.document(v.tx, a.VersionID)
	if err != nil {
		return err
	}
	e := ep[slices.IndexFunc(ep, func(c chapter) bool { return c.ID == a.EnrolmentID })]
	granted := -v.returned[a.ID]
	for _, voucher := range v.vouchers.of(a.ID) {
		voucher.seen = true
		if voucher.original() {
			granted += voucher.amount
		}
		v.like(voucher, a, ep.versions())
	}
	v.differ(a.Granted == granted, "award %s: %d is granted, vouchers for %d were issued and not taken back", a.ID, a.Granted, granted)
	v.differ(a.UnitID == e.UnitID && a.ProgrammeID == e.ProgrammeID && slices.Contains(ep.versions(), a.VersionID) && a.Currency == doc.Currency,
		"award %s: its unit, programme, version or currency is not that of its enrolment", a.ID)
	v.decided(a)
	v.answered(a)
	v.reservation(a)
	v.withheld(a)
	return nil
}

// like compares a voucher with its award: it must be issued under one of the
// versions that its episode has been in.
func (v verifier) like(voucher *held, a domain.Award, versions []domain.ID) {
	k := v.sorts.list[voucher.kind]
	if k.unit != a.UnitID || k.programme != a.ProgrammeID || k.currency != a.Currency {
		v.differ(false, "voucher %s: its unit, programme or currency is not that of its award", voucher.id)
	}
	if !slices.Contains(versions, k.version) {
		v.differ(false, "voucher %s: is issued under version %s, in which its enrolment never was", voucher.id, k.version)
		return
	}
	if voucher.original() {
		return // says did
	}
	old := v.vouchers.get(voucher.replaces)
	if voucher.from != old.from || voucher.to != old.to {
		v.differ(false, "voucher %s: is not valid for as long as the one that it replaces", voucher.id)
	}
}

// says compares a voucher with the document of its version.
func (v verifier) says(voucher domain.Voucher) {
	doc, err := v.known(voucher.VersionID)
	if err != nil {
		v.differ(false, "voucher %s: its version cannot be read: %v", voucher.ID, err)
		return
	}
	says := doc.Voucher
	if voucher.Partial != says.Partial || !slices.Equal(voucher.Categories, says.Categories) || !slices.Equal(voucher.Excluded, says.Excluded) {
		v.differ(false, "voucher %s: what it may be used for is not what its programme says", voucher.ID)
	}
	if voucher.ReplacesID != nil {
		return // it is valid as long as that one
	}
	to := validTo(voucher.CreatedAt, says.ValidDays, v.loc)
	if !voucher.ValidFrom.Equal(voucher.CreatedAt) || !voucher.ValidTo.Equal(to) {
		v.differ(false, "voucher %s: is valid from %s to %s, should be from %s to %s", voucher.ID, voucher.ValidFrom, voucher.ValidTo, voucher.CreatedAt, to)
	}
}

// adjustments learns what was taken off the granted amounts because a voucher
// was voided.
func (v verifier) adjustments() error {
	return store.Each(v.tx, func(a domain.AwardAdjustment) error {
		if back := a.GrantedBefore - a.GrantedAfter; back > 0 {
			v.returned[a.AwardID] += back
			voucher, err := uuid.Parse(a.Cause)
			of := v.vouchers.get(voucher)
			v.differ(err == nil && of.state() == domain.Void && of.award == a.AwardID,
				"award adjustment %s: takes %d back for a voucher that is not void", a.ID, back)
		}
		return nil
	})
}
