import assert from "node:assert/strict";
import { test } from "node:test";

import { BIAS, LINE, layOut } from "../../static/js/layout.js";
import { side } from "../../static/js/measure.js";

const WIDTHS = [360, 390, 480, 560, 639, 640, 720, 820, 900, 1024, 1180];

/** What the pages show, by the settings that lead there: input, filter, maps. */
const CONTENTS = {
  "7 by 7, one filter": content([7, 7], [3, 3], 1, [5, 5]),
  "with a border": content([9, 9], [3, 3], 1, [7, 7]),
  "higher than wide": content([13, 4], [5, 2], 1, [9, 3]),
  "wider than high": content([3, 12], [1, 5], 1, [3, 8]),
  "three channels, two filters": content([7, 7], [3, 3], 3, [5, 5], 2, 2),
  "two channels, four filters": content([6, 6], [3, 3], 2, [4, 4], 4, 4),
  "one output cell": content([5, 5], [5, 5], 1, [1, 1]),
  "a filter of one cell": content([5, 5], [1, 1], 1, [5, 5]),
  "no filter": { ...content([6, 6], [2, 2], 1, [3, 3]), filter: null },
  "no filter, three channels": {
    ...content([6, 6], [2, 2], 3, [3, 3], 3),
    filter: null,
  },
  "with stops": { ...content([8, 8], [3, 3], 1, [3, 3]), stops: true },
  "24 by 24": content([24, 24], [3, 3], 1, [22, 22]),
  "24 by 24, eight filters": content([24, 24], [3, 3], 3, [22, 22], 8),
  "eight of everything": content([12, 12], [3, 3], 8, [10, 10], 8, 8),
};

function content(
  [rows, columns],
  [tall, wide],
  channels,
  [high, across],
  count = 1,
  bias = 0,
) {
  const window = { rows: tall, columns: wide };
  return {
    rows,
    columns,
    channels,
    filter: window,
    window,
    maps: { count, rows: high, columns: across },
    results: channels + (bias ? 2 : 1) + 1,
    bias,
    stops: false,
  };
}

/** Every grid and the list of partial sums, as rectangles with a name. */
function boxesOf(shown, { rows, columns, filter, window, maps, results }) {
  const grid = (name, points, down, across, cell) =>
    points.map(({ x, y }, i) => ({
      name: `${name} ${i}`,
      x,
      y,
      right: x + side(across, cell),
      bottom: y + side(down, cell),
    }));
  const { x, y, width } = shown.results;
  const list = {
    name: "list",
    x,
    y,
    right: x + width,
    bottom: y + results * LINE,
  };
  const { cell } = shown;
  return [
    ...grid("input", shown.inputs, rows, columns, cell.input),
    ...(filter
      ? grid("filter", shown.filters, filter.rows, filter.columns, cell.filter)
      : []),
    ...grid(
      "products",
      shown.products,
      window.rows,
      window.columns,
      cell.filter,
    ),
    ...grid("map", shown.maps, maps.rows, maps.columns, cell.map),
    list,
  ];
}

const apart = (a, b) =>
  a.right <= b.x || b.right <= a.x || a.bottom <= b.y || b.bottom <= a.y;

/** Lay a content out at every width, and give the faults that a check finds. */
function faults(given, check) {
  return WIDTHS.flatMap((width) =>
    check(layOut(given, width, 520, 0), given).map(
      (fault) => `${width}: ${fault}`,
    ),
  );
}

for (const [name, given] of Object.entries(CONTENTS)) {
  test(`no grid covers another: ${name}`, () => {
    const found = faults(given, (shown) => {
      const boxes = boxesOf(shown, given);
      return boxes.flatMap((a, i) =>
        boxes
          .slice(0, i)
          .filter((b) => !apart(a, b))
          .map((b) => `${shown.kind}: ${a.name} over ${b.name}`),
      );
    });

    assert.deepEqual(found, []);
  });

  test(`everything is inside the picture: ${name}`, () => {
    const found = faults(given, (shown) =>
      boxesOf(shown, given)
        .filter(
          ({ x, y, right, bottom }) =>
            x < 0 ||
            y < 0 ||
            right > shown.width + 0.5 ||
            bottom > shown.height,
        )
        .map(
          ({ name, right, bottom }) =>
            `${shown.kind}: ${name} ${right} ${bottom} of ${shown.width} ${shown.height}`,
        ),
    );

    assert.deepEqual(found, []);
  });

  test(`cells have a size: ${name}`, () => {
    const found = faults(given, ({ cell }) =>
      Object.entries(cell)
        .filter(([, size]) => !(size >= 4 && size <= 60))
        .map(([grid, size]) => `${grid} ${size}`),
    );

    assert.deepEqual(found, []);
  });
}

test("every shown channel has an input, a filter and products", () => {
  for (const width of WIDTHS) {
    const shown = layOut(
      CONTENTS["three channels, two filters"],
      width,
      520,
      1,
    );

    for (const points of [shown.inputs, shown.filters, shown.products])
      assert.equal(points.length, shown.channels.length);
    assert.equal(shown.maps.length, 2);
  }
});

test("a narrow picture stacks and shows the chosen channel", () => {
  const shown = layOut(CONTENTS["three channels, two filters"], 390, 520, 2);

  assert.deepEqual([shown.kind, shown.channels], ["stack", [2]]);
});

test("a wide picture shows channels beside each other", () => {
  const shown = layOut(CONTENTS["three channels, two filters"], 1180, 620, 2);

  assert.deepEqual([shown.kind, shown.channels], ["columns", [0, 1, 2]]);
});

test("channels that are too many to stand side by side are shown one at a time", () => {
  const shown = layOut(CONTENTS["eight of everything"], 700, 520, 5);

  assert.deepEqual([shown.kind, shown.channels], ["row", [5]]);
});

test("a channel that is gone is the last one", () => {
  for (const width of WIDTHS)
    assert.deepEqual(
      layOut(CONTENTS["7 by 7, one filter"], width, 520, 4).channels,
      [0],
    );
});

test("biases stand within their list", () => {
  for (const bias of [1, 4, 8]) {
    const given = content([7, 7], [3, 3], 1, [5, 5], bias, bias);
    const { bias: place, results } = layOut(given, 1024, 520, 0);

    assert.ok(place.x >= results.x);
    assert.ok(place.x + side(bias, BIAS) <= results.x + results.width);
    assert.ok(place.y >= results.y);
  }
});
