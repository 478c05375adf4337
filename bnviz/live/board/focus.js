// Where the keyboard goes when the button that was pressed is gone: to what came of it, never back to the page's top.

const LONGEST = 15_000; // milliseconds that a page takes to answer
const SEEN = 0.8; // of the window's height: what begins lower is not in sight

/**
 * What comes of a button, by the key that Streamlit's containers around it have as a class; where several are named the
 * first that is there. Others lead to the outermost of those containers that has their key and is still there.
 * @type {[pressed: string, came: string[]][]}
 */
const CAME = [
  ["guess", [".st-key-trial-picture .bnviz-board"]],
  ["again", [".st-key-trial-picture .bnviz-board"]],
  ["map", controls("map")],
  ["sweep", controls("sweep")],
  ["start", [".st-key-scene"]],
];

/** @type {MutationObserver | undefined} */
let looking;

/** @param {string} page */
function controls(page) {
  const buttons = ["stop", "resume", "start"].map((button) => `.st-key-${page}-${button} button:enabled`);
  return [...buttons, `.st-key-${page}-controls`];
}

/**
 * A button was pressed: whatever becomes of it, the keyboard is somewhere that makes sense.
 * @param {Event} event
 */
export function follow(event) {
  const pressed = event.target instanceof Element ? event.target.closest("button") : null;
  const around = pressed ? keyed(pressed) : [];
  looking?.disconnect();
  if (!pressed || !around.length || pressed.closest(".bnviz-board")) return;
  const until = performance.now() + LONGEST;
  /** @type {Element | null} */
  let came = null;
  const look = new MutationObserver(() => {
    const active = document.activeElement ?? document.body;
    const isThere = active === came && isAlive(came), isLate = performance.now() > until;
    if (![document.body, pressed, came].includes(active) || (isLate && !isThere)) look.disconnect();
    else if (!isThere && !isAlive(pressed)) {
      came = cameOf(around);
      if (came instanceof HTMLElement) give(came);
    }
  });
  look.observe(document.body, { subtree: true, childList: true, attributes: true, attributeFilter: ["disabled"] });
  looking = look;
}

/** @param {Element} element */
function isAlive(element) {
  return element.isConnected && !element.matches(":disabled");
}

/**
 * The containers around an element that have a key, from the innermost.
 * @param {Element} element
 */
function keyed(element) {
  const found = [];
  for (let each = element.closest("[class*=st-key-]"); each; each = each.parentElement?.closest("[class*=st-key-]") ?? null) {
    found.push(each);
  }
  return found;
}

/**
 * @param {Element[]} around
 * @returns {Element | null}
 */
function cameOf(around) {
  const [own] = around[0].className.match(/(?<=st-key-)[a-z]+/) ?? [];
  const [, places] = CAME.find(([pressed]) => pressed === own) ?? ["", []];
  if (places.length) return places.map((place) => document.querySelector(place)).find((found) => found !== null) ?? null;
  const left = around.filter((each) => each.isConnected);
  return left.filter((each) => isOf(each, own)).at(-1) ?? left[0] ?? null;
}

/**
 * Whether a container is one of the same thing: a question's answers stand in `quiz` within `quiz`.
 * @param {Element} container
 * @param {string | undefined} own
 */
function isOf({ className }, own) {
  return own !== undefined && className.includes(`st-key-${own}-`);
}

/**
 * The keyboard, and the reader where the beginning of it is out of sight.
 * @param {HTMLElement} element
 */
function give(element) {
  if (!element.matches("button, a[href], input, select, textarea, [tabindex]")) element.tabIndex = -1;
  element.focus({ preventScroll: true });
  const { top } = element.getBoundingClientRect();
  if (top < 0 || top > window.innerHeight * SEEN) element.scrollIntoView({ block: "start" });
}
