// A binary message: the rows of a run, packed. Knows no socket.

/** @import { Column, Packed, Row } from "./types.js" */

const decoder = new TextDecoder();

/** What holds the numbers of a column. */
export const HOLDS = { f4: Float32Array, u1: Uint8Array };

/**
 * The rows that a frame brings a run; none where it is another run's. A frame is a header, then packed rows; every
 * column becomes a typed array over the row's bytes.
 * @param {ArrayBuffer} buffer
 * @param {number} run
 * @param {Column[]} columns
 * @returns {Row[]}
 */
export function readFrame(buffer, run, columns) {
  const headerLength = new DataView(buffer).getUint32(0, true);
  /** @type {{ run: number, steps: number[], epochs: number[], captions: string[] }} */
  const header = JSON.parse(decoder.decode(new Uint8Array(buffer, 4, headerLength)));
  if (header.run !== run) return [];
  const begin = 4 + headerLength;
  let at = begin;
  return header.steps.map((step, index) => {
    /** @type {Record<string, Packed>} */
    const values = {};
    for (const { name, dtype, length } of columns) {
      values[name] = new HOLDS[dtype](buffer, at, length);
      at += values[name].byteLength;
    }
    at += -(at - begin) & 3;
    return { step, epoch: header.epochs[index], caption: header.captions[index], values };
  });
}
