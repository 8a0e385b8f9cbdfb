package domain

import "time"

// The states of an export.
const (
	ExportQueued  = "queued"
	ExportRunning = "running"
	ExportDone    = "done"
	ExportFailed  = "failed"
	ExportDeleted = "deleted" // it was done, and its file is gone
)

// Export is rows that somebody asked for as a file. A job makes the file.
type Export struct {
	MunicipalityID ID     `gorm:"primaryKey"`
	ID             ID     `gorm:"primaryKey"`
	What           string // which rows: postings, vouchers, …
	Format         string // csv or xlsx
	Filters        Raw    // vouchers.ExportFilters
	State          string // ExportQueued, …
	RowsTotal      int64  // 0 until the rows are counted
	RowsDone       int64
	Bytes          int64      // of the file as it is handed out; 0 until it is done
	Runs           int        // how often it was begun: more than once when a server was stopped
	RunID          *ID        // the run at work, which alone may add to the file
	RunUntil       *time.Time // when another may take it over unless the run says before then that it goes on
	Failure        string     // why there is no file, when it failed
	Person         string     // who asked
	Role           Role       // as which they asked, and as which they get it
	CreatedAt      time.Time
	FinishedAt     *time.Time // when it was done or failed
}

// ExportChunk is a piece of an export's file.
type ExportChunk struct {
	MunicipalityID ID  `gorm:"primaryKey"`
	ExportID       ID  `gorm:"primaryKey"`
	Number         int `gorm:"primaryKey"` // 1, 2, …
	Content        []byte
}
