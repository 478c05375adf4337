// What every page that was taken home begins with: it unpacks what it carries, and wears the look that is wanted.

import { make, write } from "../live/board/dom.js";

/**
 * What a script of the page holds: text of compressed bytes.
 * @param {string} id
 */
export async function carried(id) {
  const packed = Uint8Array.from(atob(document.getElementById(id)?.textContent ?? ""), (letter) => letter.charCodeAt(0));
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
}

/**
 * The button for the other look: the system's is the first.
 * @param {HTMLElement} root
 * @param {() => void} turned
 */
function lookButton(root, turned) {
  const system = matchMedia("(prefers-color-scheme: dark)");
  const button = make("button", {
    type: "button", className: "bnviz-look", on: { click: () => wear(root.dataset.look !== "dark") },
  });
  function wear(/** @type {boolean} */ dark) {
    root.dataset.look = dark ? "dark" : "light";
    write(button, dark ? "Light" : "Dark");
    turned();
  }
  system.addEventListener("change", () => wear(system.matches));
  wear(system.matches);
  return button;
}

/**
 * Opens the page: `open` is given what it carries and where to draw it, and returns what to do when the look has turned.
 * @param {(run: ArrayBuffer, place: HTMLElement) => () => void} open
 */
export async function opened(open) {
  const place = document.getElementById("bnviz-place") ?? document.body;
  let turned = () => {};
  document.getElementById("bnviz-look")?.append(lookButton(document.documentElement, () => turned()));
  try {
    const run = await carried("bnviz-run");
    place.replaceChildren();
    turned = open(run, place);
  } catch (error) {
    console.error(error);
    write(place, "This page needs a newer browser: Chrome or Edge 103, Firefox 113, Safari 16.4.");
  }
}
