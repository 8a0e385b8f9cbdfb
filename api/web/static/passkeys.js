// Passkeys: a form with data-passkey asks the server for a ceremony, lets the
// browser use ("get") or make ("create") a passkey, and sends the answer back.
// Without script, or without passkeys, these forms stay hidden.

const bytes = (text) => Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

/** Makes the server's options what the browser takes: its bytes are base64url. */
function read(options) {
  const key = options.publicKey;
  key.challenge = bytes(key.challenge);
  if (key.user) key.user.id = bytes(key.user.id);
  for (const list of [key.excludeCredentials, key.allowCredentials]) {
    for (const known of list ?? []) known.id = bytes(known.id);
  }
  return { publicKey: key };
}

/** Makes the device's answer what the server takes. */
function write(credential) {
  const answer = { id: credential.id, rawId: text(credential.rawId), type: credential.type, response: {}, clientExtensionResults: {} };
  for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
    const value = credential.response[name];
    if (value) answer.response[name] = text(value);
  }
  return answer;
}

async function send(address, body) {
  const answer = await fetch(address, { method: "POST", body: JSON.stringify(body), headers: { "Content-Type": "application/json" }, credentials: "same-origin" });
  const said = await answer.json();
  if (!answer.ok) throw new Error(said.code);
  return said;
}

async function run(form) {
  const fields = Object.fromEntries(new FormData(form));
  const { options, state } = await send(form.dataset.options, fields);
  const credential = await navigator.credentials[form.dataset.passkey](read(options));
  const { location: next } = await send(form.action, { ...fields, state, answer: write(credential) });
  location.assign(next);
}

for (const form of document.querySelectorAll("form[data-passkey]")) {
  if (!window.PublicKeyCredential) continue;
  form.hidden = false;
  const trouble = form.querySelector("[role=alert]");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = form.querySelector("button");
    button.disabled = true;
    trouble.hidden = true;
    run(form).catch(() => {
      trouble.hidden = false;
      button.disabled = false;
    });
  });
}
