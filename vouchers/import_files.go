package vouchers

import (
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers/vault"
)

// The places that an import's files are sealed for.
const (
	plansFile      = "imports.plans_file"
	attendanceFile = "imports.attendance_file"
)

// sealFiles seals an import's files, which wait in the database.
func (s *Service) sealFiles(tx *store.Tx, im *domain.Import) error {
	key, err := s.filesKey(tx)
	if err != nil {
		return err
	}
	if im.PlansFile, err = key.SealFile(plansFile, im.ID, im.PlansFile); err != nil {
		return err
	}
	im.AttendanceFile, err = key.SealFile(attendanceFile, im.ID, im.AttendanceFile)
	return err
}

// openFiles gives an import's files as they were sent.
func (s *Service) openFiles(tx *store.Tx, im domain.Import) (plans, attendance []byte, err error) {
	key := vault.Key{} // opens what was stored before files were sealed
	row, err := store.First[domain.DataKey](tx, store.Is("purpose", domain.KeyOfFiles))
	if err == nil {
		key, err = s.vault.Unwrap(row)
	}
	if err != nil && domain.KindOf(err) != domain.NotFound {
		return nil, nil, err
	}
	if plans, err = key.OpenFile(plansFile, im.ID, im.PlansFile); err != nil {
		return nil, nil, err
	}
	attendance, err = key.OpenFile(attendanceFile, im.ID, im.AttendanceFile)
	return plans, attendance, err
}

// filesKey gives the key that seals a municipality's files, made if there is none.
func (s *Service) filesKey(tx *store.Tx) (vault.Key, error) {
	row, err := s.dataKey(tx, domain.KeyOfFiles, nil)
	if err != nil {
		return vault.Key{}, err
	}
	return s.vault.Unwrap(row)
}
