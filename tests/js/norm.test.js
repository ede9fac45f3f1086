import assert from "node:assert/strict";
import { test } from "node:test";

import {
  equalsText,
  isWhole,
  powerText,
  valueText,
} from "../../static/js/format.js";
import { apart, placeDots } from "../../static/js/views/norm/place.js";
import {
  keptScale,
  niceStep,
  scaleOf,
  snapOf,
  snapped,
} from "../../static/js/views/norm/scale.js";
import {
  powerPosition,
  slidText,
} from "../../static/js/views/norm/settings.js";
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

test("no dots cover each other, wherever they belong", () => {
  const random = dice(3);
  const room = { size: 25, levels: 4, low: 0, high: NARROWEST };
  for (let count = 1; count <= 16; count++)
    for (const spread of [0, 20, 120, NARROWEST]) {
      const wanted = Array.from(
        { length: count },
        () => (random(1000) / 1000) * spread,
      );
      const places = placeDots(wanted, room);

      for (const [i, a] of places.entries())
        for (const b of places.slice(i + 1))
          assert.ok(a.level !== b.level || Math.abs(a.x - b.x) > 24.99);
      assert.ok(places.every(({ x }) => x >= -0.01 && x <= NARROWEST + 0.01));
    }
});

test("a dot with room stands on its line, where it belongs", () => {
  const places = placeDots([10, 60, 200], {
    ...{ size: 25, levels: 3, low: 0, high: 300 },
  });

  assert.deepEqual(places, [
    { x: 10, level: 0 },
    { x: 60, level: 0 },
    { x: 200, level: 0 },
  ]);
});

test("places that must move apart stay around where they belong", () => {
  assert.deepEqual(apart([50, 50, 50], 10), [40, 50, 60]);
  assert.deepEqual(apart([0, 100], 10), [0, 100]);
});

test("a slider of powers goes by 1, 2 and 5 from 1e-8 to 1", () => {
  assert.deepEqual(
    ["0", "9", "10", "24"].map((at) => slidText(at, true)),
    ["1e-8", "0.00001", "0.00002", "1"],
  );
  for (let at = 0; at <= 24; at++)
    assert.equal(powerPosition(Number(slidText(`${at}`, true))), at);
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
