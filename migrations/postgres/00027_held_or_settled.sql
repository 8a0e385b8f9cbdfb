-- +goose Up
-- A redemption is settled, or it is held or rejected: never both.
-- +goose StatementBegin
CREATE FUNCTION refuse_hold_of_settled() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM settlement_lines l JOIN settlement_runs r ON r.municipality_id = l.municipality_id AND r.id = l.run_id
      WHERE l.municipality_id = NEW.municipality_id AND l.id = NEW.redemption_id AND r.state <> 'draft') THEN
    RAISE EXCEPTION 'settlement_holds: the redemption is settled' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION refuse_settling_held() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT 1 FROM settlement_holds h JOIN settlement_lines l ON l.municipality_id = h.municipality_id AND l.id = h.redemption_id
      WHERE h.municipality_id = NEW.municipality_id AND h.decision <> 'released' AND l.run_id = NEW.id) THEN
    RAISE EXCEPTION 'settlement_runs: a redemption in it is held or rejected' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
-- +goose StatementEnd
CREATE TRIGGER settlement_holds_unsettled BEFORE INSERT OR UPDATE ON settlement_holds FOR EACH ROW WHEN (NEW.decision <> 'released') EXECUTE FUNCTION refuse_hold_of_settled();
CREATE TRIGGER settlement_runs_unheld BEFORE UPDATE ON settlement_runs FOR EACH ROW WHEN (OLD.state = 'draft' AND NEW.state <> 'draft') EXECUTE FUNCTION refuse_settling_held();

-- +goose Down
DROP TRIGGER settlement_runs_unheld ON settlement_runs;
DROP TRIGGER settlement_holds_unsettled ON settlement_holds;
DROP FUNCTION refuse_settling_held;
DROP FUNCTION refuse_hold_of_settled;
