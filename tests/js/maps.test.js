import assert from "node:assert/strict";
import { test } from "node:test";

import { sizeOf } from "../../static/js/boxes.js";
import { Model } from "../../static/js/model.js";
import {
  frameOf,
  indexAt,
  isRoomy,
  layoutOf,
  rasterOf,
} from "../../static/js/views/maps/layout.js";
import {
  letterOf,
  shareOf,
  sharesOf,
  wordsOf,
} from "../../static/js/views/maps/shares.js";
import { axisNames, solidOf } from "../../static/js/views/maps/solid.js";
import { shownTerms, signed } from "../../static/js/views/maps/terms.js";
import { numbers, phase, reply, tensor } from "./examples.js";

const SHAPE = [3, 4, 2, 2];
const AXES = ["image", "channel", "row", "column"];

/** A mean of every so many samples and channels of a tensor that counts its cells. */
function model(axes, shape, [samples, channels]) {
  const values = Array.from(
    { length: sizeOf(SHAPE.map((n) => [0, n, 1])) },
    (_, i) => i,
  );
  const across = SHAPE[1] / channels;
  const boxes = Array.from(
    { length: (SHAPE[0] / samples) * across },
    (_, turn) => ({
      x: [
        [Math.floor(turn / across) * samples, samples, 1],
        [(turn % across) * channels, channels, 1],
        [0, 2, 1],
        [0, 2, 1],
      ],
      mu:
        shape.length === 1
          ? [[turn, 1, 1]]
          : [
              [Math.floor(turn / across), 1, 1],
              [turn % across, 1, 1],
            ],
    }),
  );
  const mean = phase({
    combine: "mean",
    reads: { x: "x" },
    writes: "mu",
    steps: boxes.length,
    boxes,
    numbers: numbers([], []),
  });
  const means = boxes.map((_, turn) => 10 * turn);
  const tensors = {
    x: tensor("input", AXES, SHAPE, values),
    mu: tensor("intermediate", axes, shape, means),
  };
  return new Model(reply(tensors, [mean]));
}

const KINDS = {
  batch: model(["channel"], [4], [3, 1]),
  layer: model(["image"], [3], [1, 4]),
  instance: model(["image", "channel"], [3, 4], [1, 1]),
  group: model(["image", "group"], [3, 2], [1, 2]),
};

for (const [kind, made] of Object.entries(KINDS)) {
  const shares = sharesOf(made);

  test(`${kind}: every cell has exactly one mean, and all have as many cells`, () => {
    const cells = shares.flatMap((share) => share.cells);

    assert.equal(new Set(cells).size, 48);
    assert.equal(cells.length, 48);
    assert.equal(new Set(shares.map((share) => share.cells.length)).size, 1);
    assert.deepEqual(
      shares.map(({ value }) => value),
      shares.map((_, turn) => 10 * turn),
    );
  });

  test(`${kind}: frames do not overlap and lie within the picture`, () => {
    const layout = layoutOf(SHAPE, 480);
    const frames = shares.map((share) => frameOf(layout, share));

    for (const [i, a] of frames.entries()) {
      assert.ok(a.x + a.width <= layout.width + 0.01);
      assert.ok(a.y + a.height <= layout.height + 0.01);
      for (const b of frames.slice(i + 1))
        assert.ok(
          a.x + a.width <= b.x ||
            b.x + b.width <= a.x ||
            a.y + a.height <= b.y ||
            b.y + b.height <= a.y,
        );
    }
  });

  test(`${kind}: the solid stays within its picture, whatever it falls into`, () => {
    const { at, high, width, height } = solidOf(SHAPE, shares);

    assert.equal(at.length, 12);
    for (const { x, y } of at) {
      assert.ok(x >= 24 && x <= width - 24);
      assert.ok(y >= 0 && y + 24 + high <= height);
    }
  });
}

