// The lines of a document beside their numbers while it is written, and the way
// from what is wrong to its line.
const text = document.getElementById("document");
const numbers = document.getElementById("numbers");

function number() {
  const wrong = new Set([...document.querySelectorAll("#proof [data-line]")].map((link) => Number(link.dataset.line)));
  const count = text.value.split("\n").length;
  text.rows = count + 1;
  while (numbers.children.length < count) {
    numbers.append(document.createElement("li"));
    numbers.lastChild.textContent = numbers.children.length;
  }
  while (numbers.children.length > count) numbers.lastChild.remove();
  [...numbers.children].forEach((each, i) => each.classList.toggle("wrong", wrong.has(i + 1)));
}

text.addEventListener("input", number);

document.addEventListener("htmx:afterSettle", () => {
  number();
  document.getElementById("told").textContent = document.querySelector("#proof [data-told]").textContent;
});

function go(event) {
  const link = event.target.closest("#proof [data-line]");
  if (!link) return;
  event.preventDefault();
  const lines = text.value.split("\n");
  const line = Math.min(Number(link.dataset.line), lines.length) - 1;
  const start = lines.slice(0, line).join("\n").length + (line ? 1 : 0);
  text.focus({ preventScroll: true });
  text.setSelectionRange(start, start + lines[line].length);
  numbers.children[line].scrollIntoView({ block: "center" });
}

document.addEventListener("click", go);

// A key leads there when it is let go: else the same press would write in the field.
document.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.closest("#proof [data-line]")) event.preventDefault();
});

document.addEventListener("keyup", (event) => {
  if (event.key === "Enter") go(event);
});
