package settlement

import (
	"cmp"
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// built is what making a draft has done.
type built struct {
	lines       int64
	settlements int
	held        int
	total       int64 // of all settlements, minor units
}

func (b built) empty() bool { return b.lines == 0 && b.settlements == 0 && b.held == 0 }

func (b built) detail() domain.Raw {
	return domain.Detail(map[string]any{"lines": b.lines, "settlements": b.settlements, "held": b.held, "total": b.total})
}

// build fills a draft: first it holds out what looks wrong, then it makes the
// lines, adds them up into settlements and carries in what earlier ones left.
func (s *Service) build(tx *store.Tx, run domain.SettlementRun) (b built, err error) {
	loc, err := tx.Zone()
	if err != nil {
		return b, err
	}
	partners, err := store.All[domain.Partner](tx, "")
	if err != nil {
		return b, err
	}
	take := store.Taking{RunID: run.ID, Currency: run.Currency, Until: run.PeriodTo.AddDays(1).In(loc).UTC()}
	if take.Since, err = since(tx, run.Currency, loc); err != nil {
		return b, err
	}
	for _, p := range partners {
		take.Payees = append(take.Payees, store.Payee{PartnerID: p.ID, SettlementID: store.NewID()})
	}
	if b.held, err = s.holdSuspects(tx, take, partners, loc); err != nil {
		return b, err
	}
	if b.lines, err = tx.TakeLines(take); err != nil {
		return b, err
	}
	if b.settlements, b.total, err = s.settle(tx, run, take, partners); err != nil {
		return b, err
	}
	hands, err := tx.HandsOnRun(run.ID)
	if err != nil {
		return b, err
	}
	return b, hands.MaySettle(tx.Actor())
}

// settle makes the settlements of a draft whose lines are made.
func (s *Service) settle(tx *store.Tx, run domain.SettlementRun, take store.Taking, partners []domain.Partner) (made int, total int64, err error) {
	left, err := leftovers(tx, run.Currency)
	if err != nil {
		return 0, 0, err
	}
	last, err := lastPaid(tx)
	if err != nil {
		return 0, 0, err
	}
	sums, err := sumsOf(tx, take.Payees)
	if err != nil {
		return 0, 0, err
	}
	mine := map[domain.ID]domain.ID{}
	for _, payee := range take.Payees {
		mine[payee.PartnerID] = payee.SettlementID
	}
	slices.SortFunc(partners, func(a, b domain.Partner) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.ID.String(), b.ID.String()))
	})
	var rows []domain.Settlement
	for _, p := range partners {
		sum, old := sums[mine[p.ID]], left[p.ID]
		if sum.Lines == 0 && old.total <= 0 {
			continue // what is owed to nobody waits for something that can be set against it
		}
		now := accountOf(p)
		before, paid := last[p.ID]
		rows = append(rows, domain.Settlement{
			MunicipalityID: run.MunicipalityID, ID: mine[p.ID], RunID: run.ID, PartnerID: p.ID, Number: domain.SettlementNumber(run, len(rows)+1),
			Method: now.Method, IBAN: now.IBAN, AccountChanged: paid && before != now, Currency: run.Currency,
			Lines: sum.Lines, Amount: sum.Amount, CarriedIn: old.total, Total: sum.Amount + old.total, State: domain.SettlementDraft, Version: 1, CreatedAt: s.now(),
		})
	}
	for _, row := range rows {
		if err := store.Insert(tx, &row); err != nil {
			return 0, 0, err
		}
		total += row.Total
		if err := left[row.PartnerID].into(tx, row.ID); err != nil {
			return 0, 0, err
		}
	}
	return len(rows), total, nil
}

// leftover is what a partner's earlier settlements left.
type leftover struct {
	total     int64 // minor units; below 0: the partner owes it
	from      []domain.ID
	corrected []domain.ID // corrections that are in the total
}

// into gives it to the settlement that takes it over.
func (l leftover) into(tx *store.Tx, settlement domain.ID) error {
	if len(l.from) > 0 {
		if err := tx.Carry(l.from, settlement); err != nil {
			return err
		}
	}
	if len(l.corrected) == 0 {
		return nil
	}
	return tx.CarryCorrections(l.corrected, settlement)
}

// leftovers gives what was left in a currency and no settlement has taken over.
func leftovers(tx *store.Tx, currency string) (map[domain.ID]leftover, error) {
	rows, err := store.All[domain.Settlement](tx, "", store.None("carried_into_id"), store.In("state", domain.CarriedOn), store.Is("currency", currency))
	if err != nil {
		return nil, err
	}
	corrections, err := openCorrections(tx, currency)
	if err != nil {
		return nil, err
	}
	left := map[domain.ID]leftover{}
	for _, row := range rows {
		old := left[row.PartnerID]
		old.total, old.from = old.total+row.Total, append(old.from, row.ID)
		left[row.PartnerID] = old
	}
	for _, c := range corrections {
		old := left[c.PartnerID]
		old.total, old.corrected = old.total+c.Amount, append(old.corrected, c.ID)
		left[c.PartnerID] = old
	}
	return left, nil
}

// accountOf says how a partner is to be paid, as agreed now.
func accountOf(p domain.Partner) store.Account {
	return store.Account{PartnerID: p.ID, Method: p.Method, IBAN: p.IBAN}
}

func lastPaid(tx *store.Tx) (map[domain.ID]store.Account, error) {
	accounts, err := tx.LastPaid()
	last := make(map[domain.ID]store.Account, len(accounts))
	for _, a := range accounts {
		last[a.PartnerID] = a
	}
	return last, err
}

func sumsOf(tx *store.Tx, payees []store.Payee) (map[domain.ID]store.SettlementSum, error) {
	ids := make([]domain.ID, len(payees))
	for i, payee := range payees {
		ids[i] = payee.SettlementID
	}
	list, err := tx.SettlementSums(ids)
	sums := make(map[domain.ID]store.SettlementSum, len(list))
	for _, sum := range list {
		sums[sum.SettlementID] = sum
	}
	return sums, err
}
