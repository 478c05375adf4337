// The sidebar as a drawer with a name: its buttons and the drawer itself say what is in there, where Streamlit says
// "Expand sidebar".

const OPENS = '[data-testid="stExpandSidebarButton"]', CLOSES = '[data-testid="stSidebarCollapseButton"] button';
const WIDGETS = ":is(.stSlider, .stSelectbox, .stNumberInput, .stButtonGroup)";

/** What is in the drawer, in words. */
export function wordsOf(/** @type {ParentNode} */ page) {
  const own = page.querySelector('[data-testid="stSidebarUserContent"]'), isMenu = page.querySelector('[data-testid="stSidebarNav"]');
  const isSetup = own?.querySelector(WIDGETS), hasLinks = own?.querySelector('[data-testid="stPageLink"]');
  return [isMenu && "Menu", isSetup ? "Setup" : hasLinks && !isMenu && "Lessons"].filter(Boolean).join(", ");
}

/** Names the drawer and its buttons. */
export function nameDrawer() {
  const words = wordsOf(document);
  if (!words) return;
  name(OPENS, words);
  name(CLOSES, "Close");
  document.querySelector('[data-testid="stSidebar"]')?.setAttribute("aria-label", words);
}

/**
 * @param {string} selector
 * @param {string} words
 */
function name(selector, words) {
  const button = document.querySelector(selector);
  if (!(button instanceof HTMLElement) || (button.dataset.words === words && button.ariaLabel === words)) return;
  button.dataset.words = words;
  button.ariaLabel = words;
}
