import assert from "node:assert/strict";
import { test } from "node:test";

import { fold, unfold } from "../../static/js/views/volume/fold-layout.js";
import { facesOf } from "../../static/js/views/volume/projection.js";
import { toScale } from "../../static/js/views/volume/scale-layout.js";
import { added, sumsOf, sumText } from "../../static/js/views/volume/sums.js";

const SIZES = {
  rows: 9,
  columns: 8,
  channels: 3,
  taps: 3,
  across: 2,
  depth: 3,
  filters: 5,
  high: 7,
  wide: 6,
  maps: 5,
};
const LECTURE = {
  names: { W1: 227, H1: 227, D1: 3, Fw: 11, Fh: 11, K: 96, W2: 55, H2: 55 },
  padding: [
    [0, 0],
    [0, 0],
  ],
  extent: [11, 11],
};

for (const [width, height] of [
  [1200, 440],
  [760, 440],
  [358, 600],
]) {
  test(`folded boxes stay inside ${width} pixels and never overlap`, () => {
    const {
      cell,
      input,
      filters,
      stack,
      out,
      width: used,
    } = fold(SIZES, width, height);

    assert.ok(cell >= 3);
    assert.ok(used <= width + 1);
    assert.equal(filters.length, 5);
    const right = input.x + (SIZES.columns + SIZES.channels * 0.5) * cell;
    const bottom = input.y + SIZES.rows * cell;
    for (const at of [...filters, stack])
      assert.ok(at.x > right || at.y > bottom, "beside the input or below it");
    assert.ok(out.y >= stack.y + SIZES.high * cell);
  });

  test(`unfolded channels stand apart inside ${width} pixels`, () => {
    const {
      cell,
      channels,
      slices,
      out,
      width: used,
    } = unfold(SIZES, width, height);

    assert.ok(used <= width + 1);
    for (const [i, at] of channels.entries()) {
      assert.ok(slices[i].y >= at.y + SIZES.rows * cell);
      const next = channels[i + 1] ?? out;
      assert.ok(next.x >= at.x + SIZES.columns * cell || next.y > slices[i].y);
    }
  });

  test(`a layer keeps its proportions in ${width} pixels`, () => {
    const {
      cell,
      input,
      filter,
      output,
      width: used,
    } = toScale(LECTURE, width, height);

    assert.ok(used <= width + 1);
    assert.equal(Math.round(input.width / cell), 227);
    assert.equal(Math.round(filter.width / cell), 11);
    assert.equal(Math.round(output.height / cell), 55);
    assert.equal(Math.round((output.depth.x / input.depth.x) * 3), 96);
    assert.ok(output.x > filter.x + filter.width);
  });
}

test("a window without a filter leaves no room for filters", () => {
  const { filters } = fold(
    { ...SIZES, taps: 0, across: 0, filters: 0 },
    900,
    440,
  );

  assert.deepEqual(filters, []);
});

test("the faces of a box share its corners", () => {
  const { front, top, side } = facesOf({
    x: 0,
    y: 10,
    width: 4,
    height: 6,
    depth: { x: 2, y: -3 },
  });

  assert.equal(front, "M0 10L4 10L4 16L0 16Z");
  assert.equal(top, "M0 10L4 10L6 7L2 7Z");
  assert.equal(side, "M4 10L4 16L6 13L6 7Z");
});

test("sums of channels are read off, and written with their signs", () => {
  const numbers = {
    terms: [1, 2, 3, 4],
    running: [1, 3, 6, 10],
    partial: [1, 3, 3, 7],
    picks: [],
  };

  assert.deepEqual(sumsOf(numbers, 2), [3, 7]);
  assert.equal(sumText([3, -7, 0.5]), "3 \u2212 7 + 0.5");
  assert.equal(added(-1), "\u2212 1");
});
