package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/vouchers"
)

// tillDay shows what the till took today, and takes the next voucher's code.
func (h *handlers) tillDay(c echo.Context) error {
	ctx := c.Request().Context()
	terminal, err := h.thisTill(c)
	if err != nil {
		return err
	}
	day, err := h.service.TillDay(ctx, auth.Actor(ctx))
	if err != nil {
		return err
	}
	shown := web.NewTillDay(day, terminal.Label, auth.Actor(ctx).Partner.Name, readerOf(c), show)
	return tillPage(c, http.StatusOK, "till_day", web.Page{Title: "till.title", Data: shown})
}

// checkAtTill looks whether a voucher can be spent here.
func (h *handlers) checkAtTill(c echo.Context) error {
	return h.tillCheck(c, http.StatusOK, newInput(), c.FormValue("code"), nil)
}

// tillCheck shows the voucher with this code, with the form that takes something of
// it and why that was refused before, if it was; or why nothing can be taken.
func (h *handlers) tillCheck(c echo.Context, status int, in web.Input, code string, before *domain.Error) error {
	ctx := c.Request().Context()
	v, err := h.service.Check(ctx, auth.Actor(ctx), code)
	if err != nil {
		return tillRefusal(c, err, code)
	}
	title := "till.valid"
	if before != nil {
		title, in.Problem = "till.not_paid", web.TillFault(readerOf(c), before, v.Currency)
	}
	return tillPage(c, status, "till_check", web.Page{Title: title, Headed: true, Data: web.NewTillCheck(v, code, in, readerOf(c))})
}

// tillRefusal shows why a voucher cannot be spent. What is our own fault, or the
// line's, is no word on the voucher: it goes on as the error that it is.
func tillRefusal(c echo.Context, err error, code string) error {
	status, told := tell(err)
	if status == http.StatusUnauthorized || status >= http.StatusInternalServerError {
		return err
	}
	shown := web.TillRefusal{Title: "till.refused", Why: web.TillFault(readerOf(c), &told, "")}
	if told.Code == "invalid" {
		shown.Entry.Code = code
	}
	return showTillRefusal(c, status, shown)
}

func showTillRefusal(c echo.Context, status int, shown web.TillRefusal) error {
	return tillPage(c, status, "till_refused", web.Page{Title: shown.Title, Headed: true, Data: shown})
}

// redeemAtTill pays with a voucher. The form's key is the till's number for the
// payment too, by which it is found again.
func (h *handlers) redeemAtTill(c echo.Context) error {
	in, err := sentInput(c)
	if err != nil {
		return err
	}
	ctx, code := c.Request().Context(), in.Values.Get("code")
	var amount int64 // 0: all that is left
	if !in.Values.Has("whole") {
		read := formReader{values: in.Values}
		if amount = read.money("amount"); read.faults.Err() == nil {
			read.faults.Check(amount > 0, "amount", "out_of_range", "must be above 0")
		}
		if err := read.faults.Err(); err != nil {
			return h.notPaid(c, in, err, code)
		}
	}
	paid, err := h.service.Redeem(ctx, auth.Actor(ctx), keyOf(c, in), vouchers.Redeem{Code: code, Amount: amount, ClientRedemptionID: in.Key})
	if err != nil {
		return h.notPaid(c, in, err, code)
	}
	return toTillPayment(c, paid.Value.ID)
}

// notPaid shows why nothing was paid: beside the form, as long as the voucher can
// be spent.
func (h *handlers) notPaid(c echo.Context, in web.Input, err error, code string) error {
	switch domain.CodeOf(err) {
	case "insufficient_balance", "limit_exceeded", "validation_failed":
	default:
		return tillRefusal(c, err, code)
	}
	_, told := tell(err)
	in, status, err := refusedForm(c, in, err, nil)
	if err != nil {
		return err
	}
	return h.tillCheck(c, status, in, code, &told)
}

func toTillPayment(c echo.Context, redemption domain.ID) error {
	return c.Redirect(http.StatusSeeOther, tillPath+"/redemptions/"+show("rdm", redemption))
}

// tillPayment shows what was paid, and takes it back.
func (h *handlers) tillPayment(c echo.Context, status int, in web.Input) error {
	p, err := addressed(c, "rdm", "redemption_id", h.service.TillPayment)
	if err != nil {
		return err
	}
	title := "till.paid"
	if p.Reversal != nil {
		title = "till.undone"
	}
	return tillPage(c, status, "till_payment", web.Page{Title: title, Headed: true, Data: web.NewTillPayment(p, auth.Actor(c.Request().Context()).Partner.Name, in, readerOf(c), show)})
}

// undoAtTill takes back what was paid.
func (h *handlers) undoAtTill(c echo.Context) error {
	id, err := pathID(c, "rdm", "redemption_id")
	if err != nil {
		return err
	}
	in, err := sentInput(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	_, err = h.service.Reverse(ctx, auth.Actor(ctx), keyOf(c, in), id, web.Text(web.Danish, "till.undo_reason"))
	if err == nil || domain.CodeOf(err) == "already_reversed" {
		return toTillPayment(c, id)
	}
	shown, status, wrong := refusedForm(c, in, err, nil)
	if wrong != nil || status == http.StatusNotFound || status == http.StatusServiceUnavailable {
		return err // the payment's page cannot be shown either
	}
	return h.tillPayment(c, status, shown)
}

// askedAtTill says what became of a payment whose answer was lost on the way.
func (h *handlers) askedAtTill(c echo.Context) error {
	ctx := c.Request().Context()
	p, err := h.service.TillPaymentOf(ctx, auth.Actor(ctx), c.FormValue("key"))
	if domain.KindOf(err) == domain.NotFound {
		return showTillRefusal(c, http.StatusOK, web.TillRefusal{Title: "till.not_paid", Why: web.Text(readerOf(c), "till.nothing_taken")})
	}
	if err != nil {
		return err
	}
	return toTillPayment(c, p.ID)
}
