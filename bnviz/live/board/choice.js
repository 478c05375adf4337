// A few words of which one is chosen: a group of radio buttons that looks like the page's own.

import { make } from "./dom.js";

let count = 0;

/**
 * @param {string} legend
 * @param {string[]} words
 * @param {number} chosen
 * @param {(index: number) => void} change
 */
export function choice(legend, words, chosen, change) {
  const name = `bnviz-choice-${(count += 1)}`;
  const options = words.map((word, index) => {
    const input = make("input", { type: "radio", name, checked: index === chosen, on: { change: () => change(index) } });
    return make("label", {}, input, make("span", {}, word));
  });
  return make("fieldset", { className: "bnviz-choice" }, make("legend", {}, legend), make("div", {}, ...options));
}
