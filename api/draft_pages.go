package api

import (
	"bytes"
	"errors"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/domain/rules"
	"github.com/fasthold/fasthold/vouchers"
)

// draftPage shows what a new version can begin from, or the version as it begins.
func (h *handlers) draftPage(c echo.Context) error {
	e, err := h.edition(c)
	if err != nil {
		return err
	}
	if !authorOf(auth.Actor(c.Request().Context())).Edit {
		return domain.Errorf(domain.Forbidden, "forbidden", "a team leader or an administrator who is not bound to one unit writes the rules")
	}
	from := c.QueryParam("from")
	if from == "" {
		presets, err := h.service.Presets(c.Request().Context(), auth.Actor(c.Request().Context()))
		if err != nil {
			return err
		}
		return showPage(c, http.StatusOK, "draft_start", web.Page{Title: "rules.draft_start", Back: backToVersion(c, e), Data: web.NewDraftStart(viewOf(c), e, presets)})
	}
	text, err := h.beginning(c, e, from)
	if err != nil {
		return err
	}
	return h.showDraft(c, http.StatusOK, e, newInput(), text)
}

// beginning gives the text that a new version begins from: another version, or a
// preset in the programme's own name.
func (h *handlers) beginning(c echo.Context, e vouchers.Edition, from string) (string, error) {
	ctx := c.Request().Context()
	actor := auth.Actor(ctx)
	if id, ok := parse("ver", from); ok {
		other, err := h.service.Edition(ctx, actor, e.Programme.ID, id)
		return string(other.Document.YAML()), err
	}
	return h.service.PresetFor(ctx, actor, e.Programme.ID, from)
}

// showDraft shows a version that is written, with what it is told.
func (h *handlers) showDraft(c echo.Context, status int, e vouchers.Edition, in web.Input, text string) error {
	proof, err := h.proof(c, e, text)
	if err != nil {
		return err
	}
	data := web.NewDraft(viewOf(c), e.Programme.ID, c.Request().URL.Path, text, in, proof)
	data.Unsaved = c.Request().Method == http.MethodPost
	heading := ""
	if e.Version != nil && c.Param("version_id") != "" {
		data.Changes(viewOf(c), *e.Version)
		heading = web.Text(readerOf(c), "rules.edit", strconv.Itoa(e.Version.Number))
	}
	return showPage(c, status, "draft", web.Page{Title: "rules.draft", Heading: heading, Live: true, Wide: true, Script: "rules.js", Back: backToVersion(c, e), Data: data})
}

// proof reads a text as a document of the programme.
func (h *handlers) proof(c echo.Context, e vouchers.Edition, text string) (web.Proof, error) {
	ctx := c.Request().Context()
	p, err := h.service.Proof(ctx, auth.Actor(ctx), e.Programme.ID, []byte(text))
	return web.NewProof(viewOf(c), p, web.Text(readerOf(c), "rules.this")), err
}

// checkDraft answers with what a text is told, while it is typed.
func (h *handlers) checkDraft(c echo.Context) error {
	e, err := h.edition(c)
	if err != nil {
		return err
	}
	in, err := sentInput(c)
	if err != nil {
		return err
	}
	proof, err := h.proof(c, e, textOf(in))
	if err != nil {
		return err
	}
	return showPart(c, http.StatusOK, "draft", "proof", proof)
}

// textOf is the document of a form; browsers end lines with two characters.
func textOf(in web.Input) string {
	return strings.ReplaceAll(in.Values.Get("document"), "\r\n", "\n")
}

// saveDraft keeps a new version as a draft.
func (h *handlers) saveDraft(c echo.Context) error {
	return h.kept(c, func(e vouchers.Edition, in web.Input) (domain.ProgrammeVersion, error) {
		ctx := c.Request().Context()
		actor, text := auth.Actor(ctx), []byte(textOf(in))
		for _, v := range e.Versions {
			if v.State == domain.VersionDraft && v.WrittenBy == domain.Fold(actor.Person) && same(v, text) {
				return v, nil // pressed twice
			}
		}
		return h.service.DraftVersion(ctx, actor, e.Programme.ID, text)
	})
}

// same reports whether a text says what a version does.
func same(v domain.ProgrammeVersion, text []byte) bool {
	doc, err := rules.Parse(text)
	return err == nil && bytes.Equal(v.Document, doc.JSON())
}

// editPage shows a draft, to be changed.
func (h *handlers) editPage(c echo.Context) error {
	e, err := h.edition(c)
	if err != nil {
		return err
	}
	author := authorOf(auth.Actor(c.Request().Context()))
	if e.Version.State != domain.VersionDraft || !author.Edit {
		return c.Redirect(http.StatusSeeOther, viewOf(c).VersionAt(*e.Version))
	}
	return h.showDraft(c, http.StatusOK, e, newInput(), string(e.Document.YAML()))
}

// saveEdit keeps a draft as it was changed, unless somebody else changed it
// meanwhile.
func (h *handlers) saveEdit(c echo.Context) error {
	return h.kept(c, func(e vouchers.Edition, in web.Input) (domain.ProgrammeVersion, error) {
		r := formReader{values: in.Values}
		read := r.version()
		if err := r.faults.Err(); err != nil {
			return domain.ProgrammeVersion{}, err
		}
		if same(*e.Version, []byte(textOf(in))) { // pressed twice, or nothing was changed
			return *e.Version, nil
		}
		ctx := c.Request().Context()
		return h.service.UpdateVersion(ctx, auth.Actor(ctx), e.Version.ID, read, []byte(textOf(in)))
	})
}

// kept saves what was written and leads to the version, or shows it again with
// what is wrong; or shows only what it is told, where that is asked for.
func (h *handlers) kept(c echo.Context, save func(vouchers.Edition, web.Input) (domain.ProgrammeVersion, error)) error {
	e, err := h.edition(c)
	if err != nil {
		return err
	}
	again := func(c echo.Context, status int, in web.Input) error { return h.showDraft(c, status, e, in, textOf(in)) }
	return takeForm(c, nil, func(in web.Input) (string, error) {
		if in.Values.Get("do") == "check" {
			return "", again(c, http.StatusOK, in)
		}
		v, err := save(e, in)
		if told, ok := errors.AsType[*domain.Error](err); ok && len(told.Fields) > 0 { // which stand beside the text
			err = domain.Errorf(told.Kind, told.Code, "%s", told.Message)
		}
		if err != nil {
			return "", err
		}
		return viewOf(c).VersionAt(v) + "?said=programme_draft", nil
	}, again)
}
