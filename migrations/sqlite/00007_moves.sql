-- +goose Up
-- Moving enrolments between versions, readmission, and caps across enrolments.
-- A move is a fact of its own: append-only. A person may be in a programme again
-- once an enrolment has ended, so only active ones are unique. A voucher says
-- whose terms it carries, for an award may come to rest on another version.
-- SQLite drops a UNIQUE constraint only by making the table anew; rows that refer
-- to it are checked when all is done.

PRAGMA defer_foreign_keys = ON;
CREATE TABLE enrolments_before AS SELECT * FROM enrolments;
DROP TABLE enrolments;
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
  continues_id TEXT,
  moved_on TEXT,
  counted_to TEXT,
  counted_on TEXT,
  version INTEGER NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, id),
  FOREIGN KEY (municipality_id, plan_id) REFERENCES plans,
  FOREIGN KEY (municipality_id, unit_id) REFERENCES units,
  FOREIGN KEY (municipality_id, programme_id) REFERENCES programmes,
  FOREIGN KEY (municipality_id, version_id) REFERENCES programme_versions,
  FOREIGN KEY (municipality_id, continues_id) REFERENCES enrolments,
  CHECK ((counted_to IS NULL) = (counted_on IS NULL)),
  CHECK ((state = 'ended') = (ended_on IS NOT NULL))
);
INSERT INTO enrolments (municipality_id, id, plan_id, unit_id, programme_id, version_id, start_date, state, ended_on, rule_state, version, created_at)
SELECT municipality_id, id, plan_id, unit_id, programme_id, version_id, start_date, state, ended_on, rule_state, version, created_at FROM enrolments_before;
DROP TABLE enrolments_before;
CREATE INDEX enrolments_by_unit ON enrolments (municipality_id, unit_id, id);
CREATE UNIQUE INDEX enrolments_active ON enrolments (municipality_id, plan_id, programme_id) WHERE state = 'active';
CREATE UNIQUE INDEX enrolments_continued ON enrolments (municipality_id, continues_id) WHERE continues_id IS NOT NULL;
CREATE INDEX enrolments_by_plan ON enrolments (municipality_id, plan_id, programme_id, id);

CREATE TABLE enrolment_moves (
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  enrolment_id TEXT NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  from_version_id TEXT NOT NULL,
  to_version_id TEXT NOT NULL,
  moved_on TEXT NOT NULL,
  phase TEXT NOT NULL,
  level INTEGER NOT NULL CHECK (level >= 0),
  reason TEXT NOT NULL CHECK (reason <> ''),
  moved_by TEXT NOT NULL CHECK (moved_by <> ''),
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, enrolment_id, number),
  FOREIGN KEY (municipality_id, enrolment_id) REFERENCES enrolments,
  FOREIGN KEY (municipality_id, from_version_id) REFERENCES programme_versions,
  FOREIGN KEY (municipality_id, to_version_id) REFERENCES programme_versions,
  CHECK (from_version_id <> to_version_id)
);
-- +goose StatementBegin
CREATE TRIGGER enrolment_moves_no_update BEFORE UPDATE ON enrolment_moves BEGIN SELECT RAISE(ABORT, 'enrolment_moves is append-only: a correction is a new row'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER enrolment_moves_no_delete BEFORE DELETE ON enrolment_moves BEGIN SELECT RAISE(ABORT, 'enrolment_moves is append-only: a correction is a new row'); END;
-- +goose StatementEnd

ALTER TABLE vouchers ADD COLUMN version_id TEXT;
UPDATE vouchers SET version_id = (SELECT a.version_id FROM awards a WHERE a.municipality_id = vouchers.municipality_id AND a.id = vouchers.award_id);

-- +goose Down
ALTER TABLE vouchers DROP COLUMN version_id;
DROP TABLE enrolment_moves;
PRAGMA defer_foreign_keys = ON;
CREATE TABLE enrolments_before AS SELECT * FROM enrolments;
DROP TABLE enrolments;
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
INSERT INTO enrolments (municipality_id, id, plan_id, unit_id, programme_id, version_id, start_date, state, ended_on, rule_state, version, created_at)
SELECT municipality_id, id, plan_id, unit_id, programme_id, version_id, start_date, state, ended_on, rule_state, version, created_at FROM enrolments_before;
DROP TABLE enrolments_before;
CREATE INDEX enrolments_by_unit ON enrolments (municipality_id, unit_id, id);
