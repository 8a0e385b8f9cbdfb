-- +goose Up
-- The facts that rules ask for beside a visit's outcome: when someone came and
-- left, a test's result, a task, the missed visit that is made up for, why and
-- when someone sent word of an absence; who said that a goal was reached or a
-- plan ended; and the pauses of a plan.

-- SQLite cannot change a CHECK: the events move to a new table.
CREATE TABLE attendance_events_next (
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  attendance_id TEXT NOT NULL,
  revision INTEGER NOT NULL CHECK (revision > 0),
  plan_id TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  session_id TEXT,
  key TEXT NOT NULL CHECK (key <> ''),
  occurred_at DATETIME NOT NULL,
  local_date TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind <> ''),
  outcome TEXT NOT NULL CHECK (outcome IN ('attended', 'no_show', 'excused', 'cancelled', 'late', 'left_early', 'no_valid_sample', 'pending')),
  arrived_at DATETIME,
  left_at DATETIME,
  test TEXT NOT NULL CHECK (test IN ('', 'negative', 'positive')),
  task TEXT NOT NULL,
  makes_up TEXT,
  absence_reason TEXT NOT NULL,
  notice_at DATETIME,
  withdrawn BOOLEAN NOT NULL,
  reason TEXT NOT NULL CHECK (revision = 1 OR reason <> ''),
  source_revision INTEGER NOT NULL,
  recorded_by TEXT NOT NULL CHECK (recorded_by <> ''),
  source_recorded_by TEXT NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, attendance_id, revision),
  FOREIGN KEY (municipality_id, plan_id) REFERENCES plans,
  FOREIGN KEY (municipality_id, unit_id) REFERENCES units,
  FOREIGN KEY (municipality_id, session_id) REFERENCES sessions,
  FOREIGN KEY (municipality_id, makes_up) REFERENCES attendance_events (municipality_id, id),
  CHECK (makes_up IS NULL OR makes_up <> attendance_id),
  CHECK (left_at IS NULL OR arrived_at IS NULL OR left_at >= arrived_at),
  CHECK (outcome IN ('attended', 'late', 'left_early') OR test = ''),
  CHECK (outcome IN ('excused', 'no_show') OR (absence_reason = '' AND notice_at IS NULL)),
  CHECK (revision > 1 OR attendance_id = id)
);
INSERT INTO attendance_events_next (municipality_id,
  id, attendance_id, revision, plan_id, unit_id, session_id, key, occurred_at, local_date, kind, outcome, withdrawn, reason,
  source_revision, recorded_by, source_recorded_by, created_at,
  test, task, absence_reason)
SELECT municipality_id,
  id, attendance_id, revision, plan_id, unit_id, session_id, key, occurred_at, local_date, kind, outcome, withdrawn, reason,
  source_revision, recorded_by, source_recorded_by, created_at,
  '', '', '' FROM attendance_events;
DROP VIEW attendances;
DROP TABLE attendance_events;
ALTER TABLE attendance_events_next RENAME TO attendance_events;
CREATE UNIQUE INDEX attendance_events_key ON attendance_events (municipality_id, key) WHERE revision = 1;
CREATE UNIQUE INDEX attendance_events_session ON attendance_events (municipality_id, session_id) WHERE revision = 1 AND session_id IS NOT NULL;
CREATE INDEX attendance_events_by_plan ON attendance_events (municipality_id, plan_id, attendance_id, revision);
CREATE INDEX attendance_events_by_time ON attendance_events (municipality_id, plan_id, occurred_at);
CREATE INDEX attendance_events_by_day ON attendance_events (municipality_id, unit_id, local_date);
CREATE VIEW attendances AS
SELECT e.* FROM attendance_events e WHERE NOT EXISTS (
  SELECT 1 FROM attendance_events later
  WHERE later.municipality_id = e.municipality_id AND later.attendance_id = e.attendance_id AND later.revision = e.revision + 1);
-- +goose StatementBegin
CREATE TRIGGER attendance_events_no_update BEFORE UPDATE ON attendance_events BEGIN SELECT RAISE(ABORT, 'attendance_events is append-only: a correction is a new row'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER attendance_events_no_delete BEFORE DELETE ON attendance_events BEGIN SELECT RAISE(ABORT, 'attendance_events is append-only: a correction is a new row'); END;
-- +goose StatementEnd

ALTER TABLE goals ADD COLUMN kind TEXT NOT NULL DEFAULT 'goal' CHECK (kind IN ('goal', 'phase'));
ALTER TABLE goals ADD COLUMN reached_by TEXT NOT NULL DEFAULT '[]';
ALTER TABLE plans ADD COLUMN ended_by TEXT NOT NULL DEFAULT '';
-- Who said so until now is in the audit log; awards compare names in small letters.
UPDATE goals SET reached_by = COALESCE((SELECT json_array(lower(a.person)) FROM audit_entries a
  WHERE a.municipality_id = goals.municipality_id AND a.object_id = goals.id AND a.action = 'updateGoal' ORDER BY a.id DESC LIMIT 1), '["unknown"]')
WHERE state = 'reached';
UPDATE plans SET ended_by = COALESCE((SELECT lower(a.person) FROM audit_entries a
  WHERE a.municipality_id = plans.municipality_id AND a.object_id = plans.id AND a.action = 'updatePlan' AND a.detail NOT LIKE '%"end_reason":""%' ORDER BY a.id LIMIT 1), 'unknown')
WHERE end_date IS NOT NULL;

CREATE TABLE pauses (
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  plan_id TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (reason IN ('closure', 'residential_care', 'prison', 'leave')),
  first_day TEXT NOT NULL,
  last_day TEXT,
  withdrawn BOOLEAN NOT NULL,
  changed_because TEXT NOT NULL CHECK (version = 1 OR changed_because <> ''),
  version INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, id),
  FOREIGN KEY (municipality_id, plan_id) REFERENCES plans,
  CHECK (last_day IS NULL OR last_day >= first_day)
);
CREATE INDEX pauses_by_plan ON pauses (municipality_id, plan_id);

-- +goose Down
DROP TABLE pauses;
ALTER TABLE plans DROP COLUMN ended_by;
ALTER TABLE goals DROP COLUMN reached_by;
ALTER TABLE goals DROP COLUMN kind;
-- The four outcomes of before cannot say all: who was there, with or without a
-- sample, becomes attended, and what was not known yet a no-show.
CREATE TABLE attendance_events_next (
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  attendance_id TEXT NOT NULL,
  revision INTEGER NOT NULL CHECK (revision > 0),
  plan_id TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  session_id TEXT,
  key TEXT NOT NULL CHECK (key <> ''),
  occurred_at DATETIME NOT NULL,
  local_date TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind <> ''),
  outcome TEXT NOT NULL CHECK (outcome IN ('attended', 'no_show', 'excused', 'cancelled')),
  withdrawn BOOLEAN NOT NULL,
  reason TEXT NOT NULL CHECK (revision = 1 OR reason <> ''),
  source_revision INTEGER NOT NULL,
  recorded_by TEXT NOT NULL CHECK (recorded_by <> ''),
  source_recorded_by TEXT NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, attendance_id, revision),
  FOREIGN KEY (municipality_id, plan_id) REFERENCES plans,
  FOREIGN KEY (municipality_id, unit_id) REFERENCES units,
  FOREIGN KEY (municipality_id, session_id) REFERENCES sessions,
  CHECK (revision > 1 OR attendance_id = id)
);
INSERT INTO attendance_events_next (municipality_id,
  id, attendance_id, revision, plan_id, unit_id, session_id, key, occurred_at, local_date, kind, outcome, withdrawn, reason,
  source_revision, recorded_by, source_recorded_by, created_at)
SELECT municipality_id,
  id, attendance_id, revision, plan_id, unit_id, session_id, key, occurred_at, local_date, kind, CASE WHEN outcome IN ('late', 'left_early', 'no_valid_sample') THEN 'attended' WHEN outcome = 'pending' THEN 'no_show' ELSE outcome END, withdrawn, reason,
  source_revision, recorded_by, source_recorded_by, created_at FROM attendance_events;
DROP VIEW attendances;
DROP TABLE attendance_events;
ALTER TABLE attendance_events_next RENAME TO attendance_events;
CREATE UNIQUE INDEX attendance_events_key ON attendance_events (municipality_id, key) WHERE revision = 1;
CREATE UNIQUE INDEX attendance_events_session ON attendance_events (municipality_id, session_id) WHERE revision = 1 AND session_id IS NOT NULL;
CREATE INDEX attendance_events_by_plan ON attendance_events (municipality_id, plan_id, attendance_id, revision);
CREATE INDEX attendance_events_by_time ON attendance_events (municipality_id, plan_id, occurred_at);
CREATE INDEX attendance_events_by_day ON attendance_events (municipality_id, unit_id, local_date);
CREATE VIEW attendances AS
SELECT e.* FROM attendance_events e WHERE NOT EXISTS (
  SELECT 1 FROM attendance_events later
  WHERE later.municipality_id = e.municipality_id AND later.attendance_id = e.attendance_id AND later.revision = e.revision + 1);
-- +goose StatementBegin
CREATE TRIGGER attendance_events_no_update BEFORE UPDATE ON attendance_events BEGIN SELECT RAISE(ABORT, 'attendance_events is append-only: a correction is a new row'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER attendance_events_no_delete BEFORE DELETE ON attendance_events BEGIN SELECT RAISE(ABORT, 'attendance_events is append-only: a correction is a new row'); END;
-- +goose StatementEnd
