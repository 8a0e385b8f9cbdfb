package vouchers

import (
	"reflect"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
)

// Every private text of a row or an answer is among those that it names: one that
// was forgotten would be shown as empty, and refused when it is stored.
func TestPersonalForgetsNothing(t *testing.T) {
	t.Parallel()
	for _, row := range []domain.Personal{
		&domain.Citizen{}, &domain.Goal{}, &domain.AttendanceEvent{}, &domain.Attendance{}, &domain.Award{}, &domain.Voucher{}, &domain.EnrolmentMove{}, &domain.Pause{}, &domain.ApprovalDemand{}, &domain.Withholding{},
		&Earned{}, &Attended{}, &ChangedGoal{}, &PauseResult{}, &Moved{}, &Enrolled{}, &Decided{}, &Reissued{}, &Hat{},
	} {
		want := filled(reflect.ValueOf(row).Elem())
		require.NotEmpty(t, want, "%T", row)
		named := map[*domain.Private]bool{}
		for _, text := range row.Personal() {
			named[text.Text] = true
		}
		for _, text := range want {
			require.True(t, named[text], "%T", row)
		}
	}
	for _, row := range []any{&domain.Redemption{}, &domain.Reversal{}, &domain.Import{}, &domain.Plan{}, &domain.Enrolment{}} {
		require.Empty(t, filled(reflect.ValueOf(row).Elem()), "%T has private texts and does not name them", row)
	}
}

// filled puts one row in every list and behind every pointer, and gives the
// private texts that there are then.
func filled(v reflect.Value) (texts []*domain.Private) {
	switch v.Interface().(type) {
	case domain.Private:
		return []*domain.Private{v.Addr().Interface().(*domain.Private)}
	case time.Time, domain.ID:
		return nil
	}
	switch v.Kind() {
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		return filled(v.Index(0))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		return filled(v.Elem())
	case reflect.Struct:
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				texts = append(texts, filled(v.Field(i))...)
			}
		}
	}
	return texts
}
