import assert from "node:assert/strict";
import { test } from "node:test";
import { folded, isAnswer, readNumber } from "../../static/js/answers.js";

test("a number is read as people answer with it", () => {
  const read = [
    "3",
    " 3.0 ",
    "2,5",
    "34,944",
    "−1",
    "5 columns",
    "1,234,567",
  ].map(readNumber);

  assert.deepEqual(read, [3, 3, 2.5, 34944, -1, 5, 1234567]);
});

test("what is no number is told apart from zero", () => {
  assert.deepEqual(["", "three", "3 or 4", "1/2", "-"].map(readNumber), [
    null,
    null,
    null,
    null,
    null,
  ]);
});

test("a whole answer must be met exactly", () => {
  assert.equal(isAnswer("3", "3", "number"), true);
  assert.equal(isAnswer("3.004", "3", "number"), false);
});

test("an answer with decimals may be rounded to two of them", () => {
  assert.equal(isAnswer("0.33", "0.3333333333333333", "number"), true);
  assert.equal(isAnswer("0.3", "0.3333333333333333", "number"), false);
});

test("texts are compared without spaces, capitals and signs of their own", () => {
  assert.equal(folded("3 × 3"), "3x3");
  assert.equal(isAnswer("3 X 3", "3x3", "text"), true);
});
