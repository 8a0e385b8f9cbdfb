-- +goose Up
-- Who has seen and changed whose data. The access log has one row for each
-- citizen and request, with the purpose: what a citizen may ask for. It is apart
-- from the audit log, whose entries are of things and not of people, of changes
-- and not of reading, and are kept as long as the money they explain. It names a
-- citizen by ID, without a foreign key: a row outlives the erasure that it tells of.
--
-- An emergency access opens one citizen's record to one person of another unit
-- for some hours. How many somebody takes in a day is counted by a key, so that
-- several at once cannot be one too many. Its citizen need not exist: whether one
-- does is not told by taking it.
--
-- A notice tells a person, or who has a role in a unit, that there is something to
-- look at. What is mailed of it waits in the outbox, written with it, until the
-- mail server has taken it.

CREATE TABLE accesses (
  municipality_id UUID NOT NULL,
  id UUID NOT NULL,
  citizen_id UUID NOT NULL,
  person TEXT NOT NULL CHECK (person <> ''),
  role TEXT NOT NULL,
  action TEXT NOT NULL CHECK (action <> ''),
  act TEXT NOT NULL CHECK (act IN ('looked_up', 'added', 'changed', 'extracted', 'deleted')),
  purpose TEXT NOT NULL CHECK (purpose <> ''),
  emergency_id UUID,
  request_id TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (municipality_id, id)
);
CREATE INDEX accesses_of_citizen ON accesses (municipality_id, citizen_id, id);
CREATE INDEX accesses_in_emergency ON accesses (municipality_id, emergency_id) WHERE emergency_id IS NOT NULL;
CREATE TRIGGER accesses_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON accesses FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TABLE emergency_accesses (
  municipality_id UUID NOT NULL,
  id UUID NOT NULL,
  citizen_id UUID NOT NULL,
  citizen_unit_id UUID,
  person TEXT NOT NULL CHECK (person <> ''),
  role TEXT NOT NULL,
  unit_id UUID,
  reason TEXT NOT NULL CHECK (reason <> ''),
  day DATE NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  created_at TIMESTAMPTZ NOT NULL,
  expires_at TIMESTAMPTZ NOT NULL,
  revoked_at TIMESTAMPTZ,
  revoked_by TEXT NOT NULL,
  reviewed_at TIMESTAMPTZ,
  reviewed_by TEXT NOT NULL,
  comment TEXT NOT NULL,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, person, day, number),
  FOREIGN KEY (municipality_id, citizen_unit_id) REFERENCES units,
  FOREIGN KEY (municipality_id, unit_id) REFERENCES units,
  CHECK (expires_at > created_at),
  CHECK ((revoked_at IS NULL) = (revoked_by = '')),
  CHECK ((reviewed_at IS NULL) = (reviewed_by = '')),
  CHECK (reviewed_by <> person)
);
CREATE TABLE notices (
  municipality_id UUID NOT NULL,
  id UUID NOT NULL,
  kind TEXT NOT NULL CHECK (kind <> ''),
  role TEXT NOT NULL,
  unit_id UUID,
  person TEXT NOT NULL,
  object TEXT NOT NULL CHECK (object <> ''),
  object_id UUID NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  seen_at TIMESTAMPTZ,
  seen_by TEXT NOT NULL,
  PRIMARY KEY (municipality_id, id),
  FOREIGN KEY (municipality_id, unit_id) REFERENCES units,
  CHECK ((role = '') <> (person = '')),
  CHECK (unit_id IS NULL OR role <> ''),
  CHECK ((seen_at IS NULL) = (seen_by = ''))
);
CREATE INDEX notices_of_role ON notices (municipality_id, role, id);
CREATE INDEX notices_of_person ON notices (municipality_id, person, id);
CREATE TABLE outbox (
  municipality_id UUID NOT NULL,
  id UUID NOT NULL,
  notice_id UUID NOT NULL,
  address TEXT NOT NULL CHECK (address <> ''),
  attempts INTEGER NOT NULL CHECK (attempts >= 0),
  next_at TIMESTAMPTZ NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  sent_at TIMESTAMPTZ,
  PRIMARY KEY (municipality_id, id),
  FOREIGN KEY (municipality_id, notice_id) REFERENCES notices
);
CREATE INDEX outbox_waiting ON outbox (municipality_id, next_at) WHERE sent_at IS NULL;
ALTER TABLE units ADD COLUMN notify_email TEXT NOT NULL DEFAULT '';
SELECT isolate('accesses');
SELECT isolate('emergency_accesses');
SELECT isolate('notices');
SELECT isolate('outbox');

-- +goose Down
ALTER TABLE units DROP COLUMN notify_email;
DROP TABLE outbox;
DROP TABLE notices;
DROP TABLE emergency_accesses;
DROP TABLE accesses;
