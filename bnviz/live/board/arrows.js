// The arrow keys of a page that goes from picture to picture, where no board hears them.

import { Places } from "./places.js";

const WANTED = "input, textarea, select, button, a, summary, canvas, [contenteditable], [tabindex], [role=dialog]";

/** @typedef {(name: "back" | "next", value: true) => void} ArrowTrigger */
/** @typedef {{ trigger: ArrowTrigger, leave: () => void }} Heard */

/** @type {Places<Heard>} */
const heard = new Places();

/**
 * Components v2 calls this at the mount and again with whom to tell.
 * @param {{ parentElement: Element, setTriggerValue: ArrowTrigger }} component
 */
export default function arrows({ parentElement, setTriggerValue }) {
  const known = heard.get(parentElement);
  if (known) known.trigger = setTriggerValue;
  else {
    const hear = (/** @type {KeyboardEvent} */ event) => {
      const word = { ArrowLeft: "back", ArrowRight: "next" }[event.key];
      if (!word || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || !parentElement.isConnected) return;
      if (event.target instanceof Element && event.target.closest(WANTED)) return;
      event.preventDefault();
      heard.get(parentElement)?.trigger(word === "back" ? "back" : "next", true);
    };
    heard.set(parentElement, { trigger: setTriggerValue, leave: () => window.removeEventListener("keydown", hear) });
    window.addEventListener("keydown", hear);
  }
  return heard.departure(parentElement);
}
