// The bar on top: what can be done to the run, where it stands, and below the scrubber over its recorded steps.

import { icon, make, write } from "./dom.js";
import { boardKeys, stageKeys } from "./keymap.js";
import { Scrubber } from "./scrubber.js";
import { Shortcuts } from "./shortcuts.js";
import { Aloud } from "./voice.js";
import { number, plural, say, word } from "./words.js";

/** @import { Rows } from "./rows.js" */
/** @import { Command, Mode, State } from "./types.js" */

/**
 * What the bar asks for: a command to the server, other seeds, a step to look back at (null: the newest), so many rows
 * on or back, a new start.
 * @typedef {object} TransportHandlers
 * @property {(command: Command) => void} send
 * @property {() => void} newSeed
 * @property {(step: number | null) => void} scrub
 * @property {(by: number) => void} move
 * @property {() => void} again
 * @property {() => string} found   what the chart in focus says, or what is said above them
 * @property {() => void} hear
 * @property {(key: string) => void} ask   what the page has to do: `present`, `bn`, `next`, `back`, or a number
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

const PATIENCE = 700; // milliseconds that the bar stays as it is before it is said aloud
const ALONE = ["opening", "dropped", "replaced"]; // nobody hears a command
/**
 * Whether the button is pause: of a run that trains, or of a recording that nobody could train.
 * @param {ShownState} shown
 */
const goesOn = ({ state, plays, alone }) => ["running", "starting", "queued"].includes(state) || Boolean(alone && plays);

export class Transport {
  /** @type {ShownState} */
  shown = { state: "opening" };
  back = false;
  ready = false;
  invitation = "Play"; // what the button says while a recording is shown
  shortcuts = new Shortcuts(() => !this.play.disabled);

  aloud = new Aloud(() => this.news, PATIENCE);

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
    this.seed.querySelector("span")?.replaceChildren(make("i", {}, "New seed"), make("b", { "aria-hidden": "true" }, word("seed")));
    this.speed = make("input", {
      "type": "range", "min": "0", "max": String(SPEEDS.length - 1), "value": String(SPEEDS.length - 1),
      "className": "bnviz-range", "aria-label": "Speed",
      "on": { input: () => this.sayRate(), change: () => on.send({ do: "speed", value: this.steps }) },
    });
    this.rate = make("output", {});
    this.chip = make("span", { className: "bnviz-chip" });
    this.counts = { step: this.count("step", word("step")), epoch: this.count("epoch", word("epoch")) };
    this.measured = make("span", {});
    this.scrubber = new Scrubber(on);
    this.message = make("span", {});
    this.again = this.button("again", "Start again", "Start this run again", () => on.again());
    this.notice = make("div", { className: "bnviz-notice", hidden: true }, this.message, this.again);
    this.scrubber.element.append(this.shortcuts.button);
    this.element = make(
      "div", { "className": "bnviz-transport", "role": "group", "aria-label": "Training" },
      make("div", { className: "bnviz-line" }),
      make(
        "div", { className: "bnviz-controls" },
        make("div", { className: "bnviz-buttons" }, this.reset, this.seed, this.play, this.step, this.epoch),
        make("div", { className: "bnviz-speed" }, this.speed, make("div", {}, this.rate, this.measured)),
        make("div", { className: "bnviz-counts" }, this.chip, ...Object.values(this.counts).map((c) => c.element)),
      ),
      this.scrubber.element,
      this.notice,
      this.shortcuts.dialog,
    );
    this.show(this.shown);
    this.sayRate();
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

  /**
   * @param {string} unit
   * @param {string} name
   */
  count(unit, name) {
    const value = make("span", { className: "bnviz-value" }, "–");
    return { value, element: make("span", { className: `bnviz-count bnviz-count-${unit}` }, name, value) };
  }

  /** @param {Mode} mode */
  use(mode) {
    this.shortcuts.shortcuts = mode === "present" ? stageKeys(this) : boardKeys(this, mode === "");
  }

  toggle = () => this.on.send({ do: goesOn(this.shown) ? "pause" : "play" });

  /** One step more of the run, or of what was looked back at. */
  stepOn() {
    if (this.back) this.scrubber.move(1);
    else this.on.send({ do: "step" });
  }

  sayRate() {
    const { steps } = this;
    const words = steps ? plural(steps, { one: "{count} step a picture", other: "{count} steps a picture" }) : "full speed";
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
    const going = goesOn(shown);
    const said = going ? "Pause" : state === "recorded" ? this.invitation : "Play";
    if (this.play.dataset.word !== said) {
      this.play.dataset.word = said;
      this.play.replaceChildren(icon(...(going ? ICONS.pause : ICONS.play)), make("span", {}, said));
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
      opening: word("opening"), recorded: word("recorded"), starting: word("starting"), running: word("live"),
      finished: word("finished"), paused: this.ready ? word("ready") : word("paused"), failed: word("stopped"),
      dropped: word("reconnecting"), replaced: "open elsewhere",
      queued: wait ? `waiting, place ${position}, about ${Math.ceil(wait)} s` : `waiting, place ${position}`,
    };
    write(this.chip, this.back ? "looking back" : (words[state] ?? state));
    if (state !== "opening") this.aloud.hear(this.back ? `back:${this.counts.step.value.textContent}` : `${state} ${this.shown.plays ?? ""}`);
    this.chip.dataset.state = this.back ? "back" : state;
    this.element.dataset.state = state;
  }

  /** What is said aloud when the run has come to something: where it stands, and what has been found by then. */
  get news() {
    const { state, plays } = this.shown, isMoving = !this.back && (goesOn(this.shown) || (state === "recorded" && plays));
    const words = `${this.chip.textContent}, step ${this.counts.step.value.textContent}.`;
    return this.notice.hidden ? `${words} ${isMoving ? "" : this.on.found()}` : `${this.message.textContent}`;
  }

  end() {
    this.aloud.end();
    this.shortcuts.end();
  }
}
