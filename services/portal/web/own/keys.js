// `/` goes to the search, `j` and `k` to the next and previous card or row, `Esc` leaves the search.
function steps() {
  return [...document.querySelectorAll("[data-step]")];
}

document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("input, textarea, select");
  if (event.key === "Escape" && typing) { event.target.blur(); return; }
  if (typing || event.ctrlKey || event.metaKey || event.altKey) { return; }
  if (event.key === "/") {
    const search = document.querySelector("[data-search]");
    if (search) { search.focus(); event.preventDefault(); }
  }
  if (event.key === "j" || event.key === "k") {
    const all = steps();
    const here = all.indexOf(document.activeElement);
    const next = event.key === "j" ? here + 1 : here - 1;
    all[Math.max(0, Math.min(all.length - 1, next))]?.focus();
  }
});
