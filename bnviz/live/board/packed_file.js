// A file that a reader brings, made small enough for one message: longer numbers than a network knows are cut, the rest
// is compressed. What is no text, or too large, is told by its beginning alone.

import { letters, MOST_SENT, squeezed } from "./sending.js";

/**
 * `data` is compressed and in letters; of a file that is not `whole` it is the beginning.
 * @typedef {{ name: string, size: number, whole: boolean, data: string }} PackedFile
 */

const DIGITS = 9; // a 32-bit number has no more
const LONG = /\d*\.\d{9,}/g;
const BEGINNING = 65_536; // bytes

/**
 * @param {File} file
 * @param {number} most   bytes
 * @returns {Promise<PackedFile>}
 */
export async function packedFile(file, most) {
  const { name, size } = file;
  if (size <= most) {
    const bytes = new Uint8Array(await file.arrayBuffer());
    const data = await squeezed(shortened(bytes));
    if (data.size <= MOST_SENT) return { name, size, whole: true, data: await letters(data) };
  }
  return { name, size, whole: false, data: await letters(await squeezed(await file.slice(0, BEGINNING).arrayBuffer())) };
}

/**
 * Text with its long numbers cut to nine digits; other bytes as they are.
 * @param {Uint8Array<ArrayBuffer>} bytes
 * @returns {BlobPart}
 */
export function shortened(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes).replace(LONG, cut);
  } catch {
    return bytes;
  }
}

/** @param {string} number   digits, a point, digits */
function cut(number) {
  const first = number.search(/[1-9]/), point = number.indexOf(".");
  if (first < 0) return number.slice(0, point + 2);
  return number.slice(0, Math.max(point + 2, first + DIGITS + (first < point ? 1 : 0)));
}
