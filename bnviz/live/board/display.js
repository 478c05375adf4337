// A place on the page that shows a map, a sweep or a study: its socket, what it has drawn, and what it tells the page.

import { Connection } from "./connection.js";
import { make, write } from "./dom.js";
import { readHeader } from "./frame.js";

/** @import { Closed, Told } from "./types.js" */
/** @typedef {{ live: string, stage: string }} DisplayData   the socket's path, and the stage that the page knows */
/** @typedef {(name: "lost" | "stage", value: unknown) => void} DisplayTrigger */

/**
 * What is made of the messages. `frame` draws, and returns when everything it was given is on the page.
 * @template Setup, Words
 * @typedef {object} DisplayHandlers
 * @property {(setup: Setup) => void} setup
 * @property {(told: Told & Words) => void} state
 * @property {(header: any, buffer: ArrayBuffer, begin: number) => Promise<void> | void} frame
 */

/**
 * @template Setup, Words
 */
export class Display {
  run = -1;
  step = -1;
  /** The stage that the server told last; null before it told any. @type {string | null} */
  stage = null;

  /**
   * @param {DisplayData} data
   * @param {DisplayTrigger} trigger
   * @param {DisplayHandlers<Setup, Words>} on
   */
  constructor(data, trigger, on) {
    this.live = data.live;
    this.known = data.stage;
    this.trigger = trigger;
    this.on = on;
    /** @type {Connection<(Setup & { kind: "setup", run: number }) | (Told & Words)>} */
    this.connection = new Connection(data.live, {
      query: () => ({ run: String(this.run), since: String(this.step) }),
      open: () => {},
      text: (message) => {
        if (message.kind === "setup") this.begin(/** @type {Setup & { run: number }} */ (message));
        else this.stand(/** @type {Told & Words} */ (message));
      },
      frame: (buffer) => this.take(buffer),
      closed: (why) => this.dropped(why),
    });
  }

  /**
   * The page ran again.
   * @param {DisplayData} data
   * @param {DisplayTrigger} trigger
   */
  use(data, trigger) {
    this.known = data.stage;
    this.trigger = trigger;
  }

  /** @param {Setup & { run: number }} setup */
  begin(setup) {
    this.run = setup.run;
    this.step = -1;
    this.on.setup(setup);
  }

  /**
   * The page is told once when another stage begins, and never what it knows.
   * @param {Told & Words} told
   */
  stand(told) {
    const isNew = told.stage !== this.stage;
    this.stage = told.stage;
    this.on.state(told);
    if (isNew && told.stage !== this.known) this.trigger("stage", { run: told.run, stage: told.stage });
  }

  /** @param {ArrayBuffer} buffer */
  async take(buffer) {
    const { header, begin } = readHeader(buffer);
    if (header.run !== this.run) return;
    await this.on.frame(header, buffer, begin);
    if (header.run !== this.run) return;
    this.step = header.step;
    this.connection.send({ do: "ack", run: header.run, step: header.step });
  }

  /** @param {Closed} why */
  dropped(why) {
    if (why === "lost") this.trigger("lost", true);
  }

  end() {
    this.connection.end();
  }
}

/** One line on how far it is: a bar where a share is known, and a sentence. */
export class Progress {
  constructor() {
    this.bar = make("div", { className: "bnviz-done" });
    this.track = make("div", { "className": "bnviz-track", "role": "progressbar", "hidden": true, "aria-label": "Done" }, this.bar);
    this.words = make("p", { className: "bnviz-said", role: "status" });
    this.element = make("div", { className: "bnviz-progress", hidden: true }, this.track, this.words);
  }

  /** @param {Told} told */
  show({ state, share, sentence }) {
    this.element.hidden = !sentence;
    this.element.dataset.state = state;
    this.track.hidden = share === null;
    this.bar.style.width = `${100 * (share ?? 0)}%`;
    this.track.setAttribute("aria-valuenow", String(Math.round(100 * (share ?? 0))));
    write(this.words, sentence);
  }
}
