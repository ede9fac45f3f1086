import assert from "node:assert/strict";
import { test } from "node:test";

import { Model } from "../../static/js/model.js";
import {
  boxOn,
  placesOn,
  slicesOf,
} from "../../static/js/views/board/planes.js";
import { placeBoard } from "../../static/js/views/board/place.js";
import { routeOf } from "../../static/js/views/board/routes.js";
import { tensor } from "./examples.js";

const block = (rows, columns, planes = 1) => ({
  rows,
  columns,
  planes,
  tagged: planes > 1,
  small: false,
});
const pair = (...sizes) => ({
  value: [block(...sizes)],
  gradient: [block(...sizes)],
});
const LAYER = [pair(5, 5), pair(3, 3), pair(4, 4)];

test("cells are as large as 44 pixels where there is room", () => {
  assert.equal(placeBoard(LAYER, 1192, 700).size, 44);
});

const DEEP = [pair(7, 7, 3), pair(3, 3, 6), pair(5, 5, 2)];
const WIDE = [pair(9, 9), pair(3, 3), pair(9, 9)];

for (const [width, stands] of [
  [1192, DEEP],
  [900, DEEP],
  [700, LAYER],
  [366, WIDE],
  [320, WIDE],
]) {
  test(`nothing is wider than the ${width} pixels given`, () => {
    const { columns } = placeBoard(stands, width, 500);

    const ends = columns.flatMap(({ value, gradient }) =>
      [...value, ...gradient].map(({ x, width }) => x + width),
    );
    assert.ok(Math.max(...ends) <= width, `${Math.max(...ends)}`);
  });
}

test("a gradient stands under its variable, all gradients at one height", () => {
  const { columns } = placeBoard(LAYER, 1192, 600);

  assert.deepEqual(
    columns.map(({ value, gradient }) => value[0].x - gradient[0].x),
    [0, 0, 0],
  );
  assert.equal(new Set(columns.map(({ gradient }) => gradient[0].y)).size, 1);
});

test("where the columns would be too small for numbers, a gradient stands beside its variable", () => {
  const stands = [pair(7, 7), pair(3, 3), pair(7, 7)];

  const { columns, size } = placeBoard(stands, 366, 500);

  assert.ok(size >= 20, `${size}`);
  for (const { value, gradient } of columns) {
    assert.equal(value[0].y, gradient[0].y);
    assert.ok(gradient[0].x > value[0].x + value[0].width);
  }
});

const axes = ["filter", "channel", "row", "column"];
const bank = new Model({
  op: "",
  tensors: {
    weight: tensor("weight", axes, [2, 3, 3, 2], new Array(36).fill(1), {
      label: "Filter",
    }),
  },
  phases: [],
  playable: true,
});
const drawn = {
  name: "weight",
  wide: "weight",
  ring: [0, 0, 0, 0],
  editable: true,
  sign: "",
};

test("planes are named by filter and channel", () => {
  const all = slicesOf(bank, drawn, "all", {});
  const one = slicesOf(bank, drawn, "filter", { filter: 1 });

  assert.equal(all[4].plane.label, "Filter 2 channel 2");
  assert.equal(all.length, 6);
  assert.deepEqual(
    one.map(({ plane }) => plane.label),
    ["Filter 2 channel 1", "Filter 2 channel 2", "Filter 2 channel 3"],
  );
});

test("the plane in hand says how many there are", () => {
  const [{ tag }] = slicesOf(bank, drawn, "one", { filter: 0, channel: 1 });

  assert.equal(tag, "filter 1 of 2, ch. 2 of 3");
});

test("a box lies on the planes it spans, a flipped one from its far end", () => {
  const slices = slicesOf(bank, drawn, "all", {});
  const box = [
    [1, 1, 1],
    [0, 2, 1],
    [2, 3, -1],
    [0, 2, 1],
  ];

  const found = slices.map((slice) => boxOn(slice, "weight", box));

  assert.deepEqual(
    found.map((at) => at !== null),
    [false, false, false, true, true, false],
  );
  assert.deepEqual(found[3], {
    row: 0,
    column: 0,
    rows: 3,
    columns: 2,
    step: [1, 1],
  });
});

test("cells of a tensor are counted from the first of their plane", () => {
  const [, second] = slicesOf(bank, drawn, "all", {});

  assert.deepEqual(placesOn(second, "weight", [5, 6, 11, 12]), [0, 5]);
});

test("lines run at right angles, from the gradient to the node and on", () => {
  const places = placeBoard(LAYER, 1192, 600);
  const end = (column, row) => {
    const { x, y, width, height } = places.columns[column][row][0];
    const box = { x: x + 46, y: y + 46, width: 44, height: 44 };
    const grid = { x, y, width, height };
    return { column, row, grid, box, last: box, role: "gradient" };
  };

  const { lines, node } = routeOf(
    places,
    end(2, "gradient"),
    end(1, "value"),
    end(0, "gradient"),
  );

  assert.equal(lines.length, 3);
  assert.equal(node?.x, places.gutters[1]);
  for (const { path } of lines)
    assert.match(path, /^M[\d.]+ [\d.]+([HV][\d.]+)+$/);
});
