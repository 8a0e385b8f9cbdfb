// What a till's page has when there is no network: the page that says so, and its
// style. Nothing that was asked of a voucher is ever kept: only what is named here.

const name = "till-shell-1";
const away = "/till/offline";
const shell = [away, "/static/dkfds.css", "/static/app.css", "/static/till.js", "/static/icons.svg", "/static/icon.svg", "/static/plex-400.woff2", "/static/plex-600.woff2", "/static/plex-700.woff2"];

const fill = async () => (await caches.open(name)).addAll(shell.map((path) => new Request(path, { cache: "reload" })));

addEventListener("install", (event) => event.waitUntil(fill().then(() => skipWaiting())));

addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const other of await caches.keys()) if (other !== name) await caches.delete(other);
  await clients.claim();
})()));

addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== location.origin) return;
  if (request.mode === "navigate") {
    const page = fetch(request);
    event.respondWith(page.catch(() => caches.match(away)));
    if (address.searchParams.has("lang")) event.waitUntil(page.then(fill).catch(() => {})); // the language has changed
    return;
  }
  if (shell.includes(address.pathname)) event.respondWith(fetch(request).catch(() => caches.match(address.pathname)));
});
