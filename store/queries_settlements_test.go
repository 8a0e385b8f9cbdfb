package store_test

import (
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
)

// taking is what a run would take in a town.
func (w *town) taking() store.Taking {
	return store.Taking{RunID: w.run.ID, Currency: "DKK", Until: noon.Add(time.Hour), Payees: []store.Payee{{PartnerID: w.partner.ID, SettlementID: store.NewID()}}}
}

// people counts who has had a hand in something.
func people(h domain.Hands, err error) (int, error) {
	return len(h.Recorded) + len(h.Proposed) + len(h.Approved), err
}

// settlementReads are the queries of settlement that read.
func settlementReads() map[string]query {
	return map[string]query{
		"Suspects": many(func(tx *store.Tx, of *town) ([]store.Suspect, error) { return tx.Suspects(of.taking()) }),
		"Uncontracted": many(func(tx *store.Tx, of *town) ([]domain.Redemption, error) {
			return tx.Uncontracted(of.taking(), of.partner.ID, noon.Add(time.Hour), noon.Add(2*time.Hour))
		}),
		"SettlementSums": many(func(tx *store.Tx, of *town) ([]store.SettlementSum, error) {
			return tx.SettlementSums([]domain.ID{of.settlement.ID})
		}),
		"EachSold": func(tx *store.Tx, of *town) (rows int, err error) {
			return rows, tx.EachSold(of.settlement.ID, func(store.Sold) error { rows++; return nil })
		},
		"EachBooked": func(tx *store.Tx, _ *town) (rows int, err error) {
			return rows, tx.EachBooked("DKK", domain.Date{}, domain.Date{}, nil, func(ledger.Posting) error { rows++; return nil })
		},
		"Charges": many(func(tx *store.Tx, _ *town) ([]store.Charged, error) {
			return tx.Charges("DKK", domain.Date{}, domain.Date{}, ledger.Events)
		}),
		"SoldParts": many(func(tx *store.Tx, of *town) ([]store.SoldPart, error) { return tx.SoldParts(of.settlement.ID) }),
		"SettlementShares": many(func(tx *store.Tx, of *town) ([]store.SettlementShare, error) {
			return tx.SettlementShares([]domain.ID{of.settlement.ID})
		}),
		"CorrectionsBehind": many(func(tx *store.Tx, of *town) ([]domain.SettlementCorrection, error) {
			return tx.CorrectionsBehind(of.earlier.ID)
		}),
		"LastPaid": many(func(tx *store.Tx, _ *town) ([]store.Account, error) { return tx.LastPaid() }),
		"RunSums":  many(func(tx *store.Tx, of *town) ([]store.RunSum, error) { return tx.RunSums([]domain.ID{of.run.ID}) }),
		"NextRun": func(tx *store.Tx, _ *town) (int, error) {
			next, err := tx.NextRun()
			return next - 1, err
		},
		"HeldLines": func(tx *store.Tx, of *town) (int, error) {
			n, err := tx.HeldLines(of.run.ID)
			return int(n), err
		},
		"SettlementFaults": func(tx *store.Tx, _ *town) (int, error) {
			found, _, err := tx.SettlementFaults(9)
			return len(found), err
		},
		"BankFaults": func(tx *store.Tx, _ *town) (int, error) {
			found, _, err := tx.BankFaults(9)
			return len(found), err
		},
		"LeftBehind":         many(func(tx *store.Tx, _ *town) ([]domain.ID, error) { return tx.LeftBehind("DKK", noon.Add(time.Hour), 9) }),
		"SettlementPostings": many(func(tx *store.Tx, _ *town) ([]store.SettlementPosting, error) { return tx.SettlementPostings() }),
		"HandsOnRun":         func(tx *store.Tx, of *town) (int, error) { return people(tx.HandsOnRun(of.run.ID)) },
		"HandsOnVouchers": func(tx *store.Tx, of *town) (int, error) {
			found, err := tx.HandsOnVouchers([]domain.ID{of.voucher.ID})
			return len(found), err
		},
		"HandsOnVoucher": func(tx *store.Tx, of *town) (int, error) { return people(tx.HandsOnVoucher(of.voucher.ID)) },
	}
}

// settlementChanges are the queries of settlement that change something.
func settlementChanges() map[string]query {
	state := func(tx *store.Tx, s domain.SettlementState) (int, error) {
		n, err := store.Count[domain.Settlement](tx, store.Is("state", s))
		return int(n), err
	}
	return map[string]query{
		"CarryCorrections": change(func(tx *store.Tx, of *town) error {
			return tx.CarryCorrections([]domain.ID{of.correction.ID}, of.settlement.ID)
		}),
		"UndoneSettlements": many(func(tx *store.Tx, of *town) ([]domain.Settlement, error) {
			if err := tx.ApproveSettlements(of.run.ID); err != nil {
				return nil, err
			}
			if _, err := tx.ReverseSettlements(of.run.ID); err != nil {
				return nil, err
			}
			return tx.UndoneSettlements([]int64{of.settlement.Total}, 9)
		}),
		"TakeLines": func(tx *store.Tx, of *town) (int, error) {
			n, err := tx.TakeLines(of.taking())
			return int(n), err
		},
		"Undraft": func(tx *store.Tx, of *town) (int, error) {
			before, err := state(tx, domain.SettlementDraft)
			if err != nil {
				return 0, err
			}
			if err := tx.Undraft(of.run.ID); err != nil {
				return 0, err
			}
			after, err := state(tx, domain.SettlementDraft)
			return before - after, err
		},
		"ApproveSettlements": func(tx *store.Tx, of *town) (int, error) {
			if err := tx.ApproveSettlements(of.run.ID); err != nil {
				return 0, err
			}
			return state(tx, domain.SettlementDue)
		},
		"PaySettlements": func(tx *store.Tx, of *town) (int, error) {
			if err := tx.ApproveSettlements(of.run.ID); err != nil {
				return 0, err
			}
			paid, err := tx.PaySettlements([]domain.ID{of.settlement.ID}, domain.DateOf(noon, time.UTC))
			return len(paid), err
		},
		"ReverseSettlements": func(tx *store.Tx, of *town) (int, error) {
			if err := tx.ApproveSettlements(of.run.ID); err != nil {
				return 0, err
			}
			n, err := tx.ReverseSettlements(of.run.ID)
			return int(n), err
		},
		"Carry": change(func(tx *store.Tx, of *town) error {
			if err := tx.ApproveSettlements(of.run.ID); err != nil {
				return err
			}
			if _, err := tx.ReverseSettlements(of.run.ID); err != nil {
				return err
			}
			return tx.Carry([]domain.ID{of.settlement.ID}, of.payment.ID)
		}),
	}
}
