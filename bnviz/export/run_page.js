// A run's page: its board, which plays what the page carries.

import { RunBoard } from "../live/board/run_board.js";
import { carried, opened } from "./opening.js";
import { Playback, unpacked } from "./playback.js";

/** The address of plotly.js, as a script of the page can have it. */
async function plotly() {
  return URL.createObjectURL(new Blob([await carried("bnviz-plotly")], { type: "text/javascript" }));
}

opened((run, place) => {
  const what = unpacked(run);
  const board = new RunBoard(place, {
    live: "", plotly: plotly(), mode: "", arrivals: 0, source: (hears) => new Playback(what, hears),
  }, () => {});
  return () => board.restyle();
});
