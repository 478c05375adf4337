// Numbers, plurals and runs as they are said.

/** @import { Setup } from "./types.js" */

/** The language of all words here; a script in another one is served with its name. */
export const LANGUAGE = "en";

const FORMS = new Intl.PluralRules(LANGUAGE);

export const number = new Intl.NumberFormat(LANGUAGE, { maximumFractionDigits: 0 });

const MARKS = Object.fromEntries(
  new Intl.NumberFormat(LANGUAGE).formatToParts(1234567.8).map(({ type, value }) => [type, value]),
);

/**
 * A number that English has written, in the way of the language.
 * @param {string} english
 */
export const written = (english) => english.replace(/[.,]/g, (mark) => (mark === "." ? MARKS.decimal : MARKS.group));

/**
 * Says of a word that stands by itself, in lower case, that a reader sees it: it could be a name in the code.
 * @param {string} one
 */
export const word = (one) => one;

/** What a reader picks, as it is called. @type {Record<string, string>} */
export const PICKED = { layer: word("layer"), unit: word("unit") };

/**
 * The form that the language has for a count, with the count and what else it has in braces.
 * @param {number} count
 * @param {Partial<Record<Intl.LDMLPluralRule, string>> & { other: string }} forms   English has two, served ones all
 * @param {Record<string, string>} values
 */
export function plural(count, forms, values = {}, rules = FORMS) {
  const all = Object.entries({ count: number.format(count), ...values });
  return all.reduce((said, [name, value]) => said.replace(`{${name}}`, value), forms[rules.select(count)] ?? forms.other);
}

/**
 * A share as it is said.
 * @param {number} share
 */
export const percent = (share, digits = 1) => written(`${(100 * share).toFixed(digits)}%`);

/**
 * A number as it is said: three digits, very small and very large ones with a power of ten.
 * @param {number} value
 */
export function say(value) {
  if (!Number.isFinite(value)) return "no finite value";
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.001 || size >= 1e5)) return written(value.toExponential(1));
  return written(String(Number(value.toPrecision(3))));
}

/**
 * Some numbers of things: three or more in a row by their ends.
 * @param {number[]} numbers
 */
function which(numbers) {
  const inARow = numbers.length > 2 && numbers.every((each, i) => i === 0 || each === numbers[i - 1] + 1);
  return inARow ? `${numbers[0]}–${numbers.at(-1)}` : numbers.join(", ");
}

/** @param {number[]} seeds */
export const saySeeds = (seeds) => plural(seeds.length, { one: "seed {which}", other: "seeds {which}" }, {
  which: which(seeds),
});

/** @param {number[]} layers */
export const sayLayers = (layers) => plural(layers.length, { one: "layer {which}", other: "layers {which}" }, {
  which: which(layers),
});

/**
 * The learning rates of a recorded run's step: a change is in force from its step on.
 * @param {Setup["experiment"]} experiment
 * @param {number} step
 */
export function ratesAt({ arms, changes = [] }, step) {
  const rates = Object.fromEntries(Object.entries(arms).map(([name, run]) => [name, run.learning_rate]));
  for (const [, rate, arm] of changes.filter(([from]) => from <= step)) {
    for (const name of arm ? [arm] : Object.keys(rates)) rates[name] = rate;
  }
  return rates;
}

/**
 * The learning rates of now: one where all arms have the same; nothing where none is known.
 * @param {Record<string, number>} rates
 * @param {{ name: string, label: string }[]} arms
 */
export function sayRates(rates, arms) {
  const all = Object.entries(rates);
  if (!all.length) return "";
  if (all.every(([, rate]) => rate === all[0][1])) return `rate ${say(all[0][1])}`;
  const label = (/** @type {string} */ arm) => arms.find(({ name }) => name === arm)?.label ?? arm;
  return `rates ${all.map(([arm, rate]) => `${label(arm)} ${say(rate)}`).join(", ")}`;
}

/**
 * What is on the board at this step: what is trained, its learning rates, its seeds.
 * @param {Setup} setup
 * @param {Record<string, number> | undefined} now   the rates of now; a recorded run knows those of every step
 * @param {number} step
 */
export function sayRun({ label, experiment, about, arms, seeds }, now, step) {
  const rates = sayRates((label === "recorded" ? ratesAt(experiment, step) : now) ?? {}, arms);
  return `${about}${rates && `, ${rates}`} · ${saySeeds(seeds)}`;
}

/**
 * Numbers in a sentence; one that is not finite is a dash among others.
 * @param {number[]} values
 */
export function sayAll(values) {
  if (!values.some(Number.isFinite)) return "no finite value";
  return values.map((value) => (Number.isFinite(value) ? say(value).replace("-", "−") : "–")).join(", ");
}

/**
 * A number in a table, with the ends of its band where these are known; what is not finite is a dash.
 * @param {number | undefined} value
 * @param {number} [low]
 * @param {number} [high]
 */
export function sayCell(value, low, high, isPercent = false) {
  const one = (/** @type {number | undefined} */ each) => {
    if (each === undefined || !Number.isFinite(each)) return "–";
    return isPercent ? percent(each) : say(each).replace("-", "−");
  };
  return Number.isFinite(value) && Number.isFinite(low) ? `${one(value)} (${one(low)} to ${one(high)})` : one(value);
}
