// Networks that are all there come into the picture one after another, as they did when they were trained.

/** @import { Network } from "./pixels.js" */

const LASTS = 4000;

/**
 * How many of so many networks are shown after a share of the time: few at first, since those are the large ones.
 * @param {number} share
 * @param {number} count
 */
export function comeBy(share, count) {
  return Math.ceil(Math.min(1, share) ** 2 * count);
}

/**
 * Gives `add` some more at every picture of the screen, until it wants no more; all at once to who wants no motion.
 * @param {Network[]} networks
 * @param {(some: Network[]) => boolean} add
 * @returns {Promise<void>}
 */
export function fill(networks, add) {
  const lasts = matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : LASTS, began = performance.now();
  let done = 0;
  return new Promise((resolve) => {
    const next = () => {
      const until = comeBy(lasts ? (performance.now() - began) / lasts : 1, networks.length);
      const goesOn = add(networks.slice(done, until)) && until < networks.length;
      done = until;
      if (goesOn) requestAnimationFrame(next);
      else resolve();
    };
    next();
  });
}
