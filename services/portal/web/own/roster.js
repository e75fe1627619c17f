// A roster in the browser: arrows and Enter go up and down a column like in Excel, and sending a file says so.
const cells = document.querySelector("[data-cells]");

function below(cell, by) {
  const field = cell.name.split(".")[2];
  const column = [...cells.querySelectorAll(`input[name$=".${field}"]`)];
  return column[column.indexOf(cell) + by];
}

if (cells) {
  cells.addEventListener("keydown", (event) => {
    const cell = event.target;
    if (!cell.name?.startsWith("e.")) { return; }
    const by = { ArrowDown: 1, Enter: event.shiftKey ? -1 : 1, ArrowUp: -1 }[event.key];
    if (!by) { return; }
    event.preventDefault();
    const next = below(cell, by);
    if (next) { next.focus(); next.select(); } else { cell.blur(); cell.focus(); }
  });
}

for (const form of document.querySelectorAll("[data-upload]")) {
  form.addEventListener("submit", () => {
    const file = form.querySelector('input[type="file"]');
    const wait = form.querySelector(".rs-wait");
    if (file?.files.length && wait) { wait.hidden = false; }
  });
}

// Rows that are mended leave the table while somebody types on: their place and their word stay.
let typing = null;

document.body.addEventListener("htmx:beforeSwap", () => {
  const cell = document.activeElement;
  typing = cells && cell?.name?.startsWith("e.") ? { id: cell.id, value: cell.value } : null;
});
document.body.addEventListener("htmx:afterSettle", () => {
  if (!typing) { return; }
  const cell = document.getElementById(typing.id);
  if (cell && cell.value !== typing.value) {
    cell.value = typing.value; // a browser tells no change of what a script has put there: it is told when left
    cell.addEventListener("blur", () => cell.dispatchEvent(new Event("change", { bubbles: true })), { once: true });
  }
  (cell ?? cells.querySelector('input[name^="e."]') ?? cells.querySelector(".bt.primary")).focus();
  typing = null;
});