test("the picture of the solid is as large for every norm", () => {
  const sizes = Object.values(KINDS).map((made) => {
    const { width, height } = solidOf(SHAPE, sharesOf(made));
    return `${width} ${height}`;
  });

  assert.equal(new Set(sizes).size, 1);
});

test("columns that share a mean touch, others stand apart", () => {
  const { at } = solidOf(SHAPE, sharesOf(KINDS.group));
  const gaps = [1, 2, 3].map((c) => at[c].x - at[c - 1].x);

  assert.ok(Math.abs(gaps[0] - gaps[2]) < 1e-9);
  assert.ok(gaps[1] > gaps[0] + 10);
});

test("words are read off the axes", () => {
  const said = Object.values(KINDS).map((made) => wordsOf(made));

  assert.deepEqual(said, [
    { over: "N, H, W", each: "channel", apart: false },
    { over: "C, H, W", each: "sample", apart: true },
    { over: "H, W", each: "channel of each sample", apart: true },
    {
      over: "H, W and 2 of 4 channels",
      each: "group of each sample",
      apart: true,
    },
  ]);
});

test("the raster runs across all channels before it goes down a row", () => {
  const order = Array.from({ length: 48 }, (_, own) => indexAt(own, SHAPE));

  assert.deepEqual(order.slice(0, 10), [0, 1, 4, 5, 8, 9, 12, 13, 2, 3]);
  assert.deepEqual(
    order.map((index) => rasterOf(index, SHAPE)),
    [...order.keys()],
  );
});

test("cells shrink until a phone holds the tensor, and tags lose their sign", () => {
  const [wide, phone] = [480, 330].map((room) => layoutOf(SHAPE, room));

  assert.ok(wide.cell > phone.cell);
  assert.deepEqual([wide.compact, phone.compact], [false, true]);
  assert.ok(phone.width <= 330);
  assert.ok(isRoomy(SHAPE, 480));
  assert.ok(!isRoomy([6, 6, 4, 4], 480));
});

test("a cell finds whom it shares with", () => {
  const share = shareOf(sharesOf(KINDS.batch), 21);

  assert.equal(share.letter, "B");
  assert.deepEqual(share.cells, [4, 5, 6, 7, 20, 21, 22, 23, 36, 37, 38, 39]);
});

test("letters go on behind Z", () => {
  assert.deepEqual([0, 25, 26, 35].map(letterOf), ["A", "Z", "AA", "AJ"]);
});

for (const [kind, made] of Object.entries(KINDS))
  test(`${kind}: the names of the axes stand beside their edges`, () => {
    const solid = solidOf(SHAPE, sharesOf(made));
    const [c, n] = axisNames(SHAPE, solid);
    const middleOf = (columns) => {
      const xs = columns.map((i) => solid.at[i].x);
      return xs.reduce((all, x) => all + x, 0) / xs.length;
    };

    assert.deepEqual([c.name, n.name], ["C", "N"]);
    // Channels run along the left edge in front, samples along the right one.
    const [channels, samples] = [
      middleOf([8, 9, 10, 11]),
      middleOf([3, 7, 11]),
    ];
    assert.ok(Math.abs(c.x - channels) < Math.abs(c.x - samples));
    assert.ok(Math.abs(n.x - samples) < Math.abs(n.x - channels));
  });

test("of a long sum the ends are shown and the term in hand", () => {
  assert.equal(shownTerms(32, 3).length, 32);
  assert.deepEqual(shownTerms(96, 50), [0, 1, 2, 3, 4, 5, 50, 94, 95]);
  assert.deepEqual(shownTerms(96, 5), [0, 1, 2, 3, 4, 5, 94, 95]);
});

test("terms are added with their sign", () => {
  assert.equal(signed(-3, 0, true), "\u22123");
  assert.equal(signed(-3, 0, false), "\u2212 3");
  assert.equal(signed(2.5, 2, false), "+ 2.50");
});
