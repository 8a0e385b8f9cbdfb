// The queue of approvals: all can be chosen at once, and after a decision the focus
// goes on to the next row, where nothing is pressed by mistake.

const boxes = () => [...document.querySelectorAll('[name="chosen"]')];
const all = document.querySelector("[data-all]");

if (all) {
  all.hidden = false;
  all.addEventListener("click", () => {
    const every = boxes().every((box) => box.checked);
    for (const box of boxes()) box.checked = !every;
  });
}

document.addEventListener("htmx:afterSettle", (event) => {
  const row = event.detail.elt;
  if (!row.matches?.("[data-done]")) return;
  const open = [...document.querySelectorAll("[data-open]")];
  const next = open.find((other) => row.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING) ?? open[0];
  (next ?? row).focus();
  const count = document.querySelector("[data-count]");
  if (count) count.textContent = count.textContent.replace(/\d+/, open.length);
});
