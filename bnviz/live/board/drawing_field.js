// A field to draw on, by pointer or by keyboard. What is drawn is its owner's business.

import { make } from "./dom.js";

/**
 * A place as shares of the field, from the left and from the top.
 * @typedef {{ x: number, y: number }} Share
 */
/** @typedef {(at: Share) => void} Hear */
/** @typedef {{ press: Hear, move: Hear, lift: () => void, key: (event: KeyboardEvent) => void }} Hears */

/**
 * @param {number} side   pixels of the canvas
 * @param {string} help   for those who hear the page
 * @param {Hears} hears
 */
export function drawingField(side, help, { press, move, lift, key }) {
  const canvas = make("canvas", { "width": side, "height": side, "tabIndex": 0, "role": "application", "aria-label": help });
  const at = (/** @type {PointerEvent} */ event) =>
    ({ x: event.offsetX / canvas.clientWidth, y: event.offsetY / canvas.clientHeight });
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    canvas.setPointerCapture(event.pointerId);
    press(at(event));
  });
  canvas.addEventListener("pointermove", (event) => move(at(event)));
  canvas.addEventListener("pointerup", lift);
  canvas.addEventListener("pointercancel", lift);
  canvas.addEventListener("keydown", key);
  return canvas;
}
