-- +goose Up
-- Seeds of draws. Each enrolment has a row of them, of which the newest is not
-- yet taken: its commitment is known and its seed is not. A visit takes it and so
-- reveals it. A seed changes only in being taken, once: triggers refuse all else,
-- even to someone at the SQL prompt. An award whose draws were all kind words is
-- no_prize, which no cap has denied; one that
-- waits for its group's hat is undrawn. A hat is drawn once, and so are its names; SQLite changes a CHECK only by making the
-- table anew; rows that refer to it are checked when all is done.

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

CREATE TABLE hats (
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  programme_id TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  title TEXT NOT NULL CHECK (title <> ''),
  held_at DATETIME NOT NULL,
  names INTEGER NOT NULL CHECK (names > 0),
  seed TEXT NOT NULL CHECK (length(seed) = 64),
  commitment TEXT NOT NULL CHECK (length(commitment) = 64),
  created_by TEXT NOT NULL CHECK (created_by <> ''),
  created_at DATETIME NOT NULL,
  drawn_by TEXT NOT NULL,
  drawn_at DATETIME,
  PRIMARY KEY (municipality_id, id),
  FOREIGN KEY (municipality_id, programme_id) REFERENCES programmes,
  FOREIGN KEY (municipality_id, unit_id) REFERENCES units,
  CHECK ((drawn_at IS NULL) = (drawn_by = ''))
);
CREATE TABLE hat_entries (
  municipality_id TEXT NOT NULL,
  hat_id TEXT NOT NULL,
  attendance_id TEXT NOT NULL,
  enrolment_id TEXT NOT NULL,
  tickets INTEGER CHECK (tickets >= 0),
  place INTEGER CHECK (place >= 0),
  created_by TEXT NOT NULL CHECK (created_by <> ''),
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, hat_id, attendance_id),
  UNIQUE (municipality_id, attendance_id),
  FOREIGN KEY (municipality_id, hat_id) REFERENCES hats,
  FOREIGN KEY (municipality_id, enrolment_id) REFERENCES enrolments,
  CHECK ((tickets IS NULL) = (place IS NULL))
);
CREATE INDEX hat_entries_by_enrolment ON hat_entries (municipality_id, enrolment_id);
-- +goose StatementBegin
CREATE TRIGGER hats_no_update BEFORE UPDATE ON hats
WHEN OLD.drawn_at IS NOT NULL OR NEW.drawn_at IS NULL OR NEW.municipality_id IS NOT OLD.municipality_id OR NEW.id IS NOT OLD.id OR NEW.programme_id IS NOT OLD.programme_id OR NEW.unit_id IS NOT OLD.unit_id OR NEW.title IS NOT OLD.title
  OR NEW.held_at IS NOT OLD.held_at OR NEW.names IS NOT OLD.names OR NEW.seed IS NOT OLD.seed OR NEW.commitment IS NOT OLD.commitment OR NEW.created_by IS NOT OLD.created_by OR NEW.created_at IS NOT OLD.created_at
BEGIN SELECT RAISE(ABORT, 'hats is append-only: a hat is drawn once and never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER hats_no_delete BEFORE DELETE ON hats BEGIN SELECT RAISE(ABORT, 'hats is append-only: a hat is drawn once and never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER hat_entries_no_update BEFORE UPDATE ON hat_entries
WHEN OLD.tickets IS NOT NULL OR NEW.tickets IS NULL OR NEW.municipality_id IS NOT OLD.municipality_id OR NEW.hat_id IS NOT OLD.hat_id OR NEW.attendance_id IS NOT OLD.attendance_id
  OR NEW.enrolment_id IS NOT OLD.enrolment_id OR NEW.created_by IS NOT OLD.created_by OR NEW.created_at IS NOT OLD.created_at
BEGIN SELECT RAISE(ABORT, 'hat_entries is append-only: a name is drawn once and never changes'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER hat_entries_no_delete BEFORE DELETE ON hat_entries BEGIN SELECT RAISE(ABORT, 'hat_entries is append-only: a name is drawn once and never changes'); END;
-- +goose StatementEnd

PRAGMA defer_foreign_keys = ON;
CREATE TABLE awards_before AS SELECT * FROM awards;
DROP TABLE awards;
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
  state TEXT NOT NULL CHECK (state IN ('proposed', 'issued', 'rejected', 'denied', 'no_prize', 'undrawn')),
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
INSERT INTO awards SELECT * FROM awards_before;
DROP TABLE awards_before;
CREATE INDEX awards_waiting ON awards (municipality_id, unit_id, id) WHERE state = 'proposed';

-- +goose Down
UPDATE awards SET state = 'denied' WHERE state IN ('no_prize', 'undrawn');
PRAGMA defer_foreign_keys = ON;
CREATE TABLE awards_before AS SELECT * FROM awards;
DROP TABLE awards;
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
INSERT INTO awards SELECT * FROM awards_before;
DROP TABLE awards_before;
CREATE INDEX awards_waiting ON awards (municipality_id, unit_id, id) WHERE state = 'proposed';
DROP TABLE hat_entries;
DROP TABLE hats;
DROP TABLE draw_seeds;
