// What somebody opened in a part of the page that comes anew stays open, what they closed stays closed; the focus and
// the place that they read stay too. The part's own elements may be others afterwards: each is found again by its id,
// else by the nearest id around it and its place among its like in there.
const SCROLLS = ".tb, .tl-scroll";

function name(element, like) {
  if (element.id) { return `#${element.id}`; }
  const around = element.parentElement.closest("[id]");
  return `${around?.id} ${[...(around ?? document).querySelectorAll(like)].indexOf(element)}`;
}

function all(part, like) {
  return [...part.querySelectorAll(like)].map((element) => [name(element, like), element]);
}

function kept(part) {
  const opened = new Map(all(part, "details").map(([key, one]) => [key, one.open]));
  const scrolled = new Map(all(part, SCROLLS).map(([key, one]) => [key, [one.scrollLeft, one.scrollTop]]));
  const focused = part.contains(document.activeElement) ? document.activeElement : null;
  const like = focused?.localName;
  const focus = focused && name(focused, like);
  const place = [window.scrollX, window.scrollY];
  return () => {
    for (const [key, one] of all(part, "details")) { if (opened.has(key)) { one.open = opened.get(key); } }
    for (const [key, one] of all(part, SCROLLS)) { if (scrolled.has(key)) { [one.scrollLeft, one.scrollTop] = scrolled.get(key); } }
    if (focus && !part.contains(document.activeElement)) {
      all(part, like).find(([key]) => key === focus)?.[1].focus({ preventScroll: true });
    }
    window.scrollTo(...place);
  };
}

export function keepOpened(part) {
  let again = null;
  part.addEventListener("htmx:beforeSwap", (event) => { again = event.detail.target === part ? kept(part) : null; });
  part.addEventListener("htmx:afterSwap", () => { again?.(); again = null; });
}
