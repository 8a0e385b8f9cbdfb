package api

import (
	"fmt"
	"io"
	"net/http"

	"github.com/labstack/echo/v4"
)

// attachment is an answer that is a file to keep. What it is and what to call it are
// said with its first byte, so that an error before that is answered as a problem.
type attachment struct {
	kind string // its media type
	name string
	body func(w io.Writer) error
}

func (d attachment) write(w http.ResponseWriter) error { return d.body(&attachmentWriter{w, d, false}) }

// VisitExportJournalResponse writes the journal.
func (d attachment) VisitExportJournalResponse(w http.ResponseWriter) error { return d.write(w) }

// VisitGetPaymentFileResponse writes a payment file.
func (d attachment) VisitGetPaymentFileResponse(w http.ResponseWriter) error { return d.write(w) }

// VisitGetSettlementStatementResponse writes a statement.
func (d attachment) VisitGetSettlementStatementResponse(w http.ResponseWriter) error {
	return d.write(w)
}

type attachmentWriter struct {
	http.ResponseWriter
	file  attachment
	begun bool
}

// Write writes some of the file.
func (w *attachmentWriter) Write(b []byte) (int, error) {
	if !w.begun {
		w.begun = true
		w.Header().Set(echo.HeaderContentType, w.file.kind)
		w.Header().Set(echo.HeaderContentDisposition, fmt.Sprintf("attachment; filename=%q", w.file.name))
		w.WriteHeader(http.StatusOK)
	}
	return w.ResponseWriter.Write(b)
}
