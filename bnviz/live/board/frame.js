// Binary messages: a header and packed numbers, such as the rows of a run. Knows no socket.

/** @import { Column, Looked, Packed, Row, Setup, Unit } from "./types.js" */
/** @typedef {{ run: number, steps: number[], epochs: number[], captions: string[], watched: string[][] }} Header */

const decoder = new TextDecoder();

/** What holds the numbers of a column. */
export const HOLDS = { f4: Float32Array, u1: Uint8Array };

/**
 * A binary message is the length of its header, the header, then packed numbers from `begin` on.
 * @param {ArrayBuffer} buffer
 * @returns {{ header: any, begin: number }}
 */
export function readHeader(buffer) {
  const length = new DataView(buffer).getUint32(0, true);
  return { header: JSON.parse(decoder.decode(new Uint8Array(buffer, 4, length))), begin: 4 + length };
}

/**
 * The rows that a frame brings a run; none where it is another run's. A frame is a header, then packed rows; every
 * column becomes a typed array over the row's bytes; what is watched has none in a row in which it was not.
 * @param {ArrayBuffer} buffer
 * @param {number} run
 * @param {Column[]} columns
 * @returns {Row[]}
 */
export function readFrame(buffer, run, columns) {
  /** @type {{ header: Header, begin: number }} */
  const { header, begin } = readHeader(buffer);
  if (header.run !== run) return [];
  let at = begin;
  return header.steps.map((step, index) => {
    /** @type {Record<string, Packed>} */
    const values = {};
    for (const { name, dtype, length, watch } of columns) {
      if (watch && !header.watched[index].includes(watch)) continue;
      values[name] = new HOLDS[dtype](buffer, at, length);
      at += values[name].byteLength;
    }
    at += -(at - begin) & 3;
    return { step, epoch: header.epochs[index], caption: header.captions[index], values };
  });
}

/**
 * What a message brings of the unit that is open, and a sentence where nothing comes; null where it brings rows, or is
 * another run's.
 * @param {ArrayBuffer} buffer
 * @param {Setup} setup
 * @returns {{ unit: Unit, message: string, looks: Looked[] } | null}
 */
export function readLooks(buffer, { run, apart }) {
  /** @type {{ header: { run: number, inside?: Unit, steps: number[], message: string }, begin: number }} */
  const { header, begin } = readHeader(buffer);
  if (header.run !== run || !header.inside) return null;
  let at = begin;
  const looks = header.steps.map((step) => {
    /** @type {Record<string, Float32Array>} */
    const values = {};
    for (const { name, length } of apart) {
      values[name] = new Float32Array(buffer, at, length);
      at += values[name].byteLength;
    }
    return { step, values };
  });
  return { unit: header.inside, message: header.message, looks };
}
