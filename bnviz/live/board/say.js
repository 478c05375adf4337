// Words of the page that came of what a reader did: said aloud, once. What a page opens with is read with the page.

import { announce } from "./voice.js";

/** @typedef {{ words: string[] }} SayData */

/** @type {{ page: string, words: string[] }} */
let known = { page: "", words: [] };

/**
 * Components v2 calls this at the mount, and whenever the page ran again with other data.
 * @param {{ data: SayData }} component
 */
export default function mount({ data: { words } }) {
  const page = window.location.pathname;
  if (page === known.page) for (const each of words) if (!known.words.includes(each)) announce(each);
  known = { page, words };
  return () => {};
}
