package api

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

// patient lets an answer take as long as its client goes on taking it: the server's
// WriteTimeout is for each piece of the answer and not for all of it. Who takes
// nothing for so long is given up on.
func patient(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		server, _ := c.Request().Context().Value(http.ServerContextKey).(*http.Server)
		if server != nil && server.WriteTimeout > 0 {
			w := c.Response().Writer
			c.Response().Writer = &patientWriter{w, http.NewResponseController(w), server.WriteTimeout}
		}
		return next(c)
	}
}

// pieceBytes is how much of an answer a client must take within the time.
const pieceBytes = 64 << 10

type patientWriter struct {
	http.ResponseWriter
	connection *http.ResponseController
	patience   time.Duration
}

// Write writes some of the answer.
func (w *patientWriter) Write(b []byte) (written int, err error) {
	for first := true; first || len(b) > 0 && err == nil; first = false {
		if err := w.connection.SetWriteDeadline(time.Now().Add(w.patience)); err != nil {
			return written, err
		}
		n, wrong := w.ResponseWriter.Write(b[:min(len(b), pieceBytes)])
		b, written, err = b[n:], written+n, wrong
	}
	return written, err
}

// Unwrap lets http.ResponseController see the writer below.
func (w *patientWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }
