package vouchers

import (
	"strings"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// mayExcuse refuses an event that excuses someone, or says anew why, or when,
// where a programme in which the visit counts leaves that to others. An import
// is not asked: its visits were decided on where they come from.
func (s *Service) mayExcuse(tx *store.Tx, before, e domain.AttendanceEvent) error {
	same := before.AbsenceReason == e.AbsenceReason && sameTime(before.NoticeAt, e.NoticeAt) && before.OccurredAt.Equal(e.OccurredAt)
	if e.Outcome != domain.Excused || e.Withdrawn || before.Outcome == domain.Excused && !before.Withdrawn && same {
		return nil
	}
	enrolments, err := store.All[domain.Enrolment](tx, "programme_id", store.Is("plan_id", e.PlanID))
	for _, enrolment := range enrolments {
		if !counts(enrolment, e.LocalDate) {
			continue
		}
		doc, err := s.document(tx, enrolment.VersionID)
		if err != nil {
			return err
		}
		if role := tx.Actor().Role; !doc.Decides(role) {
			return domain.Errorf(domain.Forbidden, "not_yours_to_excuse",
				"in the programme %s only a %s may excuse an absence, you are a %s: record no_show with the absence's reason and notice, and ask one of them to correct it to excused",
				doc.Programme, strings.Join(doc.Excused.DecidedBy, " or "), role)
		}
	}
	return err
}
