import assert from "node:assert/strict";
import { test } from "node:test";

import {
  HEAD,
  TITLE,
  fit,
  moved,
  placeMaps,
  side,
} from "../../static/js/measure.js";

test("a grid is its cells and the gaps between them", () => {
  assert.equal(side(1, 44), 44);
  assert.equal(side(3, 10), 34);
});

test("a cell that fits is the largest that does", () => {
  for (let cells = 1; cells <= 24; cells++) {
    for (let space = 60; space < 700; space += 7) {
      const cell = fit(cells, space, Infinity, -Infinity);

      assert.ok(side(cells, cell) <= space);
      assert.ok(side(cells, cell + 1) > space);
    }
  }
});

test("a cell stays within its bounds, whatever the space", () => {
  assert.equal(fit(3, 1000, 44, 6), 44);
  assert.equal(fit(24, 10, 44, 6), 6);
});

const MAPS = [1, 2, 3, 5, 8].flatMap((count) =>
  [
    [1, 1],
    [5, 5],
    [3, 11],
    [22, 9],
  ].map(([rows, columns]) => ({ count, rows, columns })),
);

for (const maps of MAPS) {
  const { count, rows, columns } = maps;
  const name = `${count} maps of ${rows} by ${columns}`;

  test(`${name} have a place each, and none covers another`, () => {
    const { cell, places } = placeMaps(maps, 400, 500, 44);
    const wide = side(columns, cell);
    const high = side(rows, cell);

    assert.equal(places.length, count);
    places.forEach((a, i) =>
      places
        .slice(0, i)
        .forEach((b) =>
          assert.ok(
            Math.abs(a.x - b.x) >= wide || Math.abs(a.y - b.y) >= high + TITLE,
          ),
        ),
    );
  });

  test(`${name} are as large as they say, with room for a heading`, () => {
    const { cell, places, width, height } = placeMaps(maps, 400, 500, 44);

    assert.equal(
      Math.max(...places.map(({ x }) => x + side(columns, cell))),
      width,
    );
    assert.equal(
      Math.max(...places.map(({ y }) => y + side(rows, cell))),
      height,
    );
    assert.equal(Math.min(...places.map(({ y }) => y)), HEAD);
  });

  test(`${name} fit into the space they are given`, () => {
    const { cell, width, height } = placeMaps(maps, 400, 900, 44);

    assert.ok(cell > 4 && cell <= 44);
    assert.ok(width <= 400);
    assert.ok(height <= 900);
  });
}

test("a narrow, high space stacks maps, a wide one sets them side by side", () => {
  const maps = { count: 2, rows: 5, columns: 5 };

  const stacked = placeMaps(maps, 120, 600, 44).places;
  const beside = placeMaps(maps, 600, 160, 44).places;

  assert.equal(stacked[0].x, stacked[1].x);
  assert.equal(beside[0].y, beside[1].y);
});

test("where height is no matter, small maps stand side by side", () => {
  const { places } = placeMaps(
    { count: 2, rows: 2, columns: 2 },
    390,
    Infinity,
    34,
  );

  assert.equal(places[0].y, places[1].y);
});

test("maps that do not fit are higher than is wished for, but never wider", () => {
  const maps = { count: 8, rows: 22, columns: 22 };

  const { cell, width } = placeMaps(maps, 300, 200, 44);

  assert.ok(cell >= 4);
  assert.ok(width <= 300);
});

test("only the maps of the first row have room for a bracket", () => {
  const maps = { count: 3, rows: 5, columns: 5 };

  const { places } = placeMaps(maps, 120, 600, 44);

  assert.deepEqual(
    places.map(({ plain }) => plain),
    [false, true, true],
  );
});

test("points move together", () => {
  assert.deepEqual(moved([{ x: 1, y: 2 }], 10, 20), [{ x: 11, y: 22 }]);
});
