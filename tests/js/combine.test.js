import assert from "node:assert/strict";
import { test } from "node:test";

import {
  divisorOf,
  partialOf,
  pickOf,
  reached,
  wordsOf,
} from "../../static/js/combine.js";
import { phase } from "./examples.js";

const ofOne = (settings) => phase({ reads: { x: "x" }, ...settings });
const given = (terms, running, more = {}) => ({
  terms,
  running,
  partial: [],
  picks: [],
  ...more,
});

test("a sum of bare cells that is divided is a mean, one of products is not", () => {
  const products = phase({ reads: { w: "w", x: "x" }, divisor: 9 });

  assert.equal(wordsOf(ofOne({ divisor: 4 })).whole, "mean");
  assert.equal(wordsOf(ofOne({ combine: "mean" })).whole, "mean");
  assert.equal(wordsOf(products).whole, "sum");
});

test("a mean is divided by its own number of terms", () => {
  assert.equal(divisorOf(ofOne({ combine: "mean" }), 6), 6);
  assert.equal(divisorOf(ofOne({ divisor: 4 }), 6), 4);
});

test("what is reached is the running sum, and at the end the result", () => {
  const mean = given([4, 6], [4, 10, 5]);

  assert.deepEqual([reached(mean, 1), reached(mean, 2)], [4, 5]);
  assert.equal(reached(given([7], []), 1), 7);
});

test("the first of the largest terms so far decides", () => {
  const numbers = given([2, 1, 5, 5], [2, 2, 5, 5], { picks: [2] });
  const picks = [0, 1, 2, 3, 4].map((term) =>
    pickOf(ofOne({ combine: "max" }), numbers, term),
  );

  assert.deepEqual(picks, [null, 0, 0, 2, 2]);
  assert.equal(pickOf(ofOne({}), numbers, 2), null);
});

test("each channel has come to what its own terms have", () => {
  const partial = [1, 3, 10, 30];
  const numbers = given([1, 2, 10, 20], [1, 3, 13, 33], { partial });

  assert.equal(partialOf(numbers, 2, 0, 3), 3);
  assert.equal(partialOf(numbers, 2, 1, 3), 10);
  assert.equal(partialOf(numbers, 2, 1, 2), null);
  assert.equal(partialOf(given([4, 6], [4, 10, 5]), 2, 0, 2), 10);
});
