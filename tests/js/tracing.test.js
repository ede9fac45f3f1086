import assert from "node:assert/strict";
import { test } from "node:test";

import { Model } from "../../static/js/model.js";
import { relate, stepsWith } from "../../static/js/tracing.js";
import { convolution } from "./examples.js";

const LAYERS = {
  "a mirrored border": { channels: 2, filters: 2 },
  "a wide border": { padding: 3 },
  strides: { channels: 2, stride: [2, 3], size: [5, 7] },
  "holes and a flip": {
    dilation: [2, 3],
    flip: true,
    size: [6, 7],
    padding: 2,
  },
};

const sorted = (cells) => [...new Set(cells)].sort((a, b) => a - b);
const cellsIn = (found, name) => sorted(found.get(name) ?? []);

for (const [name, settings] of Object.entries(LAYERS)) {
  const { reply, products } = convolution(settings);
  const model = new Model(reply);
  const each = (tensor) => reply.tensors[tensor].values.keys();

  test(`an output is made of its window and its filter: ${name}`, () => {
    for (const index of each("y")) {
      const mine = products.filter(({ y }) => y === index);
      const { from, steps } = relate(model, { tensor: "y", index });

      assert.deepEqual(cellsIn(from, "x"), sorted(mine.map(({ x }) => x)));
      assert.deepEqual(
        cellsIn(from, "padded"),
        sorted(mine.map(({ padded }) => padded)),
      );
      assert.deepEqual(cellsIn(from, "weight"), sorted(mine.map(({ w }) => w)));
      assert.deepEqual(steps, [{ phase: 1, turn: index }]);
    }
  });

  test(`an input goes into every window that saw one of its copies: ${name}`, () => {
    for (const index of each("x")) {
      const mine = products.filter(({ x }) => x === index);
      const { into, meets } = relate(model, { tensor: "x", index });

      assert.deepEqual(cellsIn(into, "y"), sorted(mine.map(({ y }) => y)));
      assert.deepEqual(
        cellsIn(meets, "weight"),
        sorted(mine.map(({ w }) => w)),
      );
    }
  });

  test(`a weight meets every cell it is multiplied with: ${name}`, () => {
    for (const index of each("weight")) {
      const mine = products.filter(({ w }) => w === index);
      const { into, meets, from } = relate(model, { tensor: "weight", index });

      assert.deepEqual(cellsIn(into, "y"), sorted(mine.map(({ y }) => y)));
      assert.deepEqual(cellsIn(meets, "x"), sorted(mine.map(({ x }) => x)));
      assert.equal(from.size, 0);
    }
  });

  test(`the steps that read a cell are those whose window holds it: ${name}`, () => {
    for (const index of each("padded")) {
      const turns = products.filter(({ padded }) => padded === index);

      assert.deepEqual(
        stepsWith(model, model.phases[1], "x", index),
        sorted(turns.map(({ y }) => y)),
      );
    }
  });
}

test("a cell that no window reaches has no relations", () => {
  const { reply } = convolution({ stride: [3, 3], size: [5, 5], padding: 0 });

  const { into, meets, steps } = relate(new Model(reply), {
    tensor: "x",
    index: 24,
  });

  assert.deepEqual([into.size, meets.size, steps], [0, 0, []]);
});
