-- +goose Up
-- Who has seen and changed whose data. The access log has one row for each
-- citizen and request, with the purpose: what a citizen may ask for. It is apart
-- from the audit log, whose entries are of things and not of people, of changes
-- and not of reading, and are kept as long as the money they explain. It names a
-- citizen by ID, without a foreign key: a row outlives the erasure that it tells of.

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

-- +goose Down
DROP TABLE accesses;
