// What is wider than a narrow screen and is swiped there is reached and moved by keys, too.

const SWIPED = '[class*="-figure"]:has(> .stElementContainer .x2y2)'; // as in bnviz/ui/touch.css

/** Gives such places a stop of the keyboard, and takes it away where all is seen. */
export function reachSwiped() {
  for (const place of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(SWIPED))) {
    if (place.scrollWidth <= place.clientWidth) {
      for (const name of ["tabindex", "role", "aria-label"]) place.removeAttribute(name);
    } else if (place.tabIndex !== 0) {
      place.tabIndex = 0;
      place.setAttribute("role", "group");
      place.setAttribute("aria-label", "A figure that is wider than the screen");
    }
  }
}
