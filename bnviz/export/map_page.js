// A map's page: its canvas with all networks, in the colours of whatever was read of them, and the way into the Lab.

import mount from "../live/board/map.js";
import { make } from "../live/board/dom.js";
import { readHeader } from "../live/board/frame.js";
import { opened } from "./opening.js";

/** @import { Hearing } from "../live/board/display.js" */
/** @import { Command, MapSetup } from "../live/board/types.js" */

/**
 * What a page carries of a map: its messages, the links to the Lab and to the map with all that stays the same, the fields
 * across and up with what is said of them behind their ends, and the quantity that is shown.
 * @typedef {{ setup: MapSetup, state: object, sizes: number[], lab: string, map: string, axes: [string, string][],
 *   shown: string }} CarriedMap
 */

/** Gives one frame after the other, as a server does. */
class Frames {
  ready = true;

  /**
   * @param {{ setup: object, state: object }} messages
   * @param {ArrayBuffer[]} frames
   * @param {Hearing} hears
   */
  constructor({ setup, state }, frames, hears) {
    this.hears = hears;
    this.frames = frames.values();
    Promise.resolve().then(() => {
      hears.text(setup);
      hears.text(state);
      this.next();
    });
  }

  next() {
    const { value } = this.frames.next();
    if (value) this.hears.frame(value);
  }

  open() {}

  /** @param {Command} command */
  send(command) {
    if (command.do === "ack") this.next();
  }

  end() {}
}

opened((run, place) => {
  /** @type {{ header: CarriedMap, begin: number }} */
  const { header, begin } = readHeader(run);
  let at = begin;
  const frames = header.sizes.map((size) => run.slice(at, (at += size)));
  const { scales, x, y } = header.setup;
  const choice = make("select", { "aria-label": "Colour", "on": { change: () => draw() } },
    ...Object.entries(scales).map(([name, { title }]) => make("option", { value: name }, title)));
  choice.value = header.shown;
  const parent = make("div", {});
  place.append(make("label", { className: "bnviz-choice" }, "Colour", " ", choice), parent);
  const source = (/** @type {Hearing} */ hears) => new Frames(header, frames, hears);

  /**
   * A network is opened, and a part looked at more closely, where there is a server for it.
   * @param {string} name
   * @param {any} value
   */
  function trigger(name, value) {
    if (name !== "open" && name !== "zoom") return;
    const link = new URL(name === "open" ? header.lab : header.map);
    const near = (/** @type {number[]} */ values, /** @type {number} */ share) =>
      values[Math.min(values.length - 1, Math.floor(share * values.length))];
    header.axes.forEach(([field, kind], up) => {
      const { values } = up ? y : x, ends = up ? [value.bottom, value.top] : [value.left, value.right];
      if (name === "open") link.searchParams.set(field, String(values[up ? value.row : value.column]));
      else link.searchParams.set(up ? "y" : "x", `${field}:${ends.map((end) => near(values, end)).join(":")}${kind}`);
    });
    window.open(link, "_blank", "noopener");
  }

  function draw() {
    const data = { live: "", stage: "recorded", quantity: choice.value, buttons: "", fills: false, source };
    mount({ parentElement: parent, data, setTriggerValue: trigger });
  }
  draw();
  return draw;
});
