-- +goose Up
-- How a citizen gets to their own page. A link, on paper or in an SMS, opens it
-- once: only the SHA-256 of its secret is kept, and what became of the link. A
-- PIN, where the citizen has set one, is kept as an Argon2id hash; its row stays
-- when it is taken away, and says who did that. open_until is when a citizen's
-- sign-in, left alone, asks for the PIN again.

CREATE TABLE citizen_links (
  municipality_id TEXT NOT NULL,
  id TEXT NOT NULL,
  citizen_id TEXT NOT NULL,
  hash BLOB NOT NULL,
  created_by TEXT NOT NULL CHECK (created_by <> ''),
  created_at DATETIME NOT NULL,
  expires_at DATETIME NOT NULL,
  used_at DATETIME,
  revoked_at DATETIME,
  PRIMARY KEY (municipality_id, id),
  UNIQUE (municipality_id, hash),
  FOREIGN KEY (municipality_id, citizen_id) REFERENCES citizens,
  CHECK (expires_at > created_at),
  CHECK (used_at IS NULL OR revoked_at IS NULL)
);
CREATE INDEX citizen_links_by_citizen ON citizen_links (municipality_id, citizen_id, id);

CREATE TABLE citizen_pins (
  municipality_id TEXT NOT NULL,
  citizen_id TEXT NOT NULL,
  hash TEXT NOT NULL,
  changed_by TEXT NOT NULL CHECK (changed_by <> ''),
  changed_at DATETIME NOT NULL,
  PRIMARY KEY (municipality_id, citizen_id),
  FOREIGN KEY (municipality_id, citizen_id) REFERENCES citizens
);

ALTER TABLE tokens ADD COLUMN open_until DATETIME;

-- +goose Down
ALTER TABLE tokens DROP COLUMN open_until;
DROP TABLE citizen_pins;
DROP TABLE citizen_links;
