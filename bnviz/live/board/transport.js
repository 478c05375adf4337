// The bar on top: what can be done to the run, where it stands, and below the scrubber over its recorded steps.

import { icon, make, write } from "./dom.js";
import { Scrubber } from "./scrubber.js";
import { number, say } from "./words.js";

/** @import { Rows } from "./rows.js" */
/** @import { Command, State } from "./types.js" */

/**
 * What the bar asks for: a command to the server, other seeds, a step to look back at (null: the newest), so many rows
 * on or back, a new start.
 * @typedef {object} TransportHandlers
 * @property {(command: Command) => void} send
 * @property {() => void} newSeed
 * @property {(step: number | null) => void} scrub
 * @property {(by: number) => void} move
 * @property {() => void} again
 */

/** What the bar shows: a state of the server's, or one of the page's own, such as `opening`. */
/** @typedef {Partial<State> & { state: string }} ShownState */

const SPEEDS = [1, 2, 5, 10, 20, 50, 100, 0];
const ICONS = {
  play: ["M8 5.2v13.6a.6.6 0 0 0 .92.5l10.5-6.8a.6.6 0 0 0 0-1L8.92 4.7a.6.6 0 0 0-.92.5z"],
  pause: ["M7 5h3.6v14H7z", "M13.4 5H17v14h-3.6z"],
  reset: ["M12 5V2L7.5 6 12 10V7a5.5 5.5 0 1 1-5.5 5.5h-2A7.5 7.5 0 1 0 12 5z"],
  seed: [
    "M6 4h12a2 2 0 0 1 2 2v12a2 2 0 0 1-2 2H6a2 2 0 0 1-2-2V6a2 2 0 0 1 2-2zm0 1.8a.2.2 0 0 0-.2.2v12c0 .1.1.2.2.2h12"
      + "a.2.2 0 0 0 .2-.2V6a.2.2 0 0 0-.2-.2z",
    "M8.8 7.4a1.4 1.4 0 1 1 0 2.8 1.4 1.4 0 0 1 0-2.8z", "M15.2 13.8a1.4 1.4 0 1 1 0 2.8 1.4 1.4 0 0 1 0-2.8z",
    "M12 10.6a1.4 1.4 0 1 1 0 2.8 1.4 1.4 0 0 1 0-2.8z",
  ],
};

const ALONE = ["opening", "dropped", "replaced"]; // nobody hears a command
const running = (/** @type {string} */ state) => ["running", "starting", "queued"].includes(state);

export class Transport {
  /** @type {ShownState} */
  shown = { state: "opening" };
  back = false;
  ready = false;
  keys = new Map([
    [" ", () => this.toggle()],
    ["s", () => this.on.send({ do: "step" })],
    ["e", () => this.on.send({ do: "epoch" })],
    ["r", () => this.on.send({ do: "reset" })],
    ["ArrowLeft", () => this.scrubber.move(-1)],
    ["ArrowRight", () => this.scrubber.move(1)],
    ["Home", () => this.on.scrub(0)],
    ["End", () => this.on.scrub(null)],
  ]);

  /** @param {TransportHandlers} on */
  constructor(on) {
    this.on = on;
    this.play = this.button("play", "Play", "Play (space)", () => this.toggle());
    this.reset = this.button("quiet", "Reset", "", () => on.send({ do: "reset" }));
    this.reset.prepend(icon(...ICONS.reset));
    this.step = this.button("quiet", "Step", "One step (s)", () => on.send({ do: "step" }));
    this.epoch = this.button("quiet", "Epoch", "One epoch (e)", () => on.send({ do: "epoch" }));
    this.seed = this.button("seed", "New seed", "Other seeds: other weights and mini-batches", () => on.newSeed());
    this.seed.prepend(icon(...ICONS.seed));
    this.speed = make("input", {
      "type": "range", "min": "0", "max": String(SPEEDS.length - 1), "value": String(SPEEDS.length - 1),
      "className": "bnviz-range", "aria-label": "Speed",
      "on": { input: () => this.sayRate(), change: () => on.send({ do: "speed", value: this.steps }) },
    });
    this.rate = make("output", {});
    this.chip = make("span", { className: "bnviz-chip", role: "status" });
    this.counts = { step: this.count("step"), epoch: this.count("epoch") };
    this.measured = make("span", {});
    this.scrubber = new Scrubber(on);
    this.message = make("span", {});
    this.again = this.button("again", "Start again", "Start this run again", () => on.again());
    this.notice = make("div", { className: "bnviz-notice", role: "status", hidden: true }, this.message, this.again);
    this.element = make(
      "div", { "className": "bnviz-transport", "role": "toolbar", "aria-label": "Training" },
      make("div", { className: "bnviz-line" }),
      make(
        "div", { className: "bnviz-controls" },
        make("div", { className: "bnviz-buttons" }, this.reset, this.seed, this.play, this.step, this.epoch),
        make("div", { className: "bnviz-speed" }, this.speed, make("div", {}, this.rate, this.measured)),
        make("div", { className: "bnviz-counts" }, this.chip, ...Object.values(this.counts).map((c) => c.element)),
      ),
      this.scrubber.element,
      this.notice,
    );
    this.show(this.shown);
    this.sayRate();
    window.addEventListener("keydown", this.hear, true);
  }

