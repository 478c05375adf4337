// What has to wait: for a script, for the page to answer.

import { make } from "./dom.js";

let plotly;

/**
 * plotly.js, once a page. It is fetched and compiled at once; running it holds the page up for half a second, so
 * that waits until `free`.
 */
export function loadPlotly(path, free) {
  plotly ??= window.Plotly ? Promise.resolve() : fetched(path).then(() => free).then(() => window.bnvizPlotly());
  return plotly;
}

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

/** Waits until what was drawn is on the screen; a page that nobody sees paints nothing. */
export const painted = () =>
  Promise.race([pause(250), new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))]);

export const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Lets the page answer before going on. */
export const nextTask = () =>
  globalThis.scheduler?.postTask
    ? scheduler.postTask(() => {}, { priority: "user-visible" })
    : new Promise((resolve) => {
        const channel = new MessageChannel();
        channel.port1.onmessage = resolve;
        channel.port2.postMessage(null);
      });
