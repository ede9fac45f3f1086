import assert from "node:assert/strict";
import { test } from "node:test";

import { Model } from "../../static/js/model.js";
import { Player } from "../../static/js/player.js";
import { feedOf, partsOf } from "../../static/js/views/running/feed.js";
import {
  chartOf,
  dotsAt,
  pathOf,
  RADIUS,
  rowsOf,
} from "../../static/js/views/running/layout.js";
import { numbers, phase, reply, tensor } from "./examples.js";

const still = (count) => [0, count, 1, [0]];
const moving = (start = 0) => [start, 1, 1, [1]];

/** Three batches of two samples, whose mean a value follows halfway. */
function training() {
  const batches = (values) => tensor("input", ["batch"], [3], values);
  const each = { combine: "each", group: "batch", steps: 3 };
  const loops = [["batch", 3]];
  return new Model(
    reply(
      {
        x: tensor("input", ["batch", "sample"], [3, 2], [1, 3, 4, 4, 0, 8]),
        mu: { ...batches([2, 4, 4]), role: "intermediate" },
        spread: { ...batches([1, 0, 16]), role: "intermediate" },
        running: tensor("output", ["batch"], [4], [0, 1, 2.5, 3.25]),
        start: tensor("input", [], [], [0]),
        level: batches([3, 3, 3]),
      },
      [
        phase({
          ...{ reads: { start: "start" }, writes: "running", combine: "each" },
          ...{ setup: true, steps: 1, loops: [["once", 1]] },
          bind: { start: [], running: [still(1)] },
        }),
        phase({
          ...{ ...each, combine: "mean", reads: { x: "x" }, writes: "mu" },
          ...{ loops, bind: { x: [moving(), still(2)], mu: [moving()] } },
          numbers: numbers([1, 3, 4, 4, 0, 8], [1, 4, 2, 4, 8, 4, 0, 8, 4]),
        }),
        phase({
          ...{ ...each, combine: "mean", reads: { x: "x" }, writes: "spread" },
          ...{ loops, bind: { x: [moving(), still(2)], spread: [moving()] } },
          numbers: numbers(
            [1, 1, 0, 0, 16, 16],
            [1, 2, 1, 0, 0, 0, 16, 32, 16],
          ),
        }),
        phase({
          ...{ ...each, reads: { old: "running", mu: "mu" } },
          ...{ writes: "running", loops },
          bind: { old: [moving()], mu: [moving()], running: [moving(1)] },
          numbers: numbers([1, 2.5, 3.25], []),
        }),
      ],
    ),
  );
}

test("what runs and what it follows are read off the phases", () => {
  const { source, mean, variance, courses, level } = partsOf(training());

  assert.deepEqual(
    [source, mean, variance, level],
    ["x", "mu", "spread", "level"],
  );
  assert.deepEqual(courses, [{ phase: 3, running: "running", follows: "mu" }]);
});

test("a batch is one move, and counts as fed when its last sample has come", () => {
  const player = new Player(training());

  assert.equal(player.length, 3);
  player.seek(2);
  assert.deepEqual(feedOf(player), { fed: 2, now: 1, arrived: Infinity });
  player.begin();
  player.seekTerm(1);
  assert.deepEqual(feedOf(player), { fed: 2, now: 2, arrived: 1 });
  player.seek(0);
  assert.deepEqual(feedOf(player), { fed: 0, now: -1, arrived: Infinity });
});

const SETS = {
  "whole numbers": [4, 4, 5, 4, 4, 5, 4, 4],
  "large ones": [-1234.5678, 1e-9, 9876.5, -1234.5, 0, 1, 2, 3],
  "equal ones": Array(8).fill(7),
};

for (const [name, values] of Object.entries(SETS))
  for (const width of [330, 640])
    test(`dots of ${name} are over their values and in their rows, ${width} px wide`, () => {
      const { rows, x, row, height } = rowsOf(
        Array.from({ length: 12 }, () => values),
        [],
        width,
      );

      for (const { y, dots } of rows)
        dots.forEach((dot, i) => {
          assert.ok(Math.abs(dot.x - x(values[i])) < 1e-9);
          assert.ok(dot.y <= y && dot.y - RADIUS > y - row + RADIUS);
          assert.ok(dot.y - RADIUS >= 0 && dot.y + RADIUS <= height);
          for (const other of dots.slice(i + 1))
            assert.notDeepEqual(other, dot);
        });
    });

test("dots stand over their values where they have room", () => {
  assert.deepEqual(
    dotsAt([10, 50, 90], 20).map(({ x, y }) => [x, y]),
    [
      [10, 20],
      [50, 20],
      [90, 20],
    ],
  );
});

test("equal values stand over each other, however many there are", () => {
  const dots = dotsAt([50, 50, 50, 50, 50, 90], 20);

  assert.deepEqual(new Set(dots.map(({ x }) => x)), new Set([50, 90]));
  assert.equal(new Set(dots.slice(0, 5).map(({ y }) => y)).size, 5);
});

test("a chart of what is never negative begins at 0", () => {
  const size = { width: 400, height: 150 };
  const variance = chartOf(8, [0.25, 5.7], size);
  const mean = chartOf(8, [-1, 7.5], size);

  assert.equal(variance.scale.low, 0);
  assert.ok(mean.scale.low <= -1);
  assert.equal(variance.y(0), variance.bottom);
  assert.equal(variance.x(8), variance.right);
});

test("a line goes through all of its points", () => {
  const points = [
    { x: 0, y: 1 },
    { x: 2.25, y: 3 },
  ];

  assert.equal(pathOf(points), "M0.0 1.0L2.3 3.0");
  assert.equal(pathOf([]), "");
});
