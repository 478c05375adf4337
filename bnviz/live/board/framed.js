// A page that stands in another one says how tall it is, so that whoever made that one can make room:
// `{ type: "bnviz:height", height }` by postMessage, in pixels, whenever it changes.

const KIND = "bnviz:height", CONTENT = '[data-testid="stMainBlockContainer"]';
const LAST = ".st-key-lead-back", OPENING = ".bnviz-opening";

/**
 * Tells the page around this one, if there is one and this is to stand in it.
 * @param {Window} page
 */
export function tellHeight(page) {
  const said = new URLSearchParams(page.location.search.toLowerCase());
  if (page.parent === page || said.get("embed") !== "true") return;
  let told = 0;
  const tell = () => {
    const height = heightOf(page.document);
    if (height && height !== told) page.parent.postMessage({ type: KIND, height }, "*"); // a number, which is no secret
    told = height || told;
  };
  const watch = new ResizeObserver(tell);
  const find = new MutationObserver(() => {
    const content = page.document.querySelector(CONTENT);
    if (!content) return;
    find.disconnect();
    watch.observe(content);
  });
  find.observe(page.document, { childList: true, subtree: true });
}

/**
 * How tall all of it is; 0 before its last line is there and its charts are.
 * @param {Document} page
 */
function heightOf(page) {
  if (!page.querySelector(LAST) || page.querySelector(OPENING)) return 0;
  return Math.ceil(page.querySelector(CONTENT)?.getBoundingClientRect().height ?? 0);
}
