package store

import "database/sql"

// SQL is the pool itself, for tests that look at, or spoil, what is under it.
func (s *Store) SQL() *sql.DB { return s.sql }
