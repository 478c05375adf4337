// The scrubber: every recorded step on one even track, and the button that follows the newest or plays a recording.

import { make, write } from "./dom.js";
import { roundSteps } from "./ticks.js";
import { number } from "./words.js";

/** @import { Rows } from "./rows.js" */
/** @import { Command, State } from "./types.js" */

/**
 * What it asks for: a step to look back at (null: the newest), so many rows on or back, a command to the server.
 * @typedef {object} ScrubberHandlers
 * @property {(step: number | null) => void} scrub
 * @property {(by: number) => void} move
 * @property {(command: Command) => void} send
 */

/**
 * What the button beside the track does: its word, what is said of it, and the command; without one it follows the run.
 * @typedef {{ word: string, title: string, command?: Command }} Follow
 */

const KEYS = new Map([
  ["ArrowLeft", -1], ["ArrowDown", -1], ["ArrowRight", 1], ["ArrowUp", 1], ["PageDown", -10], ["PageUp", 10],
]);
/** @type {Record<"live" | "newest" | "pause" | "on" | "again", Follow>} */
const FOLLOWS = {
  live: { word: "Live", title: "Follow the newest step (End)" },
  newest: { word: "Newest", title: "Show the newest step (End)" },
  pause: { word: "Pause", title: "Pause the recording", command: { do: "pause" } },
  on: { word: "Go on", title: "Let the recording go on", command: { do: "replay" } },
  again: { word: "Again", title: "Play the recording again", command: { do: "reset" } },
};

/**
 * What the button does now.
 * @param {Partial<State>} state
 * @param {boolean} back   whether the reader looks back
 * @param {number} newest   the newest step
 */
export function followOf({ state, plays, last }, back, newest) {
  if (state !== "recorded") return FOLLOWS.live;
  if (back) return FOLLOWS.newest;
  return newest >= (last ?? Infinity) ? FOLLOWS.again : plays ? FOLLOWS.pause : FOLLOWS.on;
}

export class Scrubber {
  back = false;
  newest = 0;
  /** @type {Partial<State>} */
  state = {};

  /** @param {ScrubberHandlers} on */
  constructor(on) {
    this.on = on;
    this.slider = make("input", {
      "type": "range", "min": "0", "max": "0", "value": "0", "className": "bnviz-range", "disabled": true,
      "aria-label": "Recorded steps",
      "on": { input: () => on.scrub(Number(this.slider.value)), keydown: (event) => this.nudge(event) },
    });
    this.ticks = make("div", { "className": "bnviz-ticks", "aria-hidden": "true" });
    this.to = make("span", { className: "bnviz-end" });
    this.follow = make("button", {
      type: "button", className: "bnviz-button bnviz-live", on: { click: () => this.press() },
    });
    const track = make("div", { className: "bnviz-along" }, this.slider, this.ticks);
    this.element = make("div", { className: "bnviz-scrub" }, track, this.to, this.follow);
    this.show({});
  }

  /**
   * Where the cursor is: row `cursor` of `rows`; `back` when it is behind the newest row.
   * @param {Rows} rows
   * @param {number} cursor
   * @param {boolean} back
   */
  place(rows, cursor, back) {
    const step = rows.steps[cursor], last = rows.steps[rows.last];
    this.slider.disabled = rows.length < 2;
    this.slider.max = String(last);
    if (Number(this.slider.value) !== step) this.slider.value = String(step);
    this.slider.style.setProperty("--bnviz-filled", `${last ? (100 * step) / last : 100}%`);
    this.slider.setAttribute("aria-valuetext", `step ${number.format(step)} of ${number.format(last)}`);
    if (this.newest !== last) this.tick(last);
    write(this.to, number.format(last));
    [this.back, this.newest] = [back, last];
    this.show(this.state);
  }

  /**
   * Round steps below the track, where they are on it.
   * @param {number} last
   */
  tick(last) {
    this.ticks.replaceChildren(...roundSteps(last).map((step) => {
      const tick = make("span", {}, number.format(step));
      tick.style.setProperty("--bnviz-at", String(step / last));
      return tick;
    }));
  }

  /**
   * The run's state as the server told it: the button has a word that is true of it.
   * @param {Partial<State>} state
   */
  show(state) {
    this.state = state;
    const { word, title } = followOf(state, this.back, this.newest);
    write(this.follow, word);
    this.follow.title = title;
    this.follow.disabled = state.state !== "recorded" && !this.back;
  }

  press() {
    const { command } = followOf(this.state, this.back, this.newest);
    if (command) this.on.send(command);
    else this.on.scrub(null);
  }

  /** @param {number} by */
  move(by) {
    this.on.move(by);
  }

  /**
   * Keys on the track move by rows, which are more than a step apart.
   * @param {Event} event
   */
  nudge(event) {
    const by = event instanceof KeyboardEvent ? KEYS.get(event.key) : undefined;
    if (by === undefined) return;
    event.preventDefault();
    this.move(by);
  }
}
