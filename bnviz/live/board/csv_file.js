// Where a reader drops a CSV file, or chooses one; what is in it is the page's business.

import { make } from "./dom.js";
import { FilePlace } from "./file_place.js";
import { packedFile } from "./packed_file.js";
import { Places } from "./places.js";
import { written } from "./words.js";

/** @import { PackedFile } from "./packed_file.js" */
/** @typedef {(name: "file", value: PackedFile) => void} FileTrigger */
/** @typedef {{ parentElement: Element, data: { most: number }, setTriggerValue: FileTrigger }} FileComponent */

/** @type {Places<FilePlace>} */
const places = new Places();

/**
 * Components v2 calls this at the mount, whenever the page ran again with other data, and when the theme changes.
 * @param {FileComponent} component
 */
export default function mount({ parentElement, data, setTriggerValue }) {
  return places.fill(parentElement, () => {
    const input = make("input", { type: "file", accept: ".csv,.tsv,.txt,text/csv" });
    const said = make("span", { "className": "bnviz-file-said", "aria-live": "polite" });
    const place = new FilePlace(input, said, async (file) => {
      setTriggerValue("file", await packedFile(file, data.most));
      return `${file.name}, ${inMegabytes(file.size)}`;
    });
    place.root.classList.add("bnviz-own");
    return place.show(parentElement, zoneOf(place));
  });
}

/** @param {FilePlace} place */
function zoneOf(place) {
  const zone = make(
    "label", { className: "bnviz-file" },
    place.input, make("strong", {}, "Choose a CSV file"), make("span", {}, "or drop it here"), place.said,
  );
  for (const name of /** @type {const} */ (["dragover", "dragleave", "drop"])) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.toggle("bnviz-file-over", name === "dragover");
      if (name === "drop") place.take(event.dataTransfer?.files[0]);
    });
  }
  return zone;
}

/** @param {number} bytes */
function inMegabytes(bytes) {
  return bytes < 1e6 ? `${Math.max(1, Math.round(bytes / 1e3))} kB` : `${written((bytes / 1e6).toFixed(1))} MB`;
}
