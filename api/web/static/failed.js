// Tells beside what asked the server for something that nothing came of it, and what
// to do: the words are in the page's template "failed".

const failures = { 401: "signed_out", 403: "refused", 404: "refused", 413: "too_large", 429: "too_many", 502: "busy", 503: "busy", 504: "busy" };

// failureOf names what an answer's status means.
export const failureOf = (status) => failures[status] ?? "ours";

const shown = new Map(); // what asked → what stands beside it

// tells puts the words in the form that asked, or before the part that was to change.
// There they stay until there is an answer.
export function tells(failure, elt, focus, target = elt) {
  const before = shown.get(elt);
  if (before?.isConnected && before.dataset.failed === failure) { // it is not said again with every letter
    if (focus) before.focus();
    return;
  }
  told(elt);
  const words = document.getElementById("failed").content.querySelector(`[data-failed="${failure}"]`).cloneNode(true);
  shown.set(elt, words);
  if (elt.matches("form") && (target === elt || !elt.contains(target))) elt.prepend(words);
  else target.before(words);
  if (focus) words.focus();
}

// told takes them away again.
export function told(elt) {
  shown.get(elt)?.remove();
  shown.delete(elt);
}
