import assert from "node:assert/strict";
import { test } from "node:test";

import {
  boxAt,
  cellIn,
  cellsOf,
  placesIn,
  sizeOf,
  turnOf,
  unravel,
} from "../../static/js/boxes.js";
import { convolution, dice, phase } from "./examples.js";

/** Boxes of two axes that stay inside a tensor of 9 rows and 11 columns. */
function* boxes(count) {
  const random = dice(3);
  const part = (size) => {
    const cells = 1 + random(3);
    const step = [-2, -1, 0, 1, 2][random(5)];
    const reach = step * (cells - 1);
    const start = Math.max(0, -reach) + random(size - Math.abs(reach));
    return [start, cells, step];
  };
  for (let i = 0; i < count; i++) yield [part(9), part(11)];
}

test("the cells of a box are those of two nested loops, row by row", () => {
  for (const box of boxes(200)) {
    const [[row, rows, down], [column, columns, across]] = box;
    const expected = [];
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++)
        expected.push((row + down * i) * 11 + column + across * j);

    assert.deepEqual(cellsOf(box, [9, 11]), expected);
    assert.equal(sizeOf(box), expected.length);
  }
});

test("the places of a cell in a box are where the box lists it", () => {
  for (const box of boxes(200)) {
    const cells = cellsOf(box, [9, 11]);
    for (let flat = 0; flat < 99; flat++) {
      const places = cells.flatMap((cell, at) => (cell === flat ? [at] : []));

      assert.deepEqual(placesIn(box, unravel(flat, [9, 11])), places);
    }
  }
});

test("a scalar has one cell, at the first place of its empty box", () => {
  assert.deepEqual(cellsOf([], []), [0]);
  assert.deepEqual(placesIn([], []), [0]);
  assert.equal(sizeOf([]), 1);
});

test("the innermost loop turns fastest", () => {
  const rule = phase({
    loops: [
      ["row", 2],
      ["column", 3],
    ],
  });

  const turns = [0, 1, 2, 3, 4, 5].map((n) => turnOf(rule, n));

  assert.deepEqual(turns, [
    [0, 0],
    [0, 1],
    [0, 2],
    [1, 0],
    [1, 1],
    [1, 2],
  ]);
});

test("a box moves by what each loop adds to its start", () => {
  const rule = phase({
    loops: [
      ["row", 4],
      ["column", 5],
    ],
    bind: {
      x: [
        [1, 3, 2, [10, 0]],
        [2, 1, -1, [1, 3]],
      ],
    },
  });

  const box = boxAt(rule, "x", 2 * 5 + 4);

  assert.deepEqual(box, [
    [1 + 20, 3, 2],
    [2 + 2 + 12, 1, -1],
  ]);
});

test("an irregular phase says its boxes one by one", () => {
  const rule = phase({ boxes: [{ x: [[0, 1, 1]] }, { x: [[5, 2, 0]] }] });

  assert.deepEqual(boxAt(rule, "x", 1), [[5, 2, 0]]);
});

test("windows hold the cells that the convolution multiplies", () => {
  const { reply, products } = convolution({
    channels: 2,
    filters: 2,
    stride: [2, 1],
    dilation: [1, 2],
    flip: true,
  });
  const rule = reply.phases[1];
  const { weight, padded, y } = reply.tensors;

  const met = [];
  for (let n = 0; n < rule.steps; n++) {
    const [cell] = cellsOf(boxAt(rule, "y", n), y.shape);
    const taps = cellsOf(boxAt(rule, "w", n), weight.shape);
    cellsOf(boxAt(rule, "x", n), padded.shape).forEach((at, i) =>
      met.push({ w: taps[i], y: cell, padded: at }),
    );
  }

  assert.deepEqual(
    met,
    products.map(({ w, y: cell, padded: at }) => ({ w, y: cell, padded: at })),
  );
});

test("an index and its place in the flattened tensor belong together", () => {
  const shape = [2, 3, 5];

  for (let flat = 0; flat < 30; flat++)
    assert.equal(
      unravel(flat, shape).reduce((at, n, axis) => at * shape[axis] + n, 0),
      flat,
    );
  assert.deepEqual(unravel(29, shape), [1, 2, 4]);
});

test("one cell of a box is the one that stands there in the list of all", () => {
  for (const box of boxes(200)) {
    const all = cellsOf(box, [9, 11]);
    assert.deepEqual(
      all.map((_, place) => cellIn(box, [9, 11], place)),
      all,
    );
  }
});
