// Pictures that follow each other by themselves: a button, a track, and a clock that rests where nobody looks.

import { make, write } from "./dom.js";

/**
 * What follows what: so many frames, `every` so many milliseconds; `show` draws one, `say` names it.
 * @typedef {{ frames: number, every: number, label: string, show: (frame: number) => void, say: (frame: number) => string }} Film
 */

/**
 * The frame to show after `passed` milliseconds with this one, and what of them is left for the next; the last frame is
 * followed by the first.
 * @param {number} frame
 * @param {number} passed
 * @param {{ frames: number, every: number }} film
 * @returns {[number, number]}
 */
export function following(frame, passed, { frames, every }) {
  return passed < every ? [frame, passed] : [(frame + 1) % frames, Math.min(passed - every, every)];
}

export class Player {
  frame = 0;
  passed = 0;
  playing = false;
  seen = false;
  /** When the clock struck last; null while it rests. @type {number | null} */
  struck = null;

  /**
   * @param {Film} film
   * @param {HTMLElement[]} above   what stands over the track, frame over frame
   */
  constructor(film, ...above) {
    this.film = film;
    this.button = make("button", {
      type: "button", className: "bnviz-button bnviz-player-button", on: { click: () => this.play(!this.playing) },
    });
    this.track = make("input", {
      "type": "range", "min": "0", "max": String(film.frames - 1), "value": "0", "className": "bnviz-range",
      "aria-label": film.label, "on": { input: () => this.hold(Number(this.track.value)) },
    });
    this.said = make("span", { className: "bnviz-player-said" });
    const along = make("div", { className: "bnviz-along" }, ...above, this.track);
    this.element = make("div", { className: "bnviz-player bnviz-scrub" }, this.button, along, this.said);
    this.watch = new IntersectionObserver(([{ isIntersecting }]) => {
      this.seen = isIntersecting;
      this.wind();
    });
    this.watch.observe(this.element);
    this.play(!matchMedia("(prefers-reduced-motion: reduce)").matches);
  }

  /** @param {number} frame */
  at(frame) {
    this.frame = frame;
    this.track.value = String(frame);
    this.track.style.setProperty("--bnviz-filled", `${(100 * frame) / (this.film.frames - 1)}%`);
    write(this.said, this.film.say(frame));
    this.track.setAttribute("aria-valuetext", this.film.say(frame));
    this.film.show(frame);
  }

  /**
   * A reader wants to see this one: it stays.
   * @param {number} frame
   */
  hold(frame) {
    this.play(false);
    this.at(frame);
  }

  /** @param {boolean} playing */
  play(playing) {
    this.playing = playing;
    write(this.button, playing ? "Pause" : "Play");
    this.wind();
  }

  /** The clock goes while it plays in sight. */
  wind() {
    if (!this.playing || !this.seen) this.struck = null;
    else if (this.struck === null) {
      this.struck = performance.now();
      requestAnimationFrame(this.tick);
    }
  }

  tick = (/** @type {number} */ now) => {
    if (this.struck === null) return;
    const [frame, passed] = following(this.frame, this.passed + Math.max(0, now - this.struck), this.film);
    [this.passed, this.struck] = [passed, now];
    if (frame !== this.frame) this.at(frame);
    requestAnimationFrame(this.tick);
  };

  end() {
    this.play(false);
    this.watch.disconnect();
  }
}
