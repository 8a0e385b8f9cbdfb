// Package domain holds Fasthold's nouns, money, errors and actors.
//
// It does no I/O, reads no clock and imports nothing else of Fasthold. Where a
// noun's fields are the columns of a table, the struct is the row (DESIGN.md
// decision 3), so that one name serves in the code, the database and the API.
package domain
