// The page of marks: arrows and Enter go down like in a sheet, a column can be pasted; kept here until it is taken.
const form = document.querySelector("[data-marks]");
const name = `songjiao-marks-${form.dataset.marks}`;
const fields = [...form.querySelectorAll(".mk-in")];
const ticks = [...form.querySelectorAll("[name^='star-']")]; // safety items: kept with the marks they belong to
const note = form.querySelector("[data-unsent]");
const words = note.querySelector("[data-words]");

function column(field) {
  return fields.filter((one) => one.dataset.column === field.dataset.column);
}

function move(field, by) {
  const all = column(field);
  const next = all[all.indexOf(field) + by];
  next?.focus();
  next?.select();
  return Boolean(next);
}

function look() {
  const typed = fields.filter((one) => one.value.trim());
  for (const one of fields) { one.classList.toggle("low", one.value.trim() !== "" && Number(one.value) < Number(form.dataset.pass)); }
  note.hidden = !typed.length;
  words.textContent = (navigator.onLine ? words.dataset.words : words.dataset.offline).replace("{n}", typed.length);
  const told = [...typed, ...ticks.filter((one) => one.checked)];
  localStorage.setItem(name, JSON.stringify(Object.fromEntries(told.map((one) => [one.name, one.value]))));
}

form.addEventListener("keydown", (event) => {
  if (!event.target.matches(".mk-in")) { return; }
  const by = { ArrowDown: 1, Enter: 1, ArrowUp: -1 }[event.key];
  if (by) { event.preventDefault(); move(event.target, by); }
});

form.addEventListener("paste", (event) => {
  const values = event.clipboardData.getData("text").replace(/\r?\n$/, "").split(/\r?\n/);
  if (!event.target.matches(".mk-in") || values.length < 2) { return; }
  event.preventDefault();
  const all = column(event.target);
  values.forEach((value, at) => {
    const cell = all[all.indexOf(event.target) + at];
    if (cell) { cell.value = value.trim(); }
  });
  look();
});

form.addEventListener("input", look);
form.addEventListener("submit", (event) => {
  look();
  if (!navigator.onLine) { event.preventDefault(); return; }
  const sent = { ...JSON.parse(localStorage.getItem(`${name}-sent`) ?? "{}"), ...JSON.parse(localStorage.getItem(name)) };
  localStorage.setItem(`${name}-sent`, JSON.stringify(sent)); // one's own values, shown beside a difference
});
window.addEventListener("online", look);
window.addEventListener("offline", look);

const address = new URL(location.href);
if (address.searchParams.has("taken")) {
  localStorage.removeItem(name);
  address.searchParams.delete("taken");
  history.replaceState(null, "", address);
}
// What was taken has no field any more; what was typed into the others comes back.
const sent = JSON.parse(localStorage.getItem(`${name}-sent`) ?? "{}");
for (const cell of document.querySelectorAll("[data-sent]")) { cell.textContent = sent[cell.dataset.sent] ?? cell.textContent; }
const kept = JSON.parse(localStorage.getItem(name) ?? "{}");
for (const one of fields) { one.value ||= kept[one.name] ?? ""; }
for (const one of ticks) {
  one.checked ||= one.name in kept;
  if (one.checked) { one.closest("details").open = true; }
}
look();
document.documentElement.dataset.marks = "on";
