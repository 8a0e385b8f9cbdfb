package settlement

import (
	"slices"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// deed is something that the audit log must say was done, and by whom.
type deed struct {
	thing  string
	id     domain.ID
	by     string // in small letters; "": whoever
	action []domain.Action
}

// traced tells of what was done without the audit log saying so.
func traced(tx *store.Tx, differ func(string, ...any)) error {
	for _, list := range []func(*store.Tx) ([]deed, error){deedsOfRuns, deedsOfSettlements, deedsOfCorrections, deedsOfHolds} {
		deeds, err := list(tx)
		if err != nil {
			return err
		}
		for some := range slices.Chunk(deeds, 500) {
			if err := logged(tx, some, differ); err != nil {
				return err
			}
		}
	}
	return nil
}

// logged compares deeds with what the audit log says of the same things.
func logged(tx *store.Tx, deeds []deed, differ func(string, ...any)) error {
	ids := make([]domain.ID, len(deeds))
	for i, d := range deeds {
		ids[i] = d.id
	}
	entries, err := store.All[domain.AuditEntry](tx, "", store.In("object_id", ids))
	if err != nil {
		return err
	}
	by := map[domain.ID][]domain.AuditEntry{}
	for _, e := range entries {
		by[e.ObjectID] = append(by[e.ObjectID], e)
	}
	for _, d := range deeds {
		known := slices.ContainsFunc(by[d.id], func(e domain.AuditEntry) bool {
			return slices.Contains(d.action, domain.Action(e.Action)) && (d.by == "" || d.by == domain.Fold(e.Person))
		})
		if !known {
			differ("%s %s: no audit entry says %s by %q", d.thing, d.id, d.action[0], d.by)
		}
	}
	return nil
}

func deedsOfRuns(tx *store.Tx) (deeds []deed, err error) {
	runs, err := store.All[domain.SettlementRun](tx, "")
	for _, run := range runs {
		did := func(by string, action ...domain.Action) {
			if by != "" {
				deeds = append(deeds, deed{"settlement run", run.ID, by, action})
			}
		}
		did(run.MadeBy, "createSettlementRun", "remakeSettlementRun")
		did(run.ApprovedBy, "approveSettlementRun")
		did(run.FiledBy, "fileSettlementRun")
		did(run.PaidBy, "paySettlementRun")
		did(run.ReversedBy, "reverseSettlementRun")
		if run.State == domain.RunReconciled {
			deeds = append(deeds, deed{"settlement run", run.ID, "", []domain.Action{"reconcileSettlementRun"}})
		}
	}
	return deeds, err
}

func deedsOfSettlements(tx *store.Tx) (deeds []deed, err error) {
	rows, err := store.All[domain.Settlement](tx, "", store.Some("paid_on"))
	for _, row := range rows {
		did := func(by string, action domain.Action) {
			deeds = append(deeds, deed{"settlement", row.ID, by, []domain.Action{action}})
		}
		if did("", "paySettlement"); row.State == domain.SettlementBounced {
			did(row.BouncedBy, "bounceSettlement")
		}
		if row.ReconciledAt != nil {
			did("", "matchSettlement")
		}
	}
	return deeds, err
}

func deedsOfCorrections(tx *store.Tx) (deeds []deed, err error) {
	rows, err := store.All[domain.SettlementCorrection](tx, "")
	for _, c := range rows {
		deeds = append(deeds, deed{"settlement correction", c.ID, c.MadeBy, []domain.Action{"correctSettlement"}})
	}
	return deeds, err
}

func deedsOfHolds(tx *store.Tx) (deeds []deed, err error) {
	holds, err := store.All[domain.SettlementHold](tx, "")
	for _, h := range holds {
		by := h.HeldBy
		if by == holder {
			by = "" // found by a draft: the log has who made that
		}
		deeds = append(deeds, deed{"hold", h.ID, by, []domain.Action{actionHold}})
		switch h.Decision {
		case domain.HoldReleased:
			deeds = append(deeds, deed{"hold", h.ID, h.DecidedBy, []domain.Action{"releaseSettlementHold"}})
		case domain.HoldRejected:
			deeds = append(deeds, deed{"hold", h.ID, h.DecidedBy, []domain.Action{"rejectSettlementHold"}})
		}
	}
	return deeds, err
}
