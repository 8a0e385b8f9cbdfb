// What every page of staff does beside working without script: a form that is
// half filled in warns before it is left, one press sends a form once, what cannot be
// sent stays where it was typed and says so there, and after a part of the page
// changed, the focus is where that happened.
import { failureOf, tells, told } from "/static/failed.js";

const changed = new Set(); // forms with something in them that is kept nowhere else
const reached = new Set(); // forms that can be sent: the server answers who is there

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.method === "post") changed.add(form);
});

const kept = "form[data-unsaved], form:has(#faults, #alike, [aria-invalid=true], [data-unsaved])"; // nowhere but here

for (const form of document.querySelectorAll(kept)) changed.add(form);

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent === "yes") {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  if (form.method !== "post") return;
  form.dataset.sent = "yes";
  if (form.target === "_blank") setTimeout(() => delete form.dataset.sent, 1000); // this page stays
  if (!form.matches("[hx-post], [hx-boost]") && changed.has(form) && !reached.delete(form)) {
    event.preventDefault();
    event.stopImmediatePropagation();
    sendIfReached(form, event.submitter);
    return;
  }
  changed.delete(form);
}, true);

// A page that was sent is gone: so it is asked first whether the server is there and
// knows who one is. Whether it then takes what was typed, it says itself.
async function sendIfReached(form, button) {
  let failure = "";
  try {
    const answer = await fetch("/signed-in", { headers: { "HX-Request": "true" }, cache: "no-store", signal: AbortSignal.timeout(10000) });
    if ([401, 429].includes(answer.status) || answer.status >= 500) failure = failureOf(answer.status);
  } catch {
    failure = "away";
  }
  delete form.dataset.sent;
  if (failure) {
    tells(failure, form, true);
    return;
  }
  told(form);
  reached.add(form);
  form.requestSubmit(button);
}

// A page that comes back from the browser's memory can be sent again.
addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});

addEventListener("beforeunload", (event) => {
  for (const form of changed) if (form.isConnected) event.preventDefault();
});

document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt.closest("form");
  if (form) delete form.dataset.sent;
});

// A refusal shows the form again, with what is wrong.
document.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr } = event.detail;
  const part = xhr.getResponseHeader("Content-Type")?.startsWith("text/html") && xhr.getResponseHeader("X-Request-Id"); // ours, and not a proxy's
  if (xhr.status >= 400 && !part) {
    fails(event, failureOf(xhr.status));
    return;
  }
  if (xhr.status >= 400) event.detail.shouldSwap = true;
  told(event.detail.requestConfig.elt);
});

for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => fails(event, "away"));
}

// Says beside what asked that nothing came of it. Who pressed is led there; who types,
// or waits, is not taken from where they are.
function fails(event, failure) {
  const { target, requestConfig: { elt } } = event.detail;
  const form = elt.matches("form") && elt;
  if (form) changed.add(form);
  tells(failure, elt, form, target);
}

document.addEventListener("htmx:afterSettle", (event) => {
  const { elt } = event.detail;
  for (const form of document.querySelectorAll(kept)) changed.add(form);
  elt.querySelector("[data-focus]")?.focus();
  if (elt.matches?.("[data-focus]")) elt.focus();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
});

// A refused form begins where it is to be put right.
const faults = document.querySelector("main #faults");
faults?.scrollIntoView({ block: "center" });
(document.querySelector("main [aria-invalid=true]") ?? faults)?.focus();
