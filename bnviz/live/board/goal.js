// How far a run is that trains to a goal, and the word to the page when it arrives there. Knows no socket.

import { make } from "./dom.js";

/** @import { State } from "./types.js" */
/** @typedef {(told: { run: number, arrived: boolean }) => void} TellGoal */

export class Goal {
  /** The run whose arrival was told. */
  arrived = -1;

  /** @param {TellGoal} tell */
  constructor(tell) {
    this.tell = tell;
    this.element = make("div", { "className": "bnviz-goal", "hidden": true, "role": "progressbar", "aria-label": "Steps to the goal" });
  }

  /**
   * Another run is on the board: whoever was told of an arrival is told that it is over.
   * @param {number} run
   */
  begin(run) {
    if (this.arrived >= 0) this.tell({ run, arrived: false });
    this.arrived = -1;
  }

  /**
   * The run on the board has come to a step. Its arrival is told once.
   * @param {number} run
   * @param {number} step
   * @param {State | null} state
   */
  measure(run, step, state) {
    const goal = state?.run === run ? state.goal : null;
    const share = goal ? Math.min(1, step / goal) : 0;
    this.element.hidden = goal === null;
    this.element.style.setProperty("--bnviz-filled", `${100 * share}%`);
    this.element.setAttribute("aria-valuenow", String(Math.round(100 * share)));
    if (share < 1 || this.arrived === run) return;
    this.arrived = run;
    this.tell({ run, arrived: true });
  }
}
