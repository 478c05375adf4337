// Where a reader opens a run that was saved: a button, or anywhere on the page while a file is dragged over it. Of the
// file its first part is sent, what was seen; what is in it is for the server to say.

import { make } from "./dom.js";
import { FilePlace } from "./file_place.js";
import { Places } from "./places.js";
import { letters, MOST_SENT, squeezed } from "./sending.js";

/**
 * `data` is compressed and in letters, and empty of a part that is too large.
 * @typedef {{ name: string, size: number, data: string }} SavedRun
 */
/** @typedef {(name: "run", value: SavedRun) => void} RunTrigger */
/** @typedef {{ parentElement: Element, data: { most: number }, setTriggerValue: RunTrigger }} RunComponent */

const HEAD = 44; // bytes: the format's name and a checksum
const SUFFIX = ".bnviz";
/** @type {Places<FilePlace>} */
const places = new Places();

/**
 * Components v2 calls this at the mount, whenever the page ran again with other data, and when the theme changes.
 * @param {RunComponent} component
 */
export default function mount({ parentElement, data, setTriggerValue }) {
  return places.fill(parentElement, () => {
    const said = make("span", { "className": "bnviz-saved-said", "aria-live": "polite" });
    const input = make("input", {
      "type": "file", "accept": SUFFIX, "className": "bnviz-hidden", "aria-label": "Open a saved run",
    });
    const place = new FilePlace(input, said, async (file) => {
      setTriggerValue("run", await packedRun(file, data.most));
      return "";
    });
    const label = make("label", { className: "bnviz-saved" }, input, make("span", {}, "Open a saved run"), said);
    return place.show(parentElement, label, wholePage(place));
  });
}

/**
 * What lies over the page while a file is dragged over it that may be dropped anywhere.
 * @param {FilePlace} place
 */
function wholePage(place) {
  const over = make("div", { className: "bnviz-saved-over", hidden: true }, make("strong", {}, "Drop the saved run to open it"));
  const drag = (/** @type {DragEvent} */ event) => {
    const items = [...event.dataTransfer?.items ?? []];
    if (event.defaultPrevented) over.hidden = true; // another place wants it
    if (event.defaultPrevented || items.length !== 1 || items[0].kind !== "file" || items[0].type) return; // of ours no browser knows a type
    event.preventDefault();
    over.hidden = event.type === "drop" || (event.type === "dragleave" && event.relatedTarget === null);
    if (event.type === "drop") place.take(event.dataTransfer?.files[0]);
  };
  for (const name of ["dragenter", "dragover", "dragleave", "drop"]) {
    addEventListener(name, (event) => drag(/** @type {DragEvent} */ (event)), { signal: place.leaving.signal });
  }
  return over;
}

/**
 * @param {File} file
 * @param {number} most   bytes
 * @returns {Promise<SavedRun>}
 */
export async function packedRun(file, most) {
  const first = file.slice(0, await firstPart(file)), { name } = file, { size } = first;
  const data = size <= most ? await squeezed(first) : null;
  return { name, size, data: data && data.size <= MOST_SENT ? await letters(data) : "" };
}

/**
 * Where the first part ends: behind its head stand two lengths. Of another file that is anywhere.
 * @param {File} file
 */
async function firstPart(file) {
  const lengths = new DataView(await file.slice(HEAD, HEAD + 8).arrayBuffer());
  return lengths.byteLength < 8 ? file.size : HEAD + 8 + lengths.getUint32(0, true) + lengths.getUint32(4, true);
}
