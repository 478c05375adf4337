// The sentence above the charts: what the run on the board says of itself, or what is waited for. Knows no element.

/** @import { Timeline } from "./timeline.js" */
/** @import { State } from "./types.js" */

const OPENING = "Opening the laboratory.";

/**
 * What is said above the charts now.
 * @param {Pick<Timeline, "now" | "next" | "cursor">} timeline
 * @param {State | null} state
 */
export function headline({ now, next, cursor }, state) {
  const isOfNext = state !== null && (now === null || state.run === next?.setup.run);
  const waits = isOfNext ? waitsFor(state) : "";
  if (!now) return waits || OPENING;
  return waits ? `${waits} Below is still the run before.` : now.rows.captions[cursor];
}

/**
 * What a run that has shown nothing yet waits for; empty where it is not known to wait.
 * @param {State} state
 */
function waitsFor({ state, position }) {
  /** @type {Record<string, string>} */
  const words = {
    failed: "These networks could not be trained.", // the bar says why
    queued: position > 1 ? `The networks wait until ${position - 1} before them have trained.` : "The networks are next to train.",
    starting: "The networks are made and looked at before their first step.",
    running: "The networks are made and looked at before their first step.",
  };
  return words[state] ?? "";
}
