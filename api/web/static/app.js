// What every page of staff does beside working without script: a form that is
// half filled in warns before it is left, one press sends a form once, and after a
// part of the page changed, the focus is where that happened.

const changed = new Set();

document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form?.method === "post") changed.add(form);
});

for (const form of document.querySelectorAll("form[data-unsaved], form:has(#faults, #alike)")) changed.add(form); // kept nowhere but here

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent === "yes") {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  if (form.method === "post") form.dataset.sent = "yes";
  changed.delete(form);
}, true);

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
  const { status } = event.detail.xhr;
  document.getElementById("offline")?.setAttribute("hidden", ""); // there was an answer
  if (status === 401) location.reload(); // which leads to the sign-in, and back here
  if ([403, 404, 409, 412, 422, 429, 503].includes(status)) event.detail.shouldSwap = true;
});

// The network is away: say so where it was tried.
for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(name, (event) => {
    const notice = document.getElementById("offline");
    if (!notice) return;
    notice.hidden = false;
    notice.focus();
    event.detail.elt.closest("form")?.removeAttribute("data-sent");
  });
}

document.addEventListener("htmx:afterSettle", (event) => {
  event.detail.elt.querySelector("[data-focus]")?.focus();
  if (event.detail.elt.matches?.("[data-focus]")) event.detail.elt.focus();
});

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) print();
});

// A refused form begins where it is to be put right.
const faults = document.querySelector("main #faults");
faults?.scrollIntoView({ block: "center" });
(document.querySelector("main [aria-invalid=true]") ?? faults)?.focus();
