package api

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/store"
	"github.com/fasthold/fasthold/vouchers"
	"github.com/fasthold/fasthold/vouchers/sheet"
)

// importPages adds where a municipality's spreadsheets are taken in.
func (h *handlers) importPages(r router) {
	r.GET("/import", h.importPage, h.staff)
	r.POST("/import", h.sendImport, h.staff, twoFiles)
	r.GET("/import/:import_id", h.importProgress, h.staff)
}

// twoFiles refuses a body that is larger than two files.
func twoFiles(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Request().Body = http.MaxBytesReader(c.Response(), c.Request().Body, 2*sheet.MaxBytes+largestAnswer)
		return next(c)
	}
}

// importPage shows where files are chosen, and what was taken in before.
func (h *handlers) importPage(c echo.Context) error {
	return h.showImport(c, http.StatusOK, newInput(), nil)
}

func (h *handlers) showImport(c echo.Context, status int, in web.Input, preview *web.ImportPreview) error {
	ctx := c.Request().Context()
	actor := auth.Actor(ctx)
	imports, err := h.service.Imports(ctx, actor, store.Page{Limit: 10})
	if err != nil {
		return err
	}
	programmes, err := h.service.OpenProgrammes(ctx, actor)
	if err != nil {
		return err
	}
	view, err := h.siteView(c)
	if err != nil {
		return err
	}
	data := web.NewImports(view, in, programmes, imports.Rows, preview)
	if wantsPart(c) {
		return showPart(c, status, "import", "preview", data)
	}
	return showPage(c, status, "import", web.Page{Title: "import.title", Live: true, Wide: true, Data: data})
}

// sendImport tells what the files would do; sent again with what they were when
// that was shown, it takes them in.
func (h *handlers) sendImport(c echo.Context) error {
	in, export, err := readImport(c)
	if err != nil {
		return h.importAgain(c, in, err)
	}
	ctx := c.Request().Context()
	actor := auth.Actor(ctx)
	seen := fingerprint(export)
	if in.Values.Get("seen") != hex.EncodeToString(seen[:]) {
		p, err := h.service.PreviewImport(ctx, actor, export)
		if err != nil {
			return h.importAgain(c, in, err)
		}
		in.Key = uuid.NewString()
		return h.showImport(c, http.StatusOK, in, web.NewImportPreview(p, hex.EncodeToString(seen[:])))
	}
	started, err := h.service.StartImport(ctx, actor, vouchers.Key{Value: in.Key, Hash: seen}, export)
	if err != nil {
		return h.importAgain(c, in, err)
	}
	at := "/import/" + show("imp", started.Value.ID)
	if wantsPart(c) {
		c.Response().Header().Set("HX-Redirect", at)
		return c.NoContent(http.StatusOK)
	}
	return c.Redirect(http.StatusSeeOther, at)
}

// fingerprint says whether files are the same.
func fingerprint(x vouchers.Export) [sha256.Size]byte {
	return sha256.Sum256(fmt.Appendf(nil, "import %x %x %x", x.ProgrammeID, sha256.Sum256(x.Plans), sha256.Sum256(x.Attendance)))
}

// readImport reads the form, whose files do not become a part of the Input.
func readImport(c echo.Context) (in web.Input, x vouchers.Export, err error) {
	in, form, err := sentFiles(c, []string{"plans", "attendance"}, "programme", "seen")
	if err != nil {
		return in, x, err
	}
	r := formReader{values: in.Values}
	x = vouchers.Export{ProgrammeID: r.id("prg", "programme"), Plans: form["plans"], Attendance: form["attendance"]}
	return in, x, r.faults.Err()
}

func (h *handlers) importAgain(c echo.Context, in web.Input, err error) error {
	shown, status, err := refusedForm(c, in, asFormFault(err), map[string]string{"programme_id": "programme"})
	if err != nil {
		return err
	}
	return h.showImport(c, status, shown, nil)
}

// importProgress shows how far an import has come, and which lines it refused.
func (h *handlers) importProgress(c echo.Context) error {
	id, err := pathID(c, "imp", "import_id")
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	actor := auth.Actor(ctx)
	im, err := h.service.Import(ctx, actor, id)
	if err != nil {
		return err
	}
	refusals, err := h.service.ImportRefusals(ctx, actor, id)
	if err != nil {
		return err
	}
	view, err := h.siteView(c)
	if err != nil {
		return err
	}
	data := web.NewImportProgress(view, im, refusals)
	if wantsPart(c) {
		return showPart(c, http.StatusOK, "import_progress", "progress", data)
	}
	return showPage(c, http.StatusOK, "import_progress", web.Page{Title: "import.progress", Live: data.Works, Back: backTo(c, "/import", "import.title"), Data: data})
}
