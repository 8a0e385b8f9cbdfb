-- +goose Up
-- Programmes, their versions, enrolments, attendance events and awards. What a
-- council has adopted cannot be edited, and what was recorded about a visit can
-- only be superseded: triggers refuse it even to someone at the SQL prompt.
-- SQLite's INSERT OR REPLACE slips past them; fasthold verify notices it.

CREATE TABLE programmes (
  municipality_id TEXT NOT NULL REFERENCES municipalities,
  id TEXT NOT NULL,
  slug TEXT NOT NULL CHECK (slug <> ''),
  title_da TEXT NOT NULL,
  title_en TEXT NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, slug)
);

CREATE TABLE programme_versions (
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  programme_id TEXT NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  state TEXT NOT NULL CHECK (state IN ('draft', 'adopted', 'ended')),
  document TEXT NOT NULL,
  adopted_by TEXT NOT NULL,
  adopted_on TEXT,
  in_force_from TEXT,
  in_force_to TEXT,
  recorded_by TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, programme_id, number),
  FOREIGN KEY (municipality_id, programme_id) REFERENCES programmes,
  CHECK (state = 'draft' OR (adopted_by <> '' AND adopted_on IS NOT NULL AND in_force_from >= adopted_on AND recorded_by <> '')),
  CHECK (in_force_to IS NULL OR in_force_to >= in_force_from)
);

CREATE TABLE enrolments (
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  plan_id TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  programme_id TEXT NOT NULL,
  version_id TEXT NOT NULL,
  start_date TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('active', 'ended')),
  ended_on TEXT,
  rule_state TEXT NOT NULL,
  version INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, plan_id, programme_id),
  FOREIGN KEY (municipality_id, plan_id) REFERENCES plans,
  FOREIGN KEY (municipality_id, unit_id) REFERENCES units,
  FOREIGN KEY (municipality_id, programme_id) REFERENCES programmes,
  FOREIGN KEY (municipality_id, version_id) REFERENCES programme_versions,
  CHECK ((state = 'ended') = (ended_on IS NOT NULL))
);
CREATE INDEX enrolments_by_unit ON enrolments (municipality_id, unit_id, id);

CREATE TABLE attendance_events (
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
CREATE UNIQUE INDEX attendance_events_key ON attendance_events (municipality_id, key) WHERE revision = 1;
CREATE UNIQUE INDEX attendance_events_session ON attendance_events (municipality_id, session_id) WHERE revision = 1 AND session_id IS NOT NULL;
CREATE INDEX attendance_events_by_plan ON attendance_events (municipality_id, plan_id, attendance_id, revision);
CREATE INDEX attendance_events_by_time ON attendance_events (municipality_id, plan_id, occurred_at);
CREATE INDEX attendance_events_by_day ON attendance_events (municipality_id, unit_id, local_date);

CREATE VIEW attendances AS
SELECT e.* FROM attendance_events e WHERE NOT EXISTS (
  SELECT 1 FROM attendance_events later
  WHERE later.municipality_id = e.municipality_id AND later.attendance_id = e.attendance_id AND later.revision = e.revision + 1);

CREATE TABLE awards (
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  enrolment_id TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  programme_id TEXT NOT NULL,
  version_id TEXT NOT NULL,
  milestone INTEGER NOT NULL CHECK (milestone > 0),
  amount INTEGER NOT NULL CHECK (amount >= 0),
  granted INTEGER NOT NULL CHECK (granted >= 0),
  currency TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('proposed', 'issued', 'rejected', 'denied')),
  reached_on TEXT NOT NULL,
  explanation TEXT NOT NULL,
  recorded_by TEXT NOT NULL,
  decided_by TEXT NOT NULL,
  decided_at DATETIME,
  reason TEXT NOT NULL CHECK (state <> 'rejected' OR reason <> ''),
  version INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, enrolment_id, milestone),
  FOREIGN KEY (municipality_id, enrolment_id) REFERENCES enrolments,
  FOREIGN KEY (municipality_id, version_id) REFERENCES programme_versions,
  CHECK (state = 'issued' OR granted = 0)
);
CREATE INDEX awards_waiting ON awards (municipality_id, unit_id, id) WHERE state = 'proposed';

CREATE TABLE award_adjustments (
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  award_id TEXT NOT NULL,
  amount_before INTEGER NOT NULL,
  amount_after INTEGER NOT NULL,
  granted_before INTEGER NOT NULL,
  granted_after INTEGER NOT NULL,
  cause TEXT NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, id),
  FOREIGN KEY (municipality_id, award_id) REFERENCES awards
);
CREATE INDEX award_adjustments_by_award ON award_adjustments (municipality_id, award_id);

-- +goose StatementBegin
CREATE TRIGGER programme_versions_immutable BEFORE UPDATE ON programme_versions
WHEN OLD.state <> 'draft' AND (NEW.state = 'draft' OR NEW.document IS NOT OLD.document OR NEW.number IS NOT OLD.number OR NEW.programme_id IS NOT OLD.programme_id
  OR NEW.adopted_by IS NOT OLD.adopted_by OR NEW.adopted_on IS NOT OLD.adopted_on OR NEW.in_force_from IS NOT OLD.in_force_from OR NEW.recorded_by IS NOT OLD.recorded_by)
BEGIN SELECT RAISE(ABORT, 'an adopted programme version is immutable: draft a new one'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER programme_versions_kept BEFORE DELETE ON programme_versions WHEN OLD.state <> 'draft'
BEGIN SELECT RAISE(ABORT, 'an adopted programme version is immutable: draft a new one'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER attendance_events_no_update BEFORE UPDATE ON attendance_events BEGIN SELECT RAISE(ABORT, 'attendance_events is append-only: a correction is a new row'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER attendance_events_no_delete BEFORE DELETE ON attendance_events BEGIN SELECT RAISE(ABORT, 'attendance_events is append-only: a correction is a new row'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER award_adjustments_no_update BEFORE UPDATE ON award_adjustments BEGIN SELECT RAISE(ABORT, 'award_adjustments is append-only: a correction is a new row'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER award_adjustments_no_delete BEFORE DELETE ON award_adjustments BEGIN SELECT RAISE(ABORT, 'award_adjustments is append-only: a correction is a new row'); END;
-- +goose StatementEnd

-- +goose Down
DROP TABLE award_adjustments;
DROP TABLE awards;
DROP VIEW attendances;
DROP TABLE attendance_events;
DROP TABLE enrolments;
DROP TABLE programme_versions;
DROP TABLE programmes;
