import assert from "node:assert/strict";
import { test } from "node:test";

import { Model } from "../../static/js/model.js";
import { relateThrough } from "../../static/js/views/board/relations.js";
import {
  belowOf,
  columnsOf,
  pairedColumns,
} from "../../static/js/views/block/columns.js";
import { layoutOf } from "../../static/js/views/block/layout.js";
import { tipOf } from "../../static/js/views/block/picture.js";
import { sentence } from "../../static/js/views/block/said.js";
import { wiresOf } from "../../static/js/views/block/wires.js";
import { Graph } from "../../static/js/views/graph/structure.js";
import { PARTS, chain } from "./block-example.js";

const model = new Model(chain());
const graph = new Graph(model);
const letters = { text: (name) => name };

test("the input leads, and what an operation needs besides stands before it", () => {
  const columns = columnsOf(graph, PARTS);

  assert.deepEqual(
    columns.map(({ names }) => names.join()),
    ["x", "w", "z", "mu", "n", "t", "loss"],
  );
  assert.deepEqual(
    columns.map(({ part }) => part),
    [0, 0, 0, 1, 1, 2, 2],
  );
});

test("what the end is compared with stands under it", () => {
  const columns = pairedColumns(graph, columnsOf(graph, PARTS));

  assert.ok(!columns.some(({ names }) => names.includes("t")));
  assert.equal(belowOf(graph, columns, "loss"), "t");
  assert.equal(belowOf(graph, columns, "x"), "grad_x");
});

test("what is only spread out is no stop of its own, and its route is found", () => {
  const stops = graph.stops.map(({ tensor }) => tensor);

  assert.deepEqual(stops.slice(-2), ["grad_x", "grad_w"]);
  assert.ok(!stops.includes("spread"));
  assert.equal(graph.routesTo("x").length, 1);
});

for (const width of [1280, 1100, 340]) {
  const layout = layoutOf(model, graph, PARTS, width);
  const areas = [...layout.places.values()];

  test(`${width} px: grids do not overlap, and lie within the picture`, () => {
    for (const [i, a] of areas.entries()) {
      assert.ok(a.x >= 0 && a.x + a.width <= width + 0.01);
      assert.ok(a.y >= 0 && a.y + a.height <= layout.height);
      for (const b of areas.slice(i + 1)) {
        const apart =
          a.x + a.width < b.x ||
          b.x + b.width < a.x ||
          a.y + a.height < b.y ||
          b.y + b.height < a.y;
        assert.ok(apart, `${JSON.stringify(a)} ${JSON.stringify(b)}`);
      }
    }
  });

  test(`${width} px: cells can be read, and every grid lies in a band`, () => {
    assert.ok(layout.cell >= 30, `${layout.cell}`);
    for (const { x, y, width: wide, height } of areas)
      assert.ok(
        layout.bands.some(
          (band) =>
            band.x <= x &&
            x + wide <= band.x + band.width &&
            band.y <= y &&
            y + height <= band.y + band.height,
        ),
      );
  });
}

test("gradients go the other way than values, around what is between", () => {
  const wires = wiresOf(graph, layoutOf(model, graph, PARTS, 1280));
  const between = (from, to) =>
    wires.find((wire) => wire.from === from && wire.to === to)?.path ?? "";

  assert.match(between("w", "z"), /^M[\d.]+ [\d.]+H[\d.]+$/);
  assert.match(between("x", "z"), /^M\S+ \S+V\S+H\S+V\S+$/);
  assert.match(between("grad_z", "grad_x"), /^M\S+ \S+V\S+H\S+V\S+$/);
  const [start, end] = between("grad_z", "grad_w")
    .match(/[\d.]+/g)
    .map(Number);
  assert.ok(start > end - 1000);
});

/** The upright part of each line in a list but those that stay in one row. */
const uprights = (wires) =>
  wires.flatMap(({ from, path }) => {
    const found = path.match(/([\d.]+)H([\d.]+)V([\d.]+)H[\d.]+$/);
    if (!found) return [];
    const [start, x, end] = found.slice(1).map(Number);
    return [{ from, x, low: Math.min(start, end), high: Math.max(start, end) }];
  });

test("a list joins what a row joins, beside its grids, letters and formulas", () => {
  const layout = layoutOf(model, graph, PARTS, 340);
  const wires = wiresOf(graph, layout);
  const named = (all) => all.map(({ from, to }) => `${from} ${to}`);

  assert.ok(layout.tall);
  assert.deepEqual(
    named(wires),
    named(wiresOf(graph, layoutOf(model, graph, PARTS, 1280))),
  );
  assert.equal(uprights(wires).length, wires.length - 1);
  for (const { x } of uprights(wires))
    assert.ok((x > 0 && x < layout.gutter) || x > 340 - layout.gutter);
});

test("lines of a list that run beside each other do not cover each other", () => {
  const lines = uprights(wiresOf(graph, layoutOf(model, graph, PARTS, 340)));

  for (const a of lines)
    for (const b of lines)
      if (a.from !== b.from && a.x === b.x)
        assert.ok(a.high <= b.low || b.high <= a.low);
});

test("an arrow points where its line ends", () => {
  assert.equal(tipOf("M0 5H20"), "M22 5L13 1L13 9Z");
  assert.equal(tipOf("M20 5H0"), "M-2 5L7 9L7 1Z");
  assert.equal(tipOf("M4 0V9H12V2"), "M12 0L16 9L8 9Z");
});

test("a gradient is followed through what only spreads it out", () => {
  const { into } = relateThrough(model, { tensor: "grad_z", index: 0 });

  assert.ok(into.get("grad_x")?.size);
  assert.equal(into.get("grad_w")?.size, 4);
});

test("a sentence says what a cell is made of and what it goes into", () => {
  const said = (tensor, index, value) => {
    const relations = relateThrough(model, { tensor, index });
    return sentence(model, letters, relations, value);
  };

  assert.match(
    said("z", 0, -1),
    /^Output, z, row 1, column 1: −1\. Made of .*4 cells of x.*; goes into .*mu/,
  );
  assert.match(said("z", 0, -1.6161158803738207), /: ≈ −1\.6161\. Made of/);
  assert.match(said("grad_w", 0, NaN), /not yet computed\. Made of /);
});
