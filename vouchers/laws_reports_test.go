package vouchers

// reportsAgree demands that every report says what plain sums over all postings,
// vouchers and redemptions say.
func (m *market) reportsAgree() {
	m.plainly(m.t)
}
