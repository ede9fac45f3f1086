import assert from "node:assert/strict";
import { test } from "node:test";

import { largestOf, tint } from "../../static/js/colour.js";

test("a tint is how large a value is beside the largest, in five steps a side", () => {
  const tints = [-5, -4.1, -4, -1, -0.1, 0, 0.1, 1, 1.1, 4, 5].map((value) =>
    tint(value, 5),
  );

  assert.deepEqual(tints, [-5, -5, -4, -1, -1, 0, 1, 1, 2, 4, 5]);
});

test("tints of opposite values are opposite", () => {
  for (let value = -3; value <= 3; value += 0.05)
    assert.equal(tint(-value, 3) + tint(value, 3), 0);
});

test("binary dust does not lift a value into the next tint", () => {
  assert.equal(tint(0.1 + 0.2, 1.5), 1);
});

test("a value beyond the largest has the strongest tint", () => {
  assert.deepEqual([tint(9, 3), tint(-9, 3)], [5, -5]);
});

test("a tensor of zeros is grey, and so is what is not computed yet", () => {
  assert.deepEqual([tint(0, 0), tint(NaN, 3), tint(1, NaN)], [0, 0, 0]);
});

test("the largest size counts both signs and skips what is empty", () => {
  assert.equal(largestOf([1, -7, NaN, 3]), 7);
  assert.equal(largestOf([NaN]), 0);
  assert.equal(largestOf([]), 0);
});
