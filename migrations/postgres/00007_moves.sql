-- +goose Up
-- Moving enrolments between versions, readmission, and caps across enrolments.
-- A move is a fact of its own: append-only. A person may be in a programme again
-- once an enrolment has ended, so only active ones are unique. A voucher says
-- whose terms it carries, for an award may come to rest on another version.

ALTER TABLE enrolments
  ADD COLUMN continues_id UUID,
  ADD COLUMN moved_on DATE,
  ADD COLUMN counted_to UUID,
  ADD COLUMN counted_on DATE,
  ADD FOREIGN KEY (municipality_id, continues_id) REFERENCES enrolments,
  ADD CHECK ((counted_to IS NULL) = (counted_on IS NULL)),
  DROP CONSTRAINT enrolments_municipality_id_plan_id_programme_id_key;
CREATE UNIQUE INDEX enrolments_active ON enrolments (municipality_id, plan_id, programme_id) WHERE state = 'active';
CREATE UNIQUE INDEX enrolments_continued ON enrolments (municipality_id, continues_id) WHERE continues_id IS NOT NULL;
CREATE INDEX enrolments_by_plan ON enrolments (municipality_id, plan_id, programme_id, id);

CREATE TABLE enrolment_moves (
  municipality_id UUID NOT NULL,
  id UUID NOT NULL,
  enrolment_id UUID NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  from_version_id UUID NOT NULL,
  to_version_id UUID NOT NULL,
  moved_on DATE NOT NULL,
  phase TEXT NOT NULL,
  level INTEGER NOT NULL CHECK (level >= 0),
  reason TEXT NOT NULL CHECK (reason <> ''),
  moved_by TEXT NOT NULL CHECK (moved_by <> ''),
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, enrolment_id, number),
  FOREIGN KEY (municipality_id, enrolment_id) REFERENCES enrolments,
  FOREIGN KEY (municipality_id, from_version_id) REFERENCES programme_versions,
  FOREIGN KEY (municipality_id, to_version_id) REFERENCES programme_versions,
  CHECK (from_version_id <> to_version_id)
);
CREATE TRIGGER enrolment_moves_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON enrolment_moves FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

ALTER TABLE vouchers ADD COLUMN version_id UUID;
UPDATE vouchers SET version_id = (SELECT a.version_id FROM awards a WHERE a.municipality_id = vouchers.municipality_id AND a.id = vouchers.award_id);

-- +goose Down
ALTER TABLE vouchers DROP COLUMN version_id;
DROP TABLE enrolment_moves;
DROP INDEX enrolments_by_plan;
DROP INDEX enrolments_continued;
DROP INDEX enrolments_active;
ALTER TABLE enrolments
  DROP COLUMN continues_id, DROP COLUMN moved_on, DROP COLUMN counted_to, DROP COLUMN counted_on,
  ADD UNIQUE (municipality_id, plan_id, programme_id);
