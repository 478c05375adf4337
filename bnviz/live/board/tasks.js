// What has to wait: for a script, for the page to answer.

import { make } from "./dom.js";

let plotly;

/** plotly.js, once a page. */
export function loadPlotly(path) {
  plotly ??= new Promise((resolve, reject) => {
    if (window.Plotly) return resolve();
    const { href } = new URL(path, document.baseURI);
    const known = [...document.scripts].find(({ src }) => src === href);
    const script = known ?? document.head.appendChild(make("script", { src: href }));
    script.addEventListener("load", resolve);
    script.addEventListener("error", reject);
  });
  return plotly;
}

/** Lets the page answer before going on. */
export const nextTask = () =>
  globalThis.scheduler?.postTask
    ? scheduler.postTask(() => {}, { priority: "user-visible" })
    : new Promise((resolve) => {
        const channel = new MessageChannel();
        channel.port1.onmessage = resolve;
        channel.port2.postMessage(null);
      });
