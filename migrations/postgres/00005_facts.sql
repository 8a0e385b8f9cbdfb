-- +goose Up
-- The facts that rules ask for beside a visit's outcome: when someone came and
-- left, a test's result, a task, the missed visit that is made up for, why and
-- when someone sent word of an absence; who said that a goal was reached or a
-- plan ended; and the pauses of a plan.

DROP VIEW attendances;
ALTER TABLE attendance_events
  DROP CONSTRAINT attendance_events_outcome_check,
  ADD CONSTRAINT attendance_events_outcome_check CHECK (outcome IN ('attended', 'no_show', 'excused', 'cancelled', 'late', 'left_early', 'no_valid_sample', 'pending')),
  ADD COLUMN arrived_at TIMESTAMPTZ,
  ADD COLUMN left_at TIMESTAMPTZ,
  ADD COLUMN test TEXT NOT NULL DEFAULT '' CHECK (test IN ('', 'negative', 'positive')),
  ADD COLUMN task TEXT NOT NULL DEFAULT '',
  ADD COLUMN makes_up UUID,
  ADD COLUMN absence_reason TEXT NOT NULL DEFAULT '',
  ADD COLUMN notice_at TIMESTAMPTZ,
  ADD FOREIGN KEY (municipality_id, makes_up) REFERENCES attendance_events (municipality_id, id),
  ADD CHECK (makes_up IS NULL OR makes_up <> attendance_id),
  ADD CHECK (left_at IS NULL OR arrived_at IS NULL OR left_at >= arrived_at),
  ADD CHECK (outcome IN ('attended', 'late', 'left_early') OR test = ''),
  ADD CHECK (outcome IN ('excused', 'no_show') OR (absence_reason = '' AND notice_at IS NULL));
ALTER TABLE attendance_events ALTER COLUMN test DROP DEFAULT, ALTER COLUMN task DROP DEFAULT, ALTER COLUMN absence_reason DROP DEFAULT;
CREATE VIEW attendances AS
SELECT e.* FROM attendance_events e WHERE NOT EXISTS (
  SELECT 1 FROM attendance_events later
  WHERE later.municipality_id = e.municipality_id AND later.attendance_id = e.attendance_id AND later.revision = e.revision + 1);

ALTER TABLE goals ADD COLUMN kind TEXT NOT NULL DEFAULT 'goal' CHECK (kind IN ('goal', 'phase'));
ALTER TABLE goals ADD COLUMN reached_by TEXT NOT NULL DEFAULT '[]';
ALTER TABLE plans ADD COLUMN ended_by TEXT NOT NULL DEFAULT '';
-- Who said so until now is in the audit log; awards compare names in small letters.
UPDATE goals SET reached_by = COALESCE((SELECT json_build_array(lower(a.person))::text FROM audit_entries a
  WHERE a.municipality_id = goals.municipality_id AND a.object_id = goals.id AND a.action = 'updateGoal' ORDER BY a.id DESC LIMIT 1), '["unknown"]')
WHERE state = 'reached';
UPDATE plans SET ended_by = COALESCE((SELECT lower(a.person) FROM audit_entries a
  WHERE a.municipality_id = plans.municipality_id AND a.object_id = plans.id AND a.action = 'updatePlan' AND a.detail NOT LIKE '%"end_reason":""%' ORDER BY a.id LIMIT 1), 'unknown')
WHERE end_date IS NOT NULL;

CREATE TABLE pauses (
  municipality_id UUID NOT NULL,
  id UUID NOT NULL,
  plan_id UUID NOT NULL,
  reason TEXT NOT NULL CHECK (reason IN ('closure', 'residential_care', 'prison', 'leave')),
  first_day DATE NOT NULL,
  last_day DATE,
  withdrawn BOOLEAN NOT NULL,
  changed_because TEXT NOT NULL CHECK (version = 1 OR changed_because <> ''),
  version BIGINT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (municipality_id, id),
  FOREIGN KEY (municipality_id, plan_id) REFERENCES plans,
  CHECK (last_day IS NULL OR last_day >= first_day)
);
CREATE INDEX pauses_by_plan ON pauses (municipality_id, plan_id);

-- +goose Down
DROP TABLE pauses;
ALTER TABLE plans DROP COLUMN ended_by;
ALTER TABLE goals DROP COLUMN reached_by, DROP COLUMN kind;
DROP VIEW attendances;
DROP TRIGGER attendance_events_append_only ON attendance_events;
ALTER TABLE attendance_events DROP CONSTRAINT attendance_events_outcome_check;
-- The four outcomes of before cannot say all: who was there, with or without a
-- sample, becomes attended, and what was not known yet a no-show.
UPDATE attendance_events SET outcome = CASE WHEN outcome IN ('late', 'left_early', 'no_valid_sample') THEN 'attended' WHEN outcome = 'pending' THEN 'no_show' ELSE outcome END WHERE outcome NOT IN ('attended', 'no_show', 'excused', 'cancelled');
ALTER TABLE attendance_events
  ADD CONSTRAINT attendance_events_outcome_check CHECK (outcome IN ('attended', 'no_show', 'excused', 'cancelled')),
  DROP COLUMN arrived_at, DROP COLUMN left_at, DROP COLUMN test, DROP COLUMN task, DROP COLUMN makes_up, DROP COLUMN absence_reason, DROP COLUMN notice_at;
CREATE TRIGGER attendance_events_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON attendance_events FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE VIEW attendances AS
SELECT e.* FROM attendance_events e WHERE NOT EXISTS (
  SELECT 1 FROM attendance_events later
  WHERE later.municipality_id = e.municipality_id AND later.attendance_id = e.attendance_id AND later.revision = e.revision + 1);
