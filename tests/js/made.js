// Rows and frames made by hand, for the tests beside this file.

import { Rows } from "../../bnviz/live/board/rows.js";

/** @import { Column } from "../../bnviz/live/board/types.js" */

/**
 * Rows of one run: the steps 0, 10, 20, ... with these vectors of 4-byte numbers.
 * @param {Record<string, number[][]>} columns
 */
export function rowsOf(columns) {
  const specs = Object.entries(columns).map(([name, [first]]) => float(name, first.length));
  const rows = new Rows(specs);
  Object.values(columns)[0].forEach((_, index) => {
    const values = Object.fromEntries(Object.entries(columns).map(([name, all]) => [name, Float32Array.from(all[index])]));
    rows.add({ step: 10 * index, epoch: index, caption: "", values });
  });
  return rows;
}

/**
 * A column of 4-byte numbers.
 * @param {string} name
 * @param {number} length
 * @returns {Column}
 */
export function float(name, length) {
  return { name, dtype: "f4", length };
}

/**
 * A frame: header length, header filled up to a multiple of 8, then the bytes of each row filled up to one of 4.
 * @param {number} run
 * @param {number[]} steps
 * @param {number[][]} rows   the bytes of each row
 * @param {object} more   for the header
 */
export function frameOf(run, steps, rows, more = {}) {
  const watched = steps.map(() => []), captions = steps.map((step) => `After ${step} steps.`);
  const header = { watched, ...more, run, steps, epochs: steps.map((step) => step / 10), captions };
  let text = JSON.stringify(header);
  while ((4 + text.length) % 8) text += " ";
  const filled = rows.map((bytes) => [...bytes, ...new Array(-bytes.length & 3).fill(0)]);
  const bytes = Uint8Array.from([0, 0, 0, 0, ...new TextEncoder().encode(text), ...filled.flat()]);
  new DataView(bytes.buffer).setUint32(0, text.length, true);
  return bytes.buffer;
}

/**
 * The bytes of 4-byte numbers.
 * @param {number[]} values
 */
export function bytesOf(...values) {
  return [...new Uint8Array(Float32Array.from(values).buffer)];
}
