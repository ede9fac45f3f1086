import assert from "node:assert/strict";
import { test } from "node:test";

import {
  equalsText,
  isWhole,
  powerText,
  valueText,
} from "../../static/js/format.js";
import { layOut } from "../../static/js/views/norm/lines-layout.js";
import { placeDots, risesOf } from "../../static/js/views/norm/place.js";
import {
  keptScale,
  niceStep,
  scaleOf,
  snapOf,
  snapped,
} from "../../static/js/views/norm/scale.js";
import {
  fieldText,
  powerPosition,
  slidText,
} from "../../static/js/views/norm/settings.js";
import { placeTags } from "../../static/js/views/norm/tags.js";
import { dice } from "./examples.js";

const LECTURE = [1, 2, 4, 7, -1.0911, 1.5275, 1.2087, 5.7913];
const NARROWEST = 280;

test("steps are 1, 2 or 5 times a power of ten", () => {
  const steps = [0.9, 1, 1.1, 3, 7, 30, 0.004].map(niceStep);

  assert.deepEqual(steps, [1, 1, 2, 5, 10, 50, 0.005]);
});

test("the batch of the lecture has a tick at every whole number", () => {
  const scale = scaleOf(LECTURE, 600);

  assert.deepEqual([scale.low, scale.high, scale.step], [-2, 8, 1]);
});

test("every value has its place, and there is room at both ends, at any size", () => {
  const random = dice(7);
  for (const size of [1e-9, 0.01, 1, 1234.5678, 1e6])
    for (let round = 0; round < 40; round++) {
      const values = [0, 1, 2, 3].map(() => (random(2000) / 1000 - 1) * size);
      const { low, high, step, ticks } = scaleOf(values, NARROWEST);

      assert.ok(Math.min(...values) - low >= 0.49 * step);
      assert.ok(high - Math.max(...values) >= 0.49 * step);
      assert.ok(ticks.length >= 3 && ticks.length <= 10, `${ticks.length}`);
    }
});

test("a scale of equal values reaches to both sides", () => {
  const { low, high } = scaleOf([3, 3, 3], 600);

  assert.ok(low < 3 && high > 3);
});

test("a held scale only grows; one let go shrinks where it is far too long", () => {
  const before = scaleOf([0, 10], 600);

  assert.equal(keptScale(before, [4, 5], 600, true), before);
  assert.ok(keptScale(before, [4, 14], 600, true).low <= before.low);
  assert.ok(keptScale(before, [4, 14], 600, true).high >= 14);
  assert.equal(keptScale(before, [1, 9], 600, false), before);
  assert.ok(keptScale(before, [4, 5], 600, false).high < 6);
});

test("dragging goes by tenths on scales of everyday size, and stays fine on others", () => {
  assert.equal(snapOf({ step: 1 }), 0.1);
  assert.equal(snapOf({ step: 5 }), 0.1);
  assert.equal(snapOf({ step: 200 }), 10);
  assert.ok(snapOf({ step: 1e-9 }) <= 1e-9);
  assert.equal(snapped(0.30000000000000004, 0.1), 0.3);
  assert.equal(snapped(6.9499, 0.1), 6.9);
});

test("dots stand at exactly their places and do not cover each other", () => {
  const random = dice(3);
  for (let count = 1; count <= 16; count++)
    for (const spread of [0, 20, 120, NARROWEST]) {
      const wanted = Array.from(
        { length: count },
        () => (random(1000) / 1000) * spread,
      );
      const places = placeDots(wanted, { size: 25, levels: 16 });

      assert.deepEqual(
        places.map(({ x }) => x),
        wanted,
      );
      for (const [i, a] of places.entries())
        for (const b of places.slice(i + 1))
          assert.ok(Math.hypot(a.x - b.x, 25 * (a.level - b.level)) > 24.99);
    }
});

test("equal dots stand straight over each other, and pressed together where a stack is too high", () => {
  assert.deepEqual(risesOf([50, 50, 50], 10), [0, 10, 20]);
  const levels = placeDots([50, 50, 50, 50, 50], { size: 10, levels: 3 });

  assert.deepEqual(
    levels.map(({ x, level }) => [x, level]),
    [0, 0.5, 1, 1.5, 2].map((level) => [50, level]),
  );
});

