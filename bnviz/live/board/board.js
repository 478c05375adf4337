// Where the board is mounted: once; everything that moves afterwards moves in there.

import { Places } from "./places.js";
import { RunBoard } from "./run_board.js";

/** @import { Mounted } from "./types.js" */

/** @type {Places<RunBoard>} */
const boards = new Places();

/**
 * Components v2 calls this at the mount and again when the theme changes.
 * @param {Mounted} component
 */
export default function mount({ parentElement, data, setTriggerValue }) {
  const board = boards.get(parentElement);
  if (board && board.token === data.live) {
    board.trigger = setTriggerValue;
    board.use(data);
    board.restyle();
    board.arrive(data.arrivals);
  } else {
    board?.leave();
    boards.set(parentElement, new RunBoard(parentElement, data, setTriggerValue));
  }
  return boards.departure(parentElement);
}
