// A citizen's own page. The secret of a link stands after the # of its address,
// which no server sees; it leaves the address bar and the history before anything
// else is done with it.

import "./speak.js";

const opening = document.getElementById("opening");
const form = document.getElementById("link-pin");
const field = document.getElementById("link-pin-field");
const typed = document.getElementById("enter");
let secret = "";

function take() {
  if (!location.hash.startsWith("#fhl_")) return;
  secret = location.hash.slice(1);
  history.replaceState(null, "", location.pathname + location.search);
  exchange();
}

function show(problem) {
  for (const text of document.querySelectorAll("[data-problem]")) text.hidden = text.dataset.problem !== problem;
}

async function exchange(pin) {
  show("");
  opening.hidden = false;
  form.hidden = true;
  if (typed) typed.hidden = true;
  let problem = "unavailable";
  try {
    const answer = await fetch("/v1/citizen-sign-ins", {
      method: "POST",
      headers: {"Content-Type": "application/json"},
      body: JSON.stringify(pin ? {token: secret, pin} : {token: secret}),
    });
    if (answer.ok) {
      secret = "";
      location.reload();
      return;
    }
    problem = (await answer.json()).code;
  } catch {
    // The network is away: the secret is kept, to be sent again.
  }
  opening.hidden = true;
  if (!["link_unusable", "pin_required", "pin_wrong"].includes(problem)) problem = "unavailable";
  show(problem);
  if (problem === "link_unusable") {
    secret = "";
    if (typed) typed.hidden = false;
    return;
  }
  form.hidden = false;
  field.required = problem !== "unavailable";
  field.value = "";
  field.focus();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  exchange(field.value);
});
addEventListener("hashchange", take);
take();

// A page that is left alone asks for the PIN, where one is set.
const quarter = 15 * 60 * 1000;
if (document.querySelector("[data-pin]")) setTimeout(() => location.reload(), quarter + 1000);

// A voucher's code is hidden again when the page is left, also for another app.
function hide() {
  for (const code of document.querySelectorAll(".code[open]")) code.open = false;
}
document.addEventListener("visibilitychange", () => document.hidden && hide());
addEventListener("pagehide", hide);
for (const code of document.querySelectorAll(".code")) {
  code.addEventListener("toggle", () => code.open && code.querySelector(".qr").scrollIntoView({block: "nearest"}));
}
