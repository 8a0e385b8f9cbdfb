// A shop's till. The pages work without this script; with it the camera scans, a
// page changes in place, what happened is heard, and a payment whose answer was
// lost on the way is asked about until it is known.

const patience = 10000; // how long an answer may take, in ms
const pause = 3000; // between asking and asking again
const together = 120000; // so long a lost payment is sent again; later it is only asked about
const settled = 15000; // after what was sent last, nothing of it is on its way any more

const byId = (id) => document.getElementById(id);
const content = () => byId("content");

// The code of an invitation travels behind the #, which the browser sends to
// nobody. It is taken out of the address at once, so that neither history nor a
// bookmark keeps it.
// A device that is a till already takes it where it becomes another one, and never
// where vouchers are typed.
function invited() {
  const field = document.querySelector('form[action="/till"] [name="code"]');
  if (!field) {
    location.replace("/till/device" + location.hash);
    return;
  }
  const hash = location.hash.slice(1);
  history.replaceState(null, "", location.pathname + location.search);
  try {
    field.value = decodeURIComponent(hash);
  } catch (error) {
    return; // no code of ours
  }
  field.form.querySelector("button").focus();
}
if (location.hash.length > 1 && location.hash !== "#content") invited();

// What outlives a reload. A browser that keeps nothing only forgets sooner.
function keep(store, value) {
  try {
    if (value) store.setItem("till-payment", value);
    else store.removeItem("till-payment");
  } catch (error) {
    console.warn("nothing is kept:", error.name);
  }
}
function kept(store) {
  try {
    return store.getItem("till-payment");
  } catch (error) {
    return null;
  }
}

/** Sends a form, and gives the page that answers it; an error when none of ours does. */
async function send(address, body) {
  const enough = new AbortController();
  const timer = setTimeout(() => enough.abort(), patience);
  try {
    const answer = await fetch(address, { method: "POST", body, signal: enough.signal, headers: { "Content-Type": "application/x-www-form-urlencoded", Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!page.querySelector("[data-till]")) throw new Error(`answered ${answer.status}`);
    return { page, address: answer.redirected ? answer.url : "" };
  } finally {
    clearTimeout(timer);
  }
}

/** Puts a page's content in the place of what is shown. */
function show({ page, address }) {
  closeCamera();
  document.title = page.title;
  if (address) history.replaceState(null, "", address);
  content().replaceWith(document.importNode(page.getElementById("content"), true));
  begin();
  arrive();
}

/** Lets what is new be heard, and read from its beginning. */
function arrive() {
  scrollTo(0, 0);
  const told = content().querySelector("[data-tone]");
  if (told) sound(told.dataset.tone);
  const first = content().querySelector("#amount, [data-focus]");
  if (first) first.focus();
}

// Sounds: what was paid goes up, what was not goes down.
const tones = { check: [[660, 0, 0.09]], good: [[660, 0, 0.12], [880, 0.13, 0.12], [1320, 0.26, 0.3]], bad: [[330, 0, 0.25], [220, 0.27, 0.45]], undone: [[660, 0, 0.12], [440, 0.13, 0.25]], unsure: [[440, 0, 0.15], [440, 0.25, 0.15]] };
const Sounds = window.AudioContext || window.webkitAudioContext;
let speaker;

// Browsers make sounds only for who has touched the page.
function listen() {
  if (!speaker && Sounds && !muted()) speaker = new Sounds();
  if (speaker && speaker.state === "suspended") speaker.resume();
}
for (const touch of ["pointerdown", "keydown"]) addEventListener(touch, listen);

function sound(name) {
  if (!speaker || muted()) return;
  for (const [pitch, after, length] of tones[name]) {
    const tone = speaker.createOscillator();
    const volume = speaker.createGain();
    const from = speaker.currentTime + after;
    tone.frequency.value = pitch;
    volume.gain.setValueAtTime(0.25, from);
    volume.gain.exponentialRampToValueAtTime(0.001, from + length);
    tone.connect(volume).connect(speaker.destination);
    tone.start(from);
    tone.stop(from + length);
  }
}

function muted() {
  try {
    return localStorage.getItem("till-muted") === "yes";
  } catch (error) {
    return false;
  }
}
function mute(button) {
  try {
    localStorage.setItem("till-muted", muted() ? "no" : "yes");
  } catch (error) {
    console.warn("nothing is kept:", error.name);
  }
  button.setAttribute("aria-pressed", muted());
}

// A payment from when it is sent until it is known what became of it.
let payment; // {key, body ("": it is only asked about), sent (when last), since}
let asking = false;
let again;

function pay(body) {
  payment = { key: new URLSearchParams(body).get("key"), body, since: Date.now() };
  keep(sessionStorage, JSON.stringify(payment));
  keep(localStorage, payment.key);
  settle();
}

/** Sends the payment, or asks what became of it, until that is known. */
async function settle() {
  if (!payment || asking) return;
  clearTimeout(again);
  if (Date.now() - payment.since > together) stop();
  if (!payment.body && Date.now() - payment.sent < settled) {
    again = setTimeout(settle, pause);
    return;
  }
  asking = true;
  if (payment.body) payment.sent = Date.now();
  try {
    const answer = await (payment.body ? send("/till/redemptions", payment.body) : send("/till/asked", new URLSearchParams({ key: payment.key }).toString()));
    payment = null;
    keep(sessionStorage);
    keep(localStorage);
    show(answer);
  } catch (error) {
    unknown();
    again = setTimeout(settle, pause);
  } finally {
    asking = false;
  }
}

/** Sends it no more. Its code is forgotten. */
function stop() {
  payment.body = "";
  payment.sent = payment.sent || Date.now();
  keep(sessionStorage);
  stopped();
}
function stopped() {
  for (const part of content().querySelectorAll("[data-sending]")) part.hidden = true;
  for (const part of content().querySelectorAll("[data-stopped]")) part.hidden = false;
}

/** Shows that nobody knows yet, once. */
function unknown() {
  byId("wait").hidden = true;
  const words = byId("unknown");
  if (content().querySelector(".unsure") || !words) return;
  const line = words.parentElement;
  content().textContent = "";
  content().append(line, document.importNode(words.content, true));
  if (!payment.body) stopped();
  line.parentElement.querySelector("[data-ask]").addEventListener("click", settle);
  line.parentElement.querySelector("[data-stop]").addEventListener("click", () => {
    stop();
    settle();
  });
  arrive();
}

// Forms.
let busy = false;

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (!form.dataset.send) return;
  event.preventDefault();
  if (busy || payment) return;
  byId("unanswered").hidden = true;
  byId("wait").hidden = false;
  const body = new URLSearchParams(new FormData(form)).toString();
  if (form.dataset.send === "pay") {
    pay(body);
    return;
  }
  busy = true;
  send(form.action, body).then(show).catch(() => {
    byId("wait").hidden = true;
    byId("unanswered").hidden = false;
  }).finally(() => {
    busy = false;
  });
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (!button) return;
  if (button.dataset.all) {
    byId("amount").value = button.dataset.all;
    named();
  }
  if ("mute" in button.dataset) mute(button);
  if ("open" in button.dataset) openCamera(button.parentElement);
  if ("close" in button.dataset) closeCamera();
  if ("print" in button.dataset) print();
});

