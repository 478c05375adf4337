import assert from "node:assert/strict";
import { test } from "node:test";

import { percent, plural, ratesAt, say, sayAll, sayRates, saySeeds, written } from "../../bnviz/live/board/words.js";

const ARMS = [{ name: "plain", label: "plain" }, { name: "bn", label: "BN" }];

test("a number is said with three digits", () => {
  assert.deepEqual([0, 1, 2.3456, 0.012345, -12.345, 99999].map(say), ["0", "1", "2.35", "0.0123", "-12.3", "100000"]);
});

test("very small and very large numbers are said with a power of ten", () => {
  assert.deepEqual([0.000999, -0.0001, 1e5, 2e8].map(say), ["1.0e-3", "-1.0e-4", "1.0e+5", "2.0e+8"]);
});

test("a number stays as English writes it, where English is spoken", () => {
  assert.deepEqual([percent(0.12345), percent(0.5, 0), written("1,234.5")], ["12.3%", "50%", "1,234.5"]);
});

test("what is not finite is said to be none", () => {
  assert.deepEqual([NaN, Infinity, -Infinity].map(say), Array(3).fill("no finite value"));
});

test("the numbers of a sentence have a dash where one is not finite", () => {
  assert.deepEqual([[1, -0.25, NaN], [NaN, Infinity]].map(sayAll), ["1, −0.25, –", "no finite value"]);
});

test("three or more seeds in a row are said by their ends", () => {
  assert.deepEqual([[4], [0, 1], [0, 1, 2], [0, 2, 3]].map(saySeeds), ["seed 4", "seeds 0, 1", "seeds 0–2", "seeds 0, 2, 3"]);
});

test("a count takes one form or the other, with all that stands in braces", () => {
  const forms = { one: "{count} step of {all}", other: "{count} steps of {all}" };
  const said = [0, 1, 2000].map((count) => plural(count, forms, { all: "9" }));
  assert.deepEqual(said, ["0 steps of 9", "1 step of 9", "2,000 steps of 9"]);
});

test("a language with more forms has them all; one that is missing is that of other counts", () => {
  const rules = new Intl.PluralRules("pl");
  const forms = { one: "{count} krok", few: "{count} kroki", many: "{count} kroków", other: "{count} kroku" };
  assert.deepEqual([0, 1, 2, 5, 22].map((count) => plural(count, forms, {}, rules)), ["0 kroków", "1 krok", "2 kroki", "5 kroków", "22 kroki"]);
  assert.equal(plural(2, { one: "one step", other: "{count} steps" }, {}, rules), "2 steps");
});

test("one rate is said for all arms, different ones by the arms' labels", () => {
  assert.equal(sayRates({ plain: 0.5, bn: 0.5 }, ARMS), "rate 0.5");
  assert.equal(sayRates({ plain: 0.5, bn: 3 }, ARMS), "rates plain 0.5, BN 3");
  assert.equal(sayRates({}, ARMS), "");
});

test("a changed rate is in force from its step on, for one arm or for all", () => {
  const arms = { plain: { learning_rate: 0.1 }, bn: { learning_rate: 0.5 } };
  /** @type {[number, number, string | null][]} */
  const changes = [[150, 1, null], [200, 3, "bn"]];
  const at = (/** @type {number} */ step) => ratesAt({ arms, changes }, step);
  assert.deepEqual(at(149), { plain: 0.1, bn: 0.5 });
  assert.deepEqual(at(150), { plain: 1, bn: 1 });
  assert.deepEqual(at(250), { plain: 1, bn: 3 });
});

test("a recorded run whose rates never change has those it began with: its experiment says nothing of changes", () => {
  assert.deepEqual(ratesAt({ arms: { plain: { learning_rate: 0.1 } } }, 10), { plain: 0.1 });
});
