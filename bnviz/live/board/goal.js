// How far a run is that trains to a goal, and the word to the page when it arrives there. Knows no socket.

import { make } from "./dom.js";

/** @import { State } from "./types.js" */
/** @typedef {{ run: number, arrived: boolean }} ToldGoal */

export class Goal {
  /** @param {(told: ToldGoal) => void} tell */
  constructor(tell) {
    this.tell = tell;
    this.news = arrivals();
    this.element = make("div", { "className": "bnviz-goal", "hidden": true, "role": "progressbar", "aria-label": "Steps to the goal" });
  }

  /**
   * The run on the board has come to a step.
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
    const news = this.news(run, step, goal, state?.run === run && state.state === "recorded");
    if (news) this.tell(news);
  }
}

/**
 * What there is to tell of a run at a step: that it arrived, once; or that it replaces one that had arrived, or a
 * recording, which is at its end from the beginning.
 * @returns {(run: number, step: number, goal: number | null, isRecording?: boolean) => ToldGoal | null}
 */
export function arrivals() {
  /** @type {number | null} */
  let arrived = null;
  return (run, step, goal, isRecording = false) => {
    const isThere = isRecording || (goal !== null && step >= goal);
    if (arrived === run || (arrived === null && !isThere)) return null;
    arrived = isThere ? run : null;
    if (isRecording) return null;
    return { run, arrived: isThere };
  };
}
