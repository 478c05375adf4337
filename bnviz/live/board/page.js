// What the page and the board have to say to each other. Knows no socket and no chart.

/**
 * Tells of a value that is no longer the one of before; the first is no news, unless another one is known.
 * @template {string | number} T
 * @param {(value: T) => void} tell
 * @param {T} [before]
 */
export function news(tell, before) {
  let known = before;
  return (/** @type {T} */ value) => {
    const isNews = known !== undefined && value !== known;
    known = value;
    if (isNews) tell(value);
  };
}

/**
 * Takes a reader who pressed something elsewhere on the page to an element, and the keyboard to one inside it.
 * @param {Element} element
 * @param {HTMLElement} inside
 */
export function bringTo(element, inside) {
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.scrollIntoView({ block: "start", behavior: calm ? "auto" : "smooth" });
  inside.focus({ preventScroll: true });
}
