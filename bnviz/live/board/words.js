// Numbers and runs as they are said.

export const number = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/**
 * A number as it is said: three digits, very small and very large ones with a power of ten.
 * @param {number} value
 */
export function say(value) {
  if (!Number.isFinite(value)) return "no finite value";
  const size = Math.abs(value);
  if (size !== 0 && (size < 0.001 || size >= 1e5)) return value.toExponential(1);
  return String(Number(value.toPrecision(3)));
}

/**
 * Numbered things: `seed 0`, `seeds 0, 4`, and three or more in a row `seeds 0–4`.
 * @param {string} word
 * @param {number[]} numbers
 */
export function sayNumbers(word, numbers) {
  const inARow = numbers.length > 2 && numbers.every((each, i) => i === 0 || each === numbers[i - 1] + 1);
  return `${word}${numbers.length > 1 ? "s" : ""} ${inARow ? `${numbers[0]}–${numbers.at(-1)}` : numbers.join(", ")}`;
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
 * Numbers in a sentence; one that is not finite is a dash among others.
 * @param {number[]} values
 */
export function sayAll(values) {
  if (!values.some(Number.isFinite)) return "no finite value";
  return values.map((value) => (Number.isFinite(value) ? say(value).replace("-", "−") : "–")).join(", ");
}
