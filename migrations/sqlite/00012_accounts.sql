-- +goose Up
-- Local accounts, for a unit without an identity provider. An account only says
-- that a person can sign in here; what they may do is in role_assignments. A
-- password is never without a code generator, and no code of it is taken twice:
-- totp_step only grows. Invitations and recoveries are known by the hashes of
-- their secrets. Nobody confirms a recovery that they started. What can be used
-- once and was is in spent, so that two who use it at the same time cannot both.

CREATE TABLE accounts (
  municipality_id TEXT NOT NULL REFERENCES municipalities,
  id TEXT NOT NULL,
  person TEXT NOT NULL CHECK (person <> '' AND person = lower(person)),
  state TEXT NOT NULL CHECK (state IN ('invited', 'active', 'suspended')),
  password_hash TEXT NOT NULL,
  totp_secret BLOB,
  totp_step INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  created_at DATETIME NOT NULL,
  active_since DATETIME,
  suspended_at DATETIME,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, person),
  CHECK ((password_hash = '') = (totp_secret IS NULL)),
  CHECK (state <> 'active' OR active_since IS NOT NULL),
  CHECK ((state = 'suspended') = (suspended_at IS NOT NULL))
);

CREATE TABLE invitations (
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  hash BLOB NOT NULL,
  created_by TEXT NOT NULL,
  created_at DATETIME NOT NULL,
  expires_at DATETIME NOT NULL,
  ended_at DATETIME,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, hash),
  FOREIGN KEY (municipality_id, account_id) REFERENCES accounts
);
CREATE UNIQUE INDEX invitations_open ON invitations (municipality_id, account_id) WHERE ended_at IS NULL;

CREATE TABLE passkeys (
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  credential_id BLOB NOT NULL,
  name TEXT NOT NULL CHECK (name <> ''),
  credential TEXT NOT NULL,
  created_at DATETIME NOT NULL,
  last_used_at DATETIME,
  removed_at DATETIME,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, credential_id),
  FOREIGN KEY (municipality_id, account_id) REFERENCES accounts
);
CREATE INDEX passkeys_of_account ON passkeys (municipality_id, account_id) WHERE removed_at IS NULL;

CREATE TABLE recoveries (
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  account_id TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('started', 'confirmed', 'used', 'withdrawn')),
  reason TEXT NOT NULL CHECK (reason <> ''),
  started_by TEXT NOT NULL CHECK (started_by <> ''),
  first_hash BLOB NOT NULL,
  confirmed_by TEXT NOT NULL CHECK (confirmed_by <> started_by),
  second_hash BLOB,
  created_at DATETIME NOT NULL,
  expires_at DATETIME NOT NULL,
  ended_by TEXT NOT NULL,
  ended_at DATETIME,
  PRIMARY KEY (municipality_id, id),
  FOREIGN KEY (municipality_id, account_id) REFERENCES accounts,
  CHECK ((confirmed_by = '') = (second_hash IS NULL)),
  CHECK (state NOT IN ('confirmed', 'used') OR confirmed_by <> ''),
  CHECK ((state IN ('used', 'withdrawn')) = (ended_at IS NOT NULL))
);
CREATE UNIQUE INDEX recoveries_open ON recoveries (municipality_id, account_id) WHERE state IN ('started', 'confirmed');

CREATE TABLE spent (
  municipality_id TEXT NOT NULL REFERENCES municipalities,
  hash BLOB NOT NULL,
  created_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, hash)
);

-- +goose Down
DROP TABLE spent;
DROP TABLE recoveries;
DROP TABLE passkeys;
DROP TABLE invitations;
DROP TABLE accounts;
