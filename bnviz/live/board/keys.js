// Whose a key is: the page's, or that of the control in focus. And whether the reader has turned the page's keys off.

const OFF = "bnviz.keys";
const MOVES = new Set(["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "Home", "End", "PageUp", "PageDown"]);
const PRESSES = new Set([" ", "Enter"]);
const PRESSED = new Set(["button", "summary", "checkbox", "radio", "switch", "submit", "reset", "file", "color"]);
const MOVED = new Set(["range", "radio", "slider", "tab", "scrollbar", "separator"]);
const LINKS = new Set(["a", "link"]);
// What hears every key: what is typed into, chosen from by its first letter, or walked through.
const WHOLE = new Set([
  "textarea", "select", "canvas", "iframe", "audio", "video", "textbox", "searchbox", "combobox", "spinbutton", "listbox",
  "option", "menu", "menuitem", "menuitemradio", "menuitemcheckbox", "grid", "gridcell", "tree", "treeitem", "application",
]);

/**
 * Whether the element in focus uses a key itself: text that is typed, a slider that is moved, a button that is pressed.
 * @param {Element} target
 * @param {string} key
 */
export function usesItself(target, key) {
  if (/** @type {HTMLElement} */ (target).isContentEditable) return true;
  if (target.closest("dialog[open], [role=dialog], [role=alertdialog]")) return true;
  const kind = kindOf(target);
  if (WHOLE.has(kind)) return true;
  if (PRESSES.has(key)) return PRESSED.has(kind) || (key === "Enter" && LINKS.has(kind));
  if (!MOVES.has(key)) return false;
  return MOVED.has(kind) || target.closest("[role=toolbar], [role=radiogroup]") !== null || isScrolled(target, key);
}

/**
 * Whether a key was pressed, alone, that the control in focus does not use itself.
 * @param {Event} event
 * @param {string} key
 */
export function isPressed(event, key) {
  if (!(event instanceof KeyboardEvent) || event.key !== key || event.ctrlKey || event.metaKey || event.altKey) return false;
  return event.target instanceof Element && !usesItself(event.target, key);
}

/**
 * What an element is to a keyboard: its role, else the kind of its input, else its tag.
 * @param {Element} target
 */
function kindOf(target) {
  const role = target.getAttribute("role"), tag = target.tagName.toLowerCase();
  if (role && tag !== "canvas" && !["group", "img", "region"].includes(role)) return role;
  if (tag !== "input") return tag;
  const { type } = /** @type {HTMLInputElement} */ (target);
  return PRESSED.has(type) || type === "range" ? type : "textbox";
}

/**
 * Whether a key moves what is in an element sideways.
 * @param {Element} target
 * @param {string} key
 */
function isScrolled({ scrollWidth, clientWidth }, key) {
  return scrollWidth > clientWidth + 1 && ["ArrowLeft", "ArrowRight"].includes(key);
}

/** Whether single keys act on the page, kept in this browser: they are in the way of some who speak or tremble. */
export class Switch {
  /** @param {Pick<Storage, "getItem" | "setItem" | "removeItem">} storage */
  constructor(storage) {
    this.storage = storage;
    this.turned = false;
  }

  /** A browser that keeps nothing forgets it with the page. */
  get isOff() {
    try {
      return this.storage.getItem(OFF) === "off";
    } catch {
      return this.turned;
    }
  }

  /** @param {boolean} off */
  turn(off) {
    this.turned = off;
    try {
      if (off) this.storage.setItem(OFF, "off");
      else this.storage.removeItem(OFF);
    } catch {
      // it is remembered here until the page is left
    }
  }
}
