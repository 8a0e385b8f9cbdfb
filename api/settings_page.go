package api

import (
	"context"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/auth"
	"github.com/fasthold/fasthold/api/web"
	"github.com/fasthold/fasthold/domain"
	"github.com/fasthold/fasthold/settlement"
	"github.com/fasthold/fasthold/vouchers"
)

// settingPages adds what holds for the whole municipality.
func (h *handlers) settingPages(r router) {
	r.GET("/settings", emptyForm(h.showSettings), h.staff, administers)
	r.POST("/settings", formHandler(h.showSettings, h.changeSettings, nil), h.staff, administers, small)
}

func (h *handlers) showSettings(c echo.Context, status int, in web.Input) error {
	ctx := c.Request().Context()
	m, err := h.service.Municipality(ctx, auth.Actor(ctx))
	if err != nil {
		return err
	}
	payer, err := h.settlement.PaymentSettings(ctx, auth.Actor(ctx))
	if err != nil {
		return err
	}
	ahead, err := h.service.ErasureAhead(ctx, auth.Actor(ctx))
	if err != nil {
		return err
	}
	return showPage(c, status, "settings", web.Page{Title: "settings.title", Data: web.NewSettings(viewOf(c), m, payer, ahead, in)})
}

// changeSettings changes how tills work and who is told, who pays shops, or when people
// are erased.
func (h *handlers) changeSettings(c echo.Context, in web.Input) (string, error) {
	ctx, r := c.Request().Context(), formReader{values: in.Values}
	actor, do := auth.Actor(ctx), r.text("do")
	switch do {
	case "municipality":
		name, minutes, mail, limits, version := r.text("name"), r.number("reversal_minutes"), r.text("finance_email"), r.limits(), r.version()
		return "/settings?said=settings", r.judge(ctx, func(ctx context.Context) error {
			_, err := h.service.UpdateMunicipality(ctx, actor, version, vouchers.MunicipalityChange{
				Name: &name, ReversalMinutes: &minutes, FinanceEmail: &mail, MostPerVoucher: &limits.MostPerVoucher, MostPerHour: &limits.MostPerHour, MostPerDay: &limits.MostPerDay,
			})
			return err
		})
	case "payer":
		number := r.number("version") // 0: nobody pays yet
		return "/settings?said=settings", r.judge(ctx, func(ctx context.Context) error {
			_, err := h.settlement.UpdatePaymentSettings(ctx, actor, int64(number), settlement.PayerInput{
				Name: r.text("name"), IBAN: r.text("iban"), BIC: r.text("bic"), CVR: r.text("cvr"), GLN: r.text("gln"), Agreement: r.text("agreement"),
			})
			return err
		})
	case "kept":
		months, version := r.number("erase_after_months"), r.version()
		var m domain.Municipality
		err := r.judge(ctx, func(ctx context.Context) (err error) {
			m, err = h.service.UpdateMunicipality(ctx, actor, version, vouchers.MunicipalityChange{EraseAfterMonths: &months})
			return err
		})
		if m.EraseNextMonths != 0 {
			return "/settings?said=settings_later#kept", err
		}
		return "/settings?said=settings", err
	}
	return "", echo.ErrNotFound
}
