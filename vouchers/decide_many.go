package vouchers

import (
	"context"
	"crypto/sha256"
	"encoding/hex"

	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/store"
)

// Decision says what to decide on many awards.
type Decision struct {
	Awards  []Deciding // at most maxDecisions, each once
	Approve bool       // false: reject
	Reason  string     // why they are rejected; "" when they are approved
}

// Deciding is one award to decide on.
type Deciding struct {
	AwardID domain.ID
	Version int64 // that was read; 0: as it is now
}

// DecidedRow is what became of one award of many: Err says why nothing did.
type DecidedRow struct {
	AwardID domain.ID
	Decided Decided
	Err     error
}

// maxDecisions is how many awards are decided on in one request.
const maxDecisions = 100

// DecideMany decides on awards one by one, in the order given: each in a transaction
// of its own, under every rule that holds when it is decided on alone. A key, which
// each award has a part of, does nothing twice: sent again, what was decided is told
// again and what failed is tried again.
func (s *Service) DecideMany(ctx context.Context, actor domain.Actor, key Key, in Decision) (rows []DecidedRow, replayed bool, err error) {
	action := domain.Action("rejectAward")
	if in.Approve {
		action = "approveAward"
	}
	begun, err := once(ctx, s, actor, "decideAwards", key, func(tx *store.Tx) (int, error) {
		if err := in.check(); err != nil {
			return 0, err
		}
		return len(in.Awards), tx.Audit("decideAwards", "municipality", actor.MunicipalityID, s.now(), domain.Detail(map[string]any{"awards": len(in.Awards), "decision": action}))
	})
	if err != nil {
		return nil, false, err
	}
	rows = make([]DecidedRow, len(in.Awards))
	for i, d := range in.Awards {
		rows[i] = s.decideOne(ctx, actor, rowKey(key, d.AwardID), in, d)
	}
	return rows, begun.Replayed, nil
}

// check refuses a list of awards that cannot be decided on.
func (in Decision) check() error {
	var f domain.Fields
	f.Check(len(in.Awards) >= 1 && len(in.Awards) <= maxDecisions, "awards", "out_of_range", "must be 1 to %d awards", maxDecisions)
	there := map[domain.ID]bool{}
	for _, d := range in.Awards {
		if there[d.AwardID] {
			f.Add("awards", "repeated", "must name each award once")
			break
		}
		there[d.AwardID] = true
	}
	f.Check(in.Approve || in.Reason != "", "reason", "required", "must say why they are rejected")
	f.Check(!in.Approve || in.Reason == "", "reason", "contradiction", "must be left out when they are approved")
	return f.Err()
}

// decideOne decides on one award of many.
func (s *Service) decideOne(ctx context.Context, actor domain.Actor, key Key, in Decision, d Deciding) DecidedRow {
	var a Answer[Decided]
	var err error
	if in.Approve {
		a, err = s.Approve(ctx, actor, key, d.AwardID, d.Version)
	} else {
		a, err = s.reject(ctx, actor, key, d, in.Reason)
	}
	return DecidedRow{AwardID: d.AwardID, Decided: a.Value, Err: err}
}

// rowKey is the part of a key that one award of many has; none where there is no key.
func rowKey(key Key, award domain.ID) Key {
	if key.Value == "" {
		return key
	}
	part := sha256.Sum256(append([]byte(key.Value+"\x00"), award[:]...))
	return Key{Value: "award:" + hex.EncodeToString(part[:]), Hash: key.Hash}
}
