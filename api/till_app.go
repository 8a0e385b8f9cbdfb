package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/fasthold/fasthold/api/web"
)

// tillOffline is what the till's worker keeps for when there is no network. There
// is nothing in it of any shop.
func tillOffline(c echo.Context) error {
	return tillPage(c, http.StatusOK, "till_offline", web.Page{Title: "till.offline", Headed: true})
}

// tillApp lets a phone install the page (W3C, Web Application Manifest).
func tillApp(c echo.Context) error {
	c.Response().Header().Set(echo.HeaderContentType, "application/manifest+json")
	return c.JSON(http.StatusOK, web.NewTillApp(readerOf(c), tillPath))
}

// tillWorker is the service worker of the till's pages. It may serve what is at
// tillPath itself, not only what is below it, and fetch from here.
func tillWorker(c echo.Context) error {
	worker, ok := web.Static("till-worker.js")
	if !ok {
		return echo.ErrNotFound
	}
	header := c.Response().Header()
	header.Set("Service-Worker-Allowed", tillPath)
	header.Set(echo.HeaderContentSecurityPolicy, web.Policy)
	return blob(c, http.StatusOK, worker.Type, worker.Content, worker.Zipped)
}