// The button says what it takes.
function named() {
  const field = byId("amount");
  const button = field && field.form.querySelector("[data-words]");
  if (!button) return;
  const amount = field.value.trim().replace(/^(\d+)\.(\d{1,2})$/, "$1,$2"); // as the server reads it
  button.dataset.plain = button.dataset.plain || button.textContent;
  button.textContent = /^(\d+|\d{1,3}(\.\d{3})+)(,\d{1,2})?$/.test(amount) ? button.dataset.words.replace("#", `${amount} kr.`) : button.dataset.plain;
}
document.addEventListener("input", named);

// The camera is fetched when it is wanted.
let camera;

async function openCamera(box) {
  const wanted = box.dataset.scan;
  trouble(box, "");
  try {
    camera = await import("/static/camera.js");
    await camera.open(box, (text) => {
      const found = read(wanted, text);
      trouble(box, found ? "" : "other");
      if (!found) return false;
      closeCamera();
      const field = byId("code");
      field.value = found;
      field.form.querySelector("button").click();
      return true;
    });
  } catch (error) {
    closeCamera();
    trouble(box, error.name === "NotAllowedError" ? "denied" : "missing");
  }
}
function closeCamera() {
  if (camera) camera.close();
}
function trouble(box, name) {
  for (const words of box.querySelectorAll("[data-trouble]")) words.hidden = words.dataset.trouble !== name;
}

/** What a scanned text is the code of; "" for something else. */
function read(wanted, text) {
  if (wanted === "device") return text.includes("/till#") ? text.slice(text.indexOf("#") + 1) : "";
  return text.startsWith("GK1:") ? text : "";
}

/** What a page needs, whether it was loaded or changed in place. */
function begin() {
  byId("away").hidden = navigator.onLine;
  const mute = content().querySelector("[data-mute]");
  if (mute) {
    mute.hidden = !Sounds;
    mute.setAttribute("aria-pressed", muted());
  }
  for (const box of content().querySelectorAll("[data-scan]")) box.hidden = !(navigator.mediaDevices && navigator.mediaDevices.getUserMedia);
  for (const all of content().querySelectorAll("[data-all]")) all.hidden = false;
  named();
  countDown();
}

// How long is left to undo.
let clock;
function countDown() {
  clearInterval(clock);
  const left = content().querySelector("[data-left]");
  if (!left) return;
  const end = Date.now() + 1000 * left.dataset.left;
  const tick = () => {
    const seconds = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    left.textContent = seconds < 3600 ? `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}` : "";
    if (!seconds) location.reload();
  };
  clock = setInterval(tick, 1000);
  tick();
}

addEventListener("offline", () => {
  byId("away").hidden = false;
});
addEventListener("online", () => {
  byId("away").hidden = true;
  byId("unanswered").hidden = true;
  if (byId("offline")) location.reload();
  settle();
});
document.addEventListener("visibilitychange", () => {
  if (document.hidden) closeCamera();
});

begin();
if (kept(localStorage)) {
  payment = JSON.parse(kept(sessionStorage)) || { key: kept(localStorage), body: "", since: 0 };
  unknown();
  settle();
}
if (navigator.serviceWorker) navigator.serviceWorker.register("/till/worker.js", { scope: "/till" });
