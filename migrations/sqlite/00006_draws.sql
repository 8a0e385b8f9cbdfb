-- +goose Up
-- Seeds of draws. Each enrolment has a row of them, of which the newest is not
-- yet taken: its commitment is known and its seed is not. A visit takes it and so
-- reveals it. A seed changes only in being taken, once: triggers refuse all else,
-- even to someone at the SQL prompt. An award whose draws were all kind words is
-- no_prize, which no cap has denied; SQLite changes a CHECK only by making the
-- table anew.

CREATE TABLE draw_seeds (
  municipality_id TEXT NOT NULL,
  enrolment_id TEXT NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  seed TEXT NOT NULL CHECK (length(seed) = 64),
  commitment TEXT NOT NULL CHECK (length(commitment) = 64),
  committed_at DATETIME NOT NULL,
  attendance_id TEXT,
  taken_at DATETIME,
  PRIMARY KEY (municipality_id, enrolment_id, number),
  UNIQUE (municipality_id, enrolment_id, attendance_id),
  UNIQUE (municipality_id, seed),
  FOREIGN KEY (municipality_id, enrolment_id) REFERENCES enrolments,
  CHECK ((attendance_id IS NULL) = (taken_at IS NULL)),
  CHECK (taken_at >= committed_at)
);
CREATE UNIQUE INDEX draw_seeds_next ON draw_seeds (municipality_id, enrolment_id) WHERE attendance_id IS NULL;
-- +goose StatementBegin
CREATE TRIGGER draw_seeds_no_update BEFORE UPDATE ON draw_seeds
WHEN OLD.attendance_id IS NOT NULL OR NEW.attendance_id IS NULL OR NEW.municipality_id IS NOT OLD.municipality_id OR NEW.enrolment_id IS NOT OLD.enrolment_id
  OR NEW.number IS NOT OLD.number OR NEW.seed IS NOT OLD.seed OR NEW.commitment IS NOT OLD.commitment OR NEW.committed_at IS NOT OLD.committed_at
BEGIN SELECT RAISE(ABORT, 'draw_seeds is append-only: a seed is taken once and never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER draw_seeds_no_delete BEFORE DELETE ON draw_seeds BEGIN SELECT RAISE(ABORT, 'draw_seeds is append-only: a seed is taken once and never changes'); END;
-- +goose StatementEnd

CREATE TABLE awards_next (
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
  state TEXT NOT NULL CHECK (state IN ('proposed', 'issued', 'rejected', 'denied', 'no_prize')),
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
INSERT INTO awards_next SELECT * FROM awards;
CREATE TABLE award_adjustments_next (
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
  FOREIGN KEY (municipality_id, award_id) REFERENCES awards_next
);
INSERT INTO award_adjustments_next SELECT * FROM award_adjustments;
DROP TABLE award_adjustments;
DROP TABLE awards;
ALTER TABLE awards_next RENAME TO awards;
ALTER TABLE award_adjustments_next RENAME TO award_adjustments;
CREATE INDEX awards_waiting ON awards (municipality_id, unit_id, id) WHERE state = 'proposed';
CREATE INDEX award_adjustments_by_award ON award_adjustments (municipality_id, award_id);
-- +goose StatementBegin
CREATE TRIGGER award_adjustments_no_update BEFORE UPDATE ON award_adjustments BEGIN SELECT RAISE(ABORT, 'award_adjustments is append-only: a correction is a new row'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER award_adjustments_no_delete BEFORE DELETE ON award_adjustments BEGIN SELECT RAISE(ABORT, 'award_adjustments is append-only: a correction is a new row'); END;
-- +goose StatementEnd

-- +goose Down
CREATE TABLE awards_next (
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
INSERT INTO awards_next SELECT municipality_id, id, enrolment_id, unit_id, programme_id, version_id, milestone, amount, granted, currency, CASE state WHEN 'no_prize' THEN 'denied' ELSE state END, reached_on, explanation, recorded_by, decided_by, decided_at, reason, version, created_at FROM awards;
CREATE TABLE award_adjustments_next (
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
  FOREIGN KEY (municipality_id, award_id) REFERENCES awards_next
);
INSERT INTO award_adjustments_next SELECT * FROM award_adjustments;
DROP TABLE award_adjustments;
DROP TABLE awards;
ALTER TABLE awards_next RENAME TO awards;
ALTER TABLE award_adjustments_next RENAME TO award_adjustments;
CREATE INDEX awards_waiting ON awards (municipality_id, unit_id, id) WHERE state = 'proposed';
CREATE INDEX award_adjustments_by_award ON award_adjustments (municipality_id, award_id);
-- +goose StatementBegin
CREATE TRIGGER award_adjustments_no_update BEFORE UPDATE ON award_adjustments BEGIN SELECT RAISE(ABORT, 'award_adjustments is append-only: a correction is a new row'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER award_adjustments_no_delete BEFORE DELETE ON award_adjustments BEGIN SELECT RAISE(ABORT, 'award_adjustments is append-only: a correction is a new row'); END;
-- +goose StatementEnd
DROP TABLE draw_seeds;
