-- +goose Up
-- Who gets in. Whatever lets somebody in is a row of tokens: an API token, a
-- person's sign-in in a browser, a till, a citizen's visit to their own page. So
-- one query finds who calls and one way revokes. All but a till's end by
-- themselves; tokens made before end 90 days after this step. Which roles a person
-- has is a row each of role_assignments, granted or told by the place where they
-- sign in. attempt_windows counts what may be tried only so often, under a hash
-- of who tried.
-- SQLite cannot change a CHECK: the table is made anew.

CREATE TABLE role_assignments (
  municipality_id TEXT NOT NULL REFERENCES municipalities,
  id TEXT NOT NULL,
  person TEXT NOT NULL CHECK (person <> ''),
  role TEXT NOT NULL CHECK (role IN ('caseworker', 'team_leader', 'finance', 'auditor', 'partner', 'administrator', 'operator')),
  unit_id TEXT,
  partner_id TEXT,
  source TEXT NOT NULL CHECK (source IN ('granted', 'claims')),
  created_at DATETIME NOT NULL,
  created_by TEXT NOT NULL CHECK (created_by <> ''),
  revoked_at DATETIME,
  revoked_by TEXT NOT NULL,
  PRIMARY KEY (municipality_id, id),
  FOREIGN KEY (municipality_id, unit_id) REFERENCES units,
  FOREIGN KEY (municipality_id, partner_id) REFERENCES partners,
  CHECK (role <> 'caseworker' OR unit_id IS NOT NULL),
  CHECK ((role = 'partner') = (partner_id IS NOT NULL)),
  CHECK ((revoked_at IS NULL) = (revoked_by = ''))
);
CREATE INDEX role_assignments_by_person ON role_assignments (municipality_id, person);

CREATE TABLE attempt_windows (
  municipality_id TEXT NOT NULL REFERENCES municipalities,
  bucket BLOB NOT NULL,
  count INTEGER NOT NULL CHECK (count > 0),
  ends_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, bucket)
);
CREATE INDEX attempt_windows_by_end ON attempt_windows (municipality_id, ends_at);

CREATE TABLE tokens_before AS SELECT * FROM tokens;
DROP TABLE tokens;
CREATE TABLE tokens (
  municipality_id TEXT NOT NULL REFERENCES municipalities,
  id TEXT NOT NULL,
  hash BLOB NOT NULL,
  kind TEXT NOT NULL CHECK (kind IN ('token', 'sign_in', 'terminal', 'citizen')),
  person TEXT NOT NULL CHECK (person <> ''),
  role TEXT NOT NULL,
  unit_id TEXT,
  partner_id TEXT,
  terminal_id TEXT,
  assignment_id TEXT,
  citizen_id TEXT,
  scopes TEXT NOT NULL DEFAULT '[]',
  created_at DATETIME NOT NULL,
  expires_at DATETIME,
  idle_minutes INTEGER NOT NULL DEFAULT 0 CHECK (idle_minutes >= 0),
  last_used_at DATETIME,
  proved_at DATETIME,
  method TEXT NOT NULL DEFAULT '' CHECK (method IN ('', 'oidc', 'passkey', 'password', 'link')),
  acr TEXT NOT NULL DEFAULT '',
  provider_subject TEXT NOT NULL DEFAULT '',
  provider_session TEXT NOT NULL DEFAULT '',
  replaces_id TEXT,
  family_id TEXT,
  revoked_at DATETIME,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, hash),
  FOREIGN KEY (municipality_id, unit_id) REFERENCES units,
  FOREIGN KEY (municipality_id, partner_id) REFERENCES partners,
  FOREIGN KEY (municipality_id, terminal_id) REFERENCES terminals,
  FOREIGN KEY (municipality_id, assignment_id) REFERENCES role_assignments,
  FOREIGN KEY (municipality_id, citizen_id) REFERENCES citizens,
  CHECK (role IN ('caseworker', 'team_leader', 'finance', 'auditor', 'partner', 'administrator', 'operator', 'citizen')),
  CHECK (role <> 'caseworker' OR unit_id IS NOT NULL),
  CHECK ((role = 'partner') = (partner_id IS NOT NULL)),
  CHECK (terminal_id IS NULL OR partner_id IS NOT NULL),
  CHECK (kind = 'terminal' OR expires_at IS NOT NULL),
  CHECK ((replaces_id IS NULL) = (family_id IS NULL)),
  CHECK ((kind = 'terminal') = (terminal_id IS NOT NULL)),
  CHECK ((kind = 'citizen') = (citizen_id IS NOT NULL) AND (kind = 'citizen') = (role = 'citizen'))
);
INSERT INTO tokens (municipality_id, id, hash, kind, person, role, unit_id, partner_id, terminal_id, created_at, expires_at, revoked_at)
SELECT municipality_id, id, hash, CASE WHEN terminal_id IS NULL THEN 'token' ELSE 'terminal' END, person, role, unit_id, partner_id, terminal_id, created_at,
  CASE WHEN terminal_id IS NULL THEN strftime('%Y-%m-%d %H:%M:%f+00:00', 'now', '+90 days') END, revoked_at FROM tokens_before;
DROP TABLE tokens_before;
CREATE INDEX tokens_by_person ON tokens (municipality_id, person);
CREATE INDEX tokens_by_assignment ON tokens (municipality_id, assignment_id) WHERE assignment_id IS NOT NULL;
CREATE INDEX tokens_by_citizen ON tokens (municipality_id, citizen_id) WHERE citizen_id IS NOT NULL;
CREATE INDEX tokens_by_terminal ON tokens (municipality_id, terminal_id) WHERE terminal_id IS NOT NULL;
CREATE UNIQUE INDEX tokens_replaced_once ON tokens (municipality_id, replaces_id) WHERE replaces_id IS NOT NULL;

-- +goose Down
CREATE TABLE tokens_after AS SELECT * FROM tokens WHERE kind IN ('token', 'terminal') AND scopes = '[]';
DROP TABLE tokens;
CREATE TABLE tokens (
  municipality_id TEXT NOT NULL REFERENCES municipalities,
  id TEXT NOT NULL,
  hash BLOB NOT NULL,
  person TEXT NOT NULL CHECK (person <> ''),
  role TEXT NOT NULL,
  unit_id TEXT,
  partner_id TEXT,
  terminal_id TEXT,
  created_at DATETIME NOT NULL,
  revoked_at DATETIME,
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
INSERT INTO tokens (municipality_id, id, hash, person, role, unit_id, partner_id, terminal_id, created_at, revoked_at)
SELECT municipality_id, id, hash, person, role, unit_id, partner_id, terminal_id, created_at, revoked_at FROM tokens_after;
DROP TABLE tokens_after;
DROP TABLE attempt_windows;
DROP TABLE role_assignments;
