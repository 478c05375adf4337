// Where the arrow keys lead.

/** @type {Record<string, [number, number]>} */
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/**
 * Across and down; nowhere by any other key.
 * @param {string} key
 * @returns {[number, number]}
 */
export function wayOf(key) {
  return WAYS[key] ?? [0, 0];
}
