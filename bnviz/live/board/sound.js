// Lines as tones, one line after the other, from left to right: nothing sounds before a reader asks for it.

import { pitches } from "./heard.js";
import { announce } from "./voice.js";

/** @import { Heard } from "./heard.js" */

const LINE = 2.6, PAUSE = 1.2, FADE = 0.02; // seconds: a line, the time in which its name is said before, an edge
const QUIET = 0.12; // of full volume
/** @type {OscillatorType[]} */
const TIMBRES = ["triangle", "sine", "square", "sawtooth"];

export class Sound {
  /** @type {AudioContext | null} */
  context = null;
  /** @type {ReturnType<typeof setTimeout>[]} */
  names = [];

  get isPlaying() {
    return this.context !== null;
  }

  /**
   * Plays lines; while it does, stops.
   * @param {Heard[]} lines
   */
  toggle(lines) {
    if (this.isPlaying) this.stop();
    else if (lines.length) this.play(lines);
  }

  /** @param {Heard[]} lines */
  play(lines) {
    const context = new AudioContext();
    this.context = context;
    pitches(lines).forEach((tones, index) => {
      const start = index * (PAUSE + LINE);
      this.names.push(setTimeout(() => announce(lines[index].label), 1000 * start));
      this.line(context, tones, start + PAUSE, TIMBRES[index % TIMBRES.length]);
    });
    this.names.push(setTimeout(() => this.stop(), 1000 * lines.length * (PAUSE + LINE)));
  }

  /**
   * @param {AudioContext} context
   * @param {(number | null)[]} tones
   * @param {number} start
   * @param {OscillatorType} type
   */
  line(context, tones, start, type) {
    const voice = new OscillatorNode(context, { type }), volume = new GainNode(context, { gain: 0 });
    const side = new StereoPannerNode(context, { pan: -1 });
    voice.connect(volume).connect(side).connect(context.destination);
    const each = LINE / tones.length;
    tones.forEach((pitch, index) => {
      const at = start + index * each;
      if (pitch !== null) voice.frequency.setValueAtTime(pitch, at);
      volume.gain.setTargetAtTime(pitch === null ? 0 : QUIET, at, FADE);
    });
    side.pan.setValueAtTime(-1, start);
    side.pan.linearRampToValueAtTime(1, start + LINE);
    volume.gain.setTargetAtTime(0, start + LINE - 3 * FADE, FADE);
    voice.start(start);
    voice.stop(start + LINE + FADE);
  }

  stop() {
    for (const name of this.names) clearTimeout(name);
    this.names = [];
    this.context?.close();
    this.context = null;
  }
}
