// What each key does: on the board as a page has it, and on a stage, where keys are all that there is.

/** @import { Shortcut } from "./shortcuts.js" */
/** @import { Transport } from "./transport.js" */

const DIGITS = Array.from({ length: 9 }, (_, index) => String(index + 1));
const LIST = { key: "?", name: "?", words: "This list" };

/**
 * The keys of a board on a page.
 * @param {Transport} bar
 * @param {boolean} isAlone   whether the board could stand on a stage
 * @returns {Shortcut[]}
 */
export function boardKeys(bar, isAlone) {
  const { on, scrubber } = bar;
  return [
    { key: " ", name: "space", words: "Play or pause", act: bar.toggle },
    { key: "s", name: "s", words: "One step", act: () => on.send({ do: "step" }) },
    { key: "e", name: "e", words: "One epoch", act: () => on.send({ do: "epoch" }) },
    { key: "r", name: "r", words: "Reset", act: () => on.send({ do: "reset" }) },
    { key: "ArrowLeft", name: "←", words: "Look back, row by row", act: () => scrubber.move(-1) },
    { key: "ArrowRight", name: "→", words: "Look on", act: () => scrubber.move(1) },
    { key: "Home", name: "Home", words: "The first step", act: () => on.scrub(0) },
    { key: "End", name: "End", words: "The newest step", act: () => on.scrub(null) },
    { key: "t", name: "t", words: "The numbers of the chart in focus" },
    { key: "h", name: "h", words: "Hear the chart in focus, line by line", act: () => on.hear() },
    { key: "Enter", name: "Enter", words: "Look into the unit that the arrow keys chose in Unit by unit; Escape closes it" },
    ...(isAlone ? [{ key: "p", name: "p", words: "Present: one or two pictures fill the screen", act: () => on.ask("present") }] : []),
    LIST,
  ];
}

/**
 * The keys of a lecture, a clicker's two among them.
 * @param {Transport} bar
 * @returns {Shortcut[]}
 */
export function stageKeys(bar) {
  const { on, scrubber } = bar;
  return [
    { key: " ", name: "space", words: "Play or pause", act: bar.toggle },
    { key: "ArrowRight", name: "→", words: "One step; on to the newest after a look back", act: () => bar.stepOn() },
    { key: "ArrowLeft", name: "←", words: "Look back, row by row", act: () => scrubber.move(-1) },
    { key: "r", name: "r", words: "Reset", act: () => on.send({ do: "reset" }) },
    { key: "b", name: "b", words: "BN on and off, from the start", act: () => on.ask("bn") },
    ...DIGITS.map((key, index) => ({ key, name: index ? "" : "1 – 9", words: "This experiment of the list", act: () => on.ask(key) })),
    { key: "PageDown", name: "Page ↓", words: "The next experiment; a clicker does so, too", act: () => on.ask("next") },
    { key: "PageUp", name: "Page ↑", words: "The one before", act: () => on.ask("back") },
    { key: "f", name: "f", words: "Full screen, and back", act: fillScreen },
    { key: "p", name: "p", words: "Back to the page", act: () => on.ask("present") },
    LIST,
  ];
}

/** A frame whose owner does not allow it stays as it is. */
function fillScreen() {
  const { fullscreenElement, documentElement } = document;
  const done = fullscreenElement ? document.exitFullscreen() : documentElement.requestFullscreen();
  done.catch(() => {});
}
