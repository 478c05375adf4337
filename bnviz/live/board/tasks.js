// What has to wait: for a script, for the page to answer, for a while.

import { make } from "./dom.js";

/** @type {Promise<unknown> | undefined} */
let fetching;

/**
 * plotly.js, once a page. It is fetched and compiled at once; running it holds the page up for half a second, so
 * that waits until one of those who need it is `free`: another may have left the page before it was.
 * @param {string | Promise<string>} path   a page that carries it with itself has to unpack it first
 * @param {Promise<unknown>} free
 */
export async function loadPlotly(path, free) {
  fetching ??= window.Plotly ? Promise.resolve() : Promise.resolve(path).then(fetched);
  await fetching;
  await free;
  if (!window.Plotly) window.bnvizPlotly?.();
}

/**
 * @param {string} path
 * @returns {Promise<unknown>}
 */
function fetched(path) {
  if (window.bnvizPlotly) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const { href } = new URL(path, document.baseURI);
    const known = [...document.scripts].find(({ src }) => src === href);
    const script = known ?? document.head.appendChild(make("script", { src: href }));
    script.addEventListener("load", resolve);
    script.addEventListener("error", reject);
  });
}

/** @param {number} milliseconds */
export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Waits until what was drawn is on the screen; a page that nobody sees paints nothing. */
export const painted = () =>
  Promise.race([pause(250), new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))]);

const LONGEST_SKETCHING = 1000;

/**
 * Waits until the charts are `sketched` and on the screen, or for a while where there is nothing to sketch by then.
 * @param {Promise<unknown>} sketched
 * @param {() => boolean} underWay
 */
export function sketchedOrLate(sketched, underWay) {
  const late = pause(LONGEST_SKETCHING).then(() => (underWay() ? sketched : undefined));
  return Promise.race([sketched, late]).then(painted);
}

/** Something that will be given once, and can be waited for. */
export function signal() {
  let give = () => {};
  /** @type {Promise<void>} */
  const given = new Promise((resolve) => { give = resolve; });
  return { give, given };
}

/** Lets the page answer before going on. */
export const nextTask = () =>
  "scheduler" in globalThis
    ? scheduler.postTask(() => {}, { priority: "user-visible" })
    : new Promise((resolve) => {
        const channel = new MessageChannel();
        channel.port1.onmessage = resolve;
        channel.port2.postMessage(null);
      });

/**
 * Lets the page answer between things done one after the other, but only when they took so many milliseconds: each time
 * it is styled, laid out and painted anew.
 * @param {number} milliseconds
 */
export function breather(milliseconds) {
  let begun = performance.now();
  return async () => {
    if (performance.now() - begun < milliseconds) return;
    await nextTask();
    begun = performance.now();
  };
}

/**
 * Makes an act seldom: called, it is done now if it was not done for `milliseconds`, else once when they are over.
 * @param {number} milliseconds
 * @param {() => void} act
 */
export function atMostEvery(milliseconds, act) {
  let last = -Infinity;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  const now = () => {
    last = performance.now();
    act();
  };
  return () => {
    clearTimeout(timer);
    const wait = last + milliseconds - performance.now();
    if (wait <= 0) now();
    else timer = setTimeout(now, wait);
  };
}
