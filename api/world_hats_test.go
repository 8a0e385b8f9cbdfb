package api

import (
	"strings"
	"time"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/vouchers"
)

// hats makes version 21, which draws names, and two hats, each with a visit in it.
func (w *world) hats() {
	ctx, leader, worker := w.t.Context(), w.as(domain.TeamLeader), w.as(domain.Caseworker)
	w.is("prg", 21, ok(w.service.CreateProgramme(ctx, leader, vouchers.ProgrammeInput{Slug: "hat-2026", Title: rules.Text{DA: "Hatten", EN: "The hat"}})).ID)
	text := strings.NewReplacer("move-2026", "hat-2026", "{met: 2}", "{met: 1}", "no_show: hold", "no_show: not_met", "caps:\n  - {count: 6, period: episode, at_limit: stop}\n", "",
		"magnitude: {constant: 20000}", "draws: {start: 1, step: 1, ceiling: 8, reset: {on: [not_met], to: 1}, with_replacement: true}\n    bowl: [{slips: 1, value: 5000}]\n    hat: {names: 1}",
	).Replace(string(ok(rules.Preset("move-2026"))))
	draft := ok(w.service.DraftVersion(ctx, w.as(domain.Administrator), w.find("prg", 21), []byte(text)))
	w.is("ver", 21, draft.ID)
	ok(w.service.AdoptVersion(ctx, leader, draft.ID, 0, vouchers.Adoption{
		AdoptedBy: "Byrådet", AdoptedOn: domain.Date{Year: 2025, Month: 12, Day: 10}, InForceFrom: domain.Date{Year: 2026, Month: 1, Day: 1},
	}))
	for n := range 2 {
		plan, _ := w.plan(21+n, 21)
		held := time.Date(2026, 10, 5+n, 9, 0, 0, 0, time.UTC)
		made := ok(w.service.CreateHat(ctx, worker, vouchers.Key{}, vouchers.HatInput{ProgrammeID: w.find("prg", 21), UnitID: w.find("unt", 1), HeldAt: held, Title: "Gruppen"}))
		w.is("hat", n+1, made.Value.ID)
		ok(w.service.Attend(ctx, worker, vouchers.Key{}, vouchers.Visit{PlanID: plan, OccurredAt: held, Kind: "individual", Outcome: domain.Attended, HatID: made.Value.ID}))
	}
}
