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
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  citizen_id TEXT NOT NULL,
  person TEXT NOT NULL CHECK (person <> ''),
  role TEXT NOT NULL,
  action TEXT NOT NULL CHECK (action <> ''),
  act TEXT NOT NULL CHECK (act IN ('looked_up', 'added', 'changed', 'extracted', 'deleted')),
  purpose TEXT NOT NULL CHECK (purpose <> ''),
  emergency_id TEXT,
  request_id TEXT NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, id)
);
CREATE INDEX accesses_of_citizen ON accesses (municipality_id, citizen_id, id);
CREATE INDEX accesses_in_emergency ON accesses (municipality_id, emergency_id) WHERE emergency_id IS NOT NULL;
-- +goose StatementBegin
CREATE TRIGGER accesses_no_update BEFORE UPDATE ON accesses BEGIN SELECT RAISE(ABORT, 'accesses is append-only: a correction is a new row'); END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER accesses_no_delete BEFORE DELETE ON accesses BEGIN SELECT RAISE(ABORT, 'accesses is append-only: a correction is a new row'); END;
-- +goose StatementEnd

CREATE TABLE emergency_accesses (
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  citizen_id TEXT NOT NULL,
  citizen_unit_id TEXT,
  person TEXT NOT NULL CHECK (person <> ''),
  role TEXT NOT NULL,
  unit_id TEXT,
  reason TEXT NOT NULL CHECK (reason <> ''),
  day TEXT NOT NULL,
  number INTEGER NOT NULL CHECK (number > 0),
  created_at DATETIME NOT NULL,
  expires_at DATETIME NOT NULL,
  revoked_at DATETIME,
  revoked_by TEXT NOT NULL,
  reviewed_at DATETIME,
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
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  kind TEXT NOT NULL CHECK (kind <> ''),
  role TEXT NOT NULL,
  unit_id TEXT,
  person TEXT NOT NULL,
  object TEXT NOT NULL CHECK (object <> ''),
  object_id TEXT NOT NULL,
  created_at DATETIME NOT NULL,
  seen_at DATETIME,
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
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  notice_id TEXT NOT NULL,
  address TEXT NOT NULL CHECK (address <> ''),
  attempts INTEGER NOT NULL CHECK (attempts >= 0),
  next_at DATETIME NOT NULL,
  created_at DATETIME NOT NULL,
  sent_at DATETIME,
  PRIMARY KEY (municipality_id, id),
  FOREIGN KEY (municipality_id, notice_id) REFERENCES notices
);
CREATE INDEX outbox_waiting ON outbox (municipality_id, next_at) WHERE sent_at IS NULL;
ALTER TABLE units ADD COLUMN notify_email TEXT NOT NULL DEFAULT '';

-- +goose Down
ALTER TABLE units DROP COLUMN notify_email;
DROP TABLE outbox;
DROP TABLE notices;
DROP TABLE emergency_accesses;
DROP TABLE accesses;
