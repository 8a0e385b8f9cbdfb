-- +goose Up
-- A redemption is settled, or it is held or rejected: never both.
-- +goose StatementBegin
CREATE TRIGGER settlement_holds_unsettled BEFORE INSERT ON settlement_holds WHEN NEW.decision <> 'released'
  AND EXISTS (SELECT 1 FROM settlement_lines l JOIN settlement_runs r ON r.municipality_id = l.municipality_id AND r.id = l.run_id
    WHERE l.municipality_id = NEW.municipality_id AND l.id = NEW.redemption_id AND r.state <> 'draft')
BEGIN SELECT RAISE(ABORT, 'settlement_holds: the redemption is settled'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER settlement_holds_rejected BEFORE UPDATE ON settlement_holds WHEN NEW.decision <> 'released'
  AND EXISTS (SELECT 1 FROM settlement_lines l JOIN settlement_runs r ON r.municipality_id = l.municipality_id AND r.id = l.run_id
    WHERE l.municipality_id = NEW.municipality_id AND l.id = NEW.redemption_id AND r.state <> 'draft')
BEGIN SELECT RAISE(ABORT, 'settlement_holds: the redemption is settled'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER settlement_runs_unheld BEFORE UPDATE ON settlement_runs WHEN OLD.state = 'draft' AND NEW.state <> 'draft'
  AND EXISTS (SELECT 1 FROM settlement_holds h JOIN settlement_lines l ON l.municipality_id = h.municipality_id AND l.id = h.redemption_id
    WHERE h.municipality_id = NEW.municipality_id AND h.decision <> 'released' AND l.run_id = NEW.id)
BEGIN SELECT RAISE(ABORT, 'settlement_runs: a redemption in it is held or rejected'); END;
-- +goose StatementEnd

-- +goose Down
DROP TRIGGER settlement_runs_unheld;
DROP TRIGGER settlement_holds_rejected;
DROP TRIGGER settlement_holds_unsettled;
