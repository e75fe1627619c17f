// Offers: how many are selected stands on the button, `A` accepts them, `x` selects or leaves the row in focus.
// What was left out stays left out while other rows are answered.
const LEFT_OUT = "songjiao-offers-left-out";
const button = document.querySelector("[data-accept]");
const boxes = [...document.querySelectorAll('.of-pick input[type="checkbox"]')];

function leftOut() {
  try { return new Set(JSON.parse(sessionStorage.getItem(LEFT_OUT) ?? "[]")); } catch { return new Set(); }
}

function count() {
  const selected = boxes.filter((box) => box.checked).length;
  if (button) {
    button.querySelector("span").textContent = button.dataset.words.replace("{n}", selected);
    button.disabled = selected === 0;
  }
}

function keep() {
  const out = boxes.filter((box) => !box.checked).map((box) => box.value);
  try { sessionStorage.setItem(LEFT_OUT, JSON.stringify(out)); } catch { /* it is a convenience */ }
  count();
}

const out = leftOut();
for (const box of boxes) {
  box.checked = !out.has(box.value);
  box.addEventListener("change", keep);
}
count();

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches('input:not([type="checkbox"]), textarea, select');
  if (typing || event.ctrlKey || event.metaKey || event.altKey) { return; }
  try { if (localStorage.getItem("songjiao-keys-off") === "1") { return; } } catch { /* keys stay on */ }
  if (event.key.toLowerCase() === "a" && button && !button.disabled) {
    event.preventDefault();
    button.form.requestSubmit();
  }
  const box = document.activeElement?.closest("[data-order]")?.querySelector('input[type="checkbox"]');
  if (event.key === "x" && box) {
    event.preventDefault();
    box.checked = !box.checked;
    keep();
  }
});
