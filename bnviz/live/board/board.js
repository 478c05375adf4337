// Where the board is mounted: once; everything that moves afterwards moves in there.

import { RunBoard } from "./run_board.js";

/** @import { Mounted } from "./types.js" */

/** @type {WeakMap<Element, RunBoard>} */
const boards = new WeakMap();

/**
 * Components v2 calls this at the mount and again when the theme changes.
 * @param {Mounted} component
 */
export default function mount({ parentElement, data, setTriggerValue }) {
  const board = boards.get(parentElement);
  if (board && board.token === data.live) {
    board.trigger = setTriggerValue;
    board.modes.set(data.mode);
    board.restyle();
    board.arrive(data.arrivals);
  } else {
    board?.leave();
    boards.set(parentElement, new RunBoard(parentElement, data, setTriggerValue));
  }
  return () => setTimeout(() => parentElement.isConnected || leave(parentElement), 0);
}

/** @param {Element} parentElement */
function leave(parentElement) {
  boards.get(parentElement)?.leave();
  boards.delete(parentElement);
}