test("a dot with room stands on its line", () => {
  assert.deepEqual(risesOf([10, 60, 200], 25), [0, 0, 0]);
});

test("others roll over a dot that is held, and it stays as high as it was", () => {
  let before = risesOf([0, 100], 20, { index: 0, rise: 0 });
  for (let x = 0; x <= 200; x += 0.25) {
    const rises = risesOf([x, 100], 20, { index: 0, rise: 0 });

    assert.equal(rises[0], 0);
    assert.ok(rises[1] <= 20);
    assert.ok(Math.abs(rises[1] - before[1]) < 4);
    before = rises;
  }
});

/** A line of these values. @param {number[]} values */
const lineOf = (values) => ({
  ...{ name: "x", values, edits: "x", mean: null, std: null },
});

test("every dot of every line is over its value, at any width, in any batch", () => {
  const random = dice(11);
  const batches = [
    [3],
    Array(16).fill(3),
    [...Array(15).fill(0), 1e6],
    Array.from({ length: 16 }, () => random(100) / 100),
  ];
  for (const width of [340, 640, 920, 1200])
    for (const compact of [false, true])
      for (const values of batches) {
        const xhat = values.map((value) => value / 10);
        const lines = [lineOf(values), lineOf(xhat)];
        const layout = layOut(lines, width, null, { held: null, compact });
        for (const { line, dots, y, top, radius } of layout.rows)
          dots.forEach((dot, i) => {
            assert.ok(Math.abs(dot.x - layout.x(line.values[i])) < 1e-6);
            assert.ok(dot.y <= y && dot.y - radius >= top - 0.01);
          });
      }
});

test("number lines are as high for a batch that moves together as for one apart", () => {
  const heights = [
    [1, 2, 4, 7],
    [2, 2, 2, 2],
    [2, 2, 2.1, 7],
  ].map((values) => {
    const how = { held: null, compact: false };
    return layOut([lineOf(values)], 900, null, how).height;
  });

  assert.equal(new Set(heights).size, 1);
});

test("names beside small dots cover neither dots nor names, and say which they are", () => {
  const dots = Array.from({ length: 16 }, (_, i) => ({
    x: 100,
    y: 90 - 5 * i,
  }));
  const tags = placeTags(dots, 4.5, {
    left: 0,
    right: 300,
    top: 0,
    bottom: 100,
  });
  const boxes = tags.map((tag, i) => ({
    x: dots[i].x + (tag?.x ?? NaN),
    y: dots[i].y + (tag?.y ?? NaN),
  }));

  for (const [i, a] of boxes.entries()) {
    assert.ok(Math.abs(a.x - 100) >= 4.5 + 3.5);
    for (const b of boxes.slice(i + 1))
      assert.ok(Math.abs(a.x - b.x) >= 7 || Math.abs(a.y - b.y) >= 10);
  }
});

test("a slider of powers goes by 1, 2 and 5 from 1e-8 to 1", () => {
  assert.deepEqual(
    ["0", "9", "10", "24"].map((at) => slidText(at, true)),
    ["1e-8", "0.00001", "0.00002", "1"],
  );
  for (let at = 0; at <= 24; at++)
    assert.equal(powerPosition(Number(slidText(`${at}`, true))), at);
});

test("a long number is rounded in its field, and says so", () => {
  const texts = ["2.2912900284", "0.5", "1e-5", "-1000000", "abc"];

  assert.deepEqual(texts.map(fieldText), [
    ...["≈ 2.29129", "0.5", "0.00001", "-1000000", "abc"],
  ]);
});

test("what would be rounded to 0 is given by its size, and nothing says less than it is", () => {
  assert.equal(valueText(1e-9, 4), "1 × 10⁻⁹");
  assert.equal(valueText(-0.00001234, 4), "−1.23 × 10⁻⁵");
  assert.equal(valueText(-1234.5678), "−1234.5678");
  assert.equal(valueText(0, 4), "0.0000");
  assert.equal(powerText(2.68e-10), "2.7 × 10⁻¹⁰");
  assert.equal(equalsText(3.5), "= 3.5");
  assert.equal(equalsText(1.52752376), "≈ 1.5275");
  assert.equal(equalsText(1e-9), "= 1 × 10⁻⁹");
  assert.equal(isWhole(1.0000001, 4), false);
});