  /** Steps from one picture to the next, as the slider says. */
  get steps() {
    return SPEEDS[Number(this.speed.value)];
  }

  /**
   * @param {string} kind
   * @param {string} text
   * @param {string} title
   * @param {() => void} click
   */
  button(kind, text, title, click) {
    const button = make("button", { type: "button", className: `bnviz-button bnviz-${kind}`, title, on: { click } });
    button.append(make("span", {}, text));
    return button;
  }

  /** @param {string} unit */
  count(unit) {
    const value = make("span", { className: "bnviz-value" }, "–");
    return { value, element: make("span", { className: `bnviz-count bnviz-count-${unit}` }, unit, value) };
  }

  toggle() {
    this.on.send({ do: running(this.shown.state) ? "pause" : "play" });
  }

  sayRate() {
    const { steps } = this;
    const words = steps ? `${steps} step${steps > 1 ? "s" : ""} a picture` : "full speed";
    write(this.rate, words);
    this.speed.setAttribute("aria-valuetext", words);
  }

  /**
   * Shows the state of the run as the server told it, or opening, or dropped.
   * @param {ShownState} shown
   */
  show(shown) {
    this.shown = shown;
    const { state, message = "", speed = -1, steps_per_second: rate } = shown;
    const going = running(state);
    const word = going ? "Pause" : "Play";
    if (this.play.dataset.word !== word) {
      this.play.dataset.word = word;
      this.play.replaceChildren(icon(...(going ? ICONS.pause : ICONS.play)), make("span", {}, word));
    }
    const index = SPEEDS.indexOf(speed);
    if (index >= 0 && document.activeElement !== this.speed) {
      this.speed.value = String(index);
      this.sayRate();
    }
    write(this.measured, going && rate ? `${rate < 10 ? say(rate) : number.format(rate)} steps/s` : "");
    for (const button of [this.play, this.reset, this.step, this.epoch, this.speed]) button.disabled = ALONE.includes(state);
    this.again.hidden = !["failed", "replaced"].includes(state);
    write(this.again, state === "replaced" ? "Use it here" : "Start again");
    write(this.message, message);
    this.notice.hidden = !message && this.again.hidden;
    this.reset.title = state === "recorded" ? "Play the recording again (r)" : "Back to step 0, the same bits again (r)";
    this.scrubber.show(shown);
    this.sayState();
  }

  /**
   * Where the cursor is: row `cursor` of `rows`; `back` when it is behind the newest row.
   * @param {Rows} rows
   * @param {number} cursor
   * @param {boolean} back
   */
  place(rows, cursor, back) {
    const step = rows.steps[cursor];
    write(this.counts.step.value, number.format(step));
    write(this.counts.epoch.value, number.format(Math.floor(rows.epochs[cursor])));
    this.scrubber.place(rows, cursor, back);
    this.back = back;
    this.ready = rows.length === 1 && step === 0;
    this.sayState();
  }

  sayState() {
    const { state, position, estimate_seconds: wait } = this.shown;
    /** @type {Record<string, string>} */
    const words = {
      opening: "opening", recorded: "recorded", starting: "starting", running: "live", finished: "finished",
      paused: this.ready ? "ready" : "paused", failed: "stopped", dropped: "reconnecting", replaced: "open elsewhere",
      queued: `waiting, place ${position}${wait ? `, about ${Math.ceil(wait)} s` : ""}`,
    };
    write(this.chip, this.back ? "looking back" : (words[state] ?? state));
    this.chip.dataset.state = this.back ? "back" : state;
    this.element.dataset.state = state;
  }

  /**
   * Keys, wherever nothing else wants them. Streamlit has keys of its own, so these are heard first.
   * @param {KeyboardEvent} event
   */
  hear = (event) => {
    const act = this.keys.get(event.key);
    if (!act || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || !this.mayHear(event.target)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    act();
  };

  /** @param {EventTarget | null} target */
  mayHear(target) {
    if (!this.element.isConnected || this.play.disabled || !(target instanceof Element)) return false;
    return !target.closest("input, textarea, select, button, a, summary, [contenteditable], [tabindex], [role=dialog]");
  }

  end() {
    window.removeEventListener("keydown", this.hear, true);
  }
}
