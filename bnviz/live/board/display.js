// A place on the page that shows a map, a sweep or a study: its socket, what it has drawn, and what it tells the page.

import { Connection } from "./connection.js";
import { make, write } from "./dom.js";
import { readHeader } from "./frame.js";
import { announce } from "./voice.js";
import { word } from "./words.js";

/** @import { Closed, Source, Told } from "./types.js" */
/** @typedef {import("./connection.js").ConnectionHandlers<any>} Hearing */
/**
 * The socket's path, and the stage that the page knows; without a server, what stands in for its socket.
 * @typedef {{ live: string, stage: string, source?: (hears: Hearing) => Source }} DisplayData
 */
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
    /** @type {import("./connection.js").ConnectionHandlers<(Setup & { kind: "setup", run: number }) | (Told & Words)>} */
    const hears = {
      query: () => ({ run: String(this.run), since: String(this.step) }),
      open: () => {},
      text: (message) => {
        if (message.kind === "setup") this.begin(/** @type {Setup & { run: number }} */ (message));
        else this.stand(/** @type {Told & Words} */ (message));
      },
      frame: (buffer) => this.take(buffer),
      closed: (why) => this.dropped(why),
    };
    this.connection = data.source?.(hears) ?? new Connection(data.live, hears);
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
   * The page is told once when another stage begins, and never what it knows. It is said aloud, too, with what was found.
   * @param {Told & Words & { comparison?: string }} told
   */
  stand(told) {
    const isNew = told.stage !== this.stage;
    if (isNew && this.stage !== null) for (const words of [told.sentence, told.comparison]) announce(words ?? "");
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

const PATIENCE = 5000; // so long what was asked for stands there without an answer

/** One line on how far it is: a bar where a share is known, and a sentence. */
export class Progress {
  /** @type {Told | null} */
  told = null;

  constructor() {
    this.bar = make("div", { className: "bnviz-done" });
    this.track = make("div", { "className": "bnviz-track", "role": "progressbar", "hidden": true, "aria-label": "Done" }, this.bar);
    this.words = make("span", {});
    const said = make("p", { className: "bnviz-said" }, make("span", { className: "bnviz-tag" }, word("recorded")), this.words);
    this.element = make("div", { className: "bnviz-progress", hidden: true }, this.track, said);
  }

  /**
   * Says at once what was asked for, until there is an answer.
   * @param {string} words
   */
  ask(words) {
    this.element.hidden = false;
    this.element.dataset.state = "asked";
    write(this.words, words);
    announce(words);
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.told && this.show(this.told), PATIENCE);
  }

  /** @param {Told} told */
  show(told) {
    const { state, share, sentence } = this.told = told;
    clearTimeout(this.waiting);
    this.element.hidden = !sentence;
    this.element.dataset.state = state;
    this.track.hidden = share === null;
    this.bar.style.width = `${100 * (share ?? 0)}%`;
    this.track.setAttribute("aria-valuenow", String(Math.round(100 * (share ?? 0))));
    write(this.words, sentence);
  }
}
