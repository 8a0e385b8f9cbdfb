package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain/ledger"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// beforeCorrections is the step before 00029_corrections.
const beforeCorrections = 28

// The step that brought corrections can be taken back where one is booked: its payment is
// in the books a second time, and stays there.
func TestCorrectionsTakenBack(t *testing.T) {
	storetest.EachAs(t, storetest.Owner, func(t *testing.T, s *store.Store) {
		w := settled(t, s)
		w.writes(t, s, func(tx *store.Tx) error {
			book, err := tx.Book(noon)
			if err != nil {
				return err
			}
			p := ledger.Payment{
				MunicipalityID: w.id(), SettlementID: w.payment.ID, PartnerID: w.partner.ID, Reference: w.payment.ID, Currency: "DKK",
				Shares: []ledger.Share{{ProgrammeID: w.line.ProgrammeID, UnitID: w.line.UnitID, BudgetID: w.line.BudgetID, Amount: 50}},
			}
			if err := tx.Post(book.Pay(p)); err != nil {
				return err
			}
			p.Reference = w.correction.ID
			return tx.Post(book.Pay(p))
		})
		for {
			steps, err := s.Migrations(t.Context())
			require.NoError(t, err)
			if !steps[beforeCorrections].Applied {
				break
			}
			require.NoError(t, s.MigrateDown(t.Context()))
		}
		require.NoError(t, s.Migrate(t.Context()))
	})
}
