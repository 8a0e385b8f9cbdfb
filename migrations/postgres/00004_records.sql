-- +goose Up
-- Tokens (hashes only), the append-only audit log, remembered idempotency keys
-- and the runs of imports with what they refused.

CREATE TABLE tokens (
  municipality_id UUID NOT NULL REFERENCES municipalities,
  id UUID NOT NULL,
  hash BYTEA NOT NULL,
  person TEXT NOT NULL CHECK (person <> ''),
  role TEXT NOT NULL,
  unit_id UUID,
  partner_id UUID,
  terminal_id UUID,
  created_at TIMESTAMPTZ NOT NULL,
  revoked_at TIMESTAMPTZ,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, hash),
  FOREIGN KEY (municipality_id, unit_id) REFERENCES units,
  FOREIGN KEY (municipality_id, partner_id) REFERENCES partners,
  FOREIGN KEY (municipality_id, terminal_id) REFERENCES terminals,
  CHECK (role IN ('caseworker', 'team_leader', 'finance', 'auditor', 'partner', 'administrator', 'operator')),
  CHECK (role <> 'caseworker' OR unit_id IS NOT NULL),
  CHECK ((role = 'partner') = (partner_id IS NOT NULL)),
  CHECK (terminal_id IS NULL OR partner_id IS NOT NULL)
);

CREATE TABLE audit_entries (
  municipality_id UUID NOT NULL,
  id UUID NOT NULL,
  person TEXT NOT NULL CHECK (person <> ''),
  role TEXT NOT NULL,
  token_id UUID NOT NULL,
  action TEXT NOT NULL CHECK (action <> ''),
  object TEXT NOT NULL,
  object_id UUID NOT NULL,
  detail TEXT,
  request_id TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (municipality_id, id)
);
CREATE INDEX audit_entries_by_object ON audit_entries (municipality_id, object_id);

CREATE TABLE idempotency_keys (
  municipality_id UUID NOT NULL,
  caller TEXT NOT NULL,
  key TEXT NOT NULL,
  body_hash BYTEA NOT NULL,
  result TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  PRIMARY KEY (municipality_id, caller, key)
);

CREATE TABLE imports (
  municipality_id UUID NOT NULL REFERENCES municipalities,
  id UUID NOT NULL,
  programme_id UUID NOT NULL,
  unit_id UUID,
  state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'done', 'failed')),
  plans_file BYTEA,
  attendance_file BYTEA,
  actor TEXT NOT NULL,
  plans_total INTEGER NOT NULL,
  plans_done INTEGER NOT NULL,
  lines_accepted INTEGER NOT NULL,
  lines_refused INTEGER NOT NULL,
  vouchers INTEGER NOT NULL,
  amount BIGINT NOT NULL,
  failure TEXT NOT NULL,
  created_at TIMESTAMPTZ NOT NULL,
  finished_at TIMESTAMPTZ,
  PRIMARY KEY (municipality_id, id),
  FOREIGN KEY (municipality_id, programme_id) REFERENCES programmes
);

CREATE TABLE import_refusals (
  municipality_id UUID NOT NULL,
  import_id UUID NOT NULL,
  file TEXT NOT NULL CHECK (file IN ('plans', 'attendance')),
  line INTEGER NOT NULL CHECK (line > 0),
  "column" TEXT NOT NULL,
  reason TEXT NOT NULL CHECK (reason <> ''),
  PRIMARY KEY (municipality_id, import_id, file, line),
  FOREIGN KEY (municipality_id, import_id) REFERENCES imports
);
CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_entries FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

-- +goose Down
DROP TABLE import_refusals;
DROP TABLE imports;
DROP TABLE idempotency_keys;
DROP TABLE audit_entries;
DROP TABLE tokens;
