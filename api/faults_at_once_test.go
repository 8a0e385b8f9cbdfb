package api

import (
	"net/url"
	"regexp"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/store/storetest"
)

// faultBeside are the fields of a form that something is wrong with.
var faultBeside = regexp.MustCompile(`id="([a-z_0-9]+)-wrong"`)

// What cannot be read of a form and what does not fit in the rest of it are told in one
// answer, each at its field and once; and nothing is done, nor said of what was given
// but could not be read.
func TestFaultsAreToldAtOnce(t *testing.T) {
	storetest.Each(t, func(t *testing.T, s *store.Store) {
		w := newUnsettledWorld(t, s)
		const citizen, version = "/citizens/cit_01920000000070008000000000000001", "/programmes/prg_01920000000070008000000000000002/versions/ver_01920000000070008000000000000003"
		const unit, programme, plan = "unt_01920000000070008000000000000001", "prg_01920000000070008000000000000001", "pln_01920000000070008000000000000001"
		for name, c := range map[string]struct {
			role  domain.Role
			path  string
			form  url.Values
			wrong []string // fields, in the order of the page
		}{
			"new citizen": {domain.Caseworker, "/citizens/new", url.Values{
				"name": {" "}, "reference": {""}, "cpr": {"12"}, "birth_date": {"i går"}, "unit": {unit}, "plan_reference": {""}, "start": {"01-13-2026"}, "assessment_date": {"2026-11-01"}, "assessment_reference": {""},
				"kind": {"group"}, "date": {"2026-11-30"}, "time": {"kl. ti"}, "every": {"week"}, "count": {"999"},
			}, []string{"name", "reference", "cpr", "birth_date", "plan_reference", "start", "assessment_reference", "time", "count"}},
			"day alone":     {domain.Caseworker, citizen + "/sessions", url.Values{"kind": {"?"}, "date": {"snart"}, "time": {"10.00"}, "every": {"week"}, "count": {"0"}}, []string{"kind", "date", "count"}},
			"plan sessions": {domain.Caseworker, citizen + "/sessions", url.Values{"kind": {"group"}, "date": {"2026-11-30"}, "time": {"sent"}, "every": {"year"}, "count": {"mange"}}, []string{"time", "every", "count"}},
			"enrol":         {domain.Caseworker, citizen + "/enrol?plan=" + plan, url.Values{"programme": {""}, "start": {"snart"}}, []string{"programme", "start"}},
			"grant":         {domain.Caseworker, citizen + "/grant?plan=" + plan, url.Values{"enrolment": {"enr_01920000000070008000000000000001"}, "amount": {"en hel del"}, "grounds": {""}, "evidence": {""}}, []string{"amount", "grounds", "evidence"}},
			"shop":          {domain.Administrator, "/partners/new", url.Values{"name": {""}, "cvr": {"12"}, "categories": {""}, "contract_to": {"til jul"}, "most_per_month": {"lidt"}}, []string{"name", "cvr", "categories", "contract_to", "most_per_month"}},
			"person":        {domain.Administrator, "/people/new", url.Values{"do": {"role"}, "person": {""}, "role": {"chef"}, "unit": {"x"}}, []string{"person", "role", "unit"}},
			"key":           {domain.Administrator, "/keys/new", url.Values{"days": {"mange"}, "scopes": {"allowEverything"}}, []string{"days", "scopes"}},
			"budget":        {domain.Finance, "/budgets/new", url.Values{"programme": {programme}, "year": {"i år"}, "amount": {"mange"}, "account": {"??"}, "reason": {""}}, []string{"year", "amount", "account", "reason"}},
			"budget change": {domain.Finance, "/budgets/bdg_01920000000070008000000000000001", url.Values{"do": {"change"}, "by": {"mere"}, "reason": {""}}, []string{"amount", "reason"}},
			"limits":        {domain.Finance, "/limits", url.Values{"number": {"0"}, "automatic_most": {"lidt"}, "own_caseload": {"-5"}, "remind_days": {"999"}}, []string{"automatic_most", "own_caseload", "remind_days"}},
			"settings":      {domain.Administrator, "/settings", url.Values{"do": {"municipality"}, "version": {"1"}, "name": {""}, "finance_email": {"nej"}, "reversal_minutes": {"længe"}, "most_per_day": {"lidt"}}, []string{"name", "finance_email", "reversal_minutes", "most_per_day"}},
			"adoption":      {domain.TeamLeader, version + "/adopt", url.Values{"version": {"1"}, "adopted_by": {""}, "adopted_on": {"i går"}, "in_force_from": {""}}, []string{"adopted_by", "adopted_on", "in_force_from"}},
			"deputy":        {domain.TeamLeader, "/deputies", url.Values{"deputy": {""}, "first_day": {"i morgen"}, "last_day": {"2020-01-01"}}, []string{"deputy", "first_day", "last_day"}},
			"run":           {domain.Finance, "/runs", url.Values{"period_from": {"x"}, "period_to": {"2040-01-01"}, "currency": {"DKK"}}, []string{"period_from", "period_to"}},
		} {
			t.Run(name, func(t *testing.T) {
				before := w.newest()
				c.form.Set("key", name)
				answer := w.pressed(c.role, w.here(c.path), w.here(c.form.Encode()))
				require.Equal(t, 422, answer.Code, answer.Body)
				var told []string
				for _, each := range faultBeside.FindAllStringSubmatch(answer.Body.String(), -1) {
					told = append(told, each[1])
				}
				slices.Sort(told)
				slices.Sort(c.wrong)
				require.Equal(t, c.wrong, told)
				require.Equal(t, before, w.newest(), "nothing is done")
			})
		}
	})
}
