import assert from "node:assert/strict";
import { test } from "node:test";

import { Model } from "../../static/js/model.js";
import {
  filterPlane,
  inputPlane,
  productPlane,
} from "../../static/js/planes.js";
import { Scene } from "../../static/js/scene.js";
import { relate } from "../../static/js/tracing.js";
import { convolution, phase, reply, tensor } from "./examples.js";

const VOLUME = ["image", "channel", "row", "column"];
const one = [0, 1, 1];

/** Windows of 3 x 2 cells around the corners of two channels of 3 x 3, clipped to what is there. */
function clipped() {
  const cells = Array.from({ length: 18 }, (_, i) => i);
  const boxes = [0, 1].flatMap((channel) =>
    [
      { rows: [0, 2, 1], columns: [0, 2, 1] },
      { rows: [1, 2, 1], columns: [1, 2, 1] },
    ].map(({ rows, columns }, at) => ({
      x: [one, [channel, 1, 1], rows, columns],
      y: [one, [channel, 1, 1], one, [at, 1, 1]],
    })),
  );
  boxes.push({
    x: [one, one, [0, 3, 1], [0, 2, 1]],
    y: [one, one, one, one],
  });
  return reply(
    {
      x: tensor("input", VOLUME, [1, 2, 3, 3], cells),
      y: tensor("output", VOLUME, [1, 2, 1, 2], [4, 8, 13, 17]),
    },
    [
      phase({
        reads: { x: "x" },
        writes: "y",
        combine: "max",
        steps: 5,
        boxes,
      }),
    ],
  );
}

/** Two cells with a zero between them and around. */
function spread() {
  const cells = [1, 2];
  const among = [0, 0, 0, 0, 0, 0, 1, 0, 2, 0, 0, 0, 0, 0, 0];
  return reply(
    {
      x: tensor("input", ["row", "column"], [1, 2], cells),
      wide: tensor("input", ["row", "column"], [3, 5], among, {
        extends: "x",
        offset: [1, 1],
        spacing: [2, 2],
      }),
      y: tensor("output", ["row", "column"], [1, 3], [1, 0, 2]),
    },
    [
      phase({
        reads: { x: "x" },
        writes: "wide",
        combine: "each",
        setup: true,
        steps: 1,
        loops: [["once", 1]],
        bind: {
          x: [
            [0, 1, 1, [0]],
            [0, 2, 1, [0]],
          ],
          wide: [
            [1, 1, 2, [0]],
            [1, 2, 2, [0]],
          ],
        },
      }),
      phase({
        reads: { x: "wide" },
        writes: "y",
        steps: 3,
        loops: [["column", 3]],
        bind: {
          x: [
            [0, 3, 1, [0]],
            [0, 3, 1, [1]],
          ],
          y: [
            [0, 1, 1, [0]],
            [0, 1, 1, [1]],
          ],
        },
      }),
    ],
  );
}

test("a window keeps its size where the border clips it, and its cells their place", () => {
  const scene = new Scene(new Model(clipped()));

  assert.deepEqual(scene.windowSize, [3, 2]);
  assert.deepEqual(scene.windowAt(0), [2, 2]);
  assert.deepEqual(scene.placesAt(0), [2, 3, 4, 5]);
  assert.deepEqual(scene.placesAt(1), [0, 1, 2, 3]);
  assert.deepEqual(scene.placesAt(4), [0, 1, 2, 3, 4, 5]);
  assert.deepEqual([scene.starts(2), scene.termsAt(null)], [[0, 1], 0]);
});

test("a window of one channel says which channel it is in", () => {
  const scene = new Scene(new Model(clipped()));

  assert.deepEqual([scene.channels, scene.maps, scene.depth], [2, 2, 1]);
  assert.deepEqual([scene.firstChannel(3), scene.mapOf(3)], [1, 1]);
  assert.equal(productPlane(scene, 0).label, "Window channel 1");
});

test("the cells between those of the input are padding", () => {
  const scene = new Scene(new Model(spread()));
  const own = Array.from({ length: 15 }, (_, i) => i).filter(
    (cell) => !scene.isPadding(cell),
  );

  assert.deepEqual(own, [6, 8]);
  assert.deepEqual(
    [scene.ring, scene.spacing],
    [
      [1, 1, 1, 1],
      [2, 2],
    ],
  );
  assert.deepEqual(inputPlane(scene, 0).gaps, [2, 2]);
});

test("what a spread cell goes into is found through the zeros", () => {
  const { into } = relate(new Model(spread()), { tensor: "x", index: 1 });

  assert.deepEqual([...(into.get("y") ?? [])], [1, 2]);
});

test("the slices of a filter follow its axes, whichever comes first", () => {
  const { reply: example } = convolution({ channels: 2, filters: 2 });
  const straight = new Scene(new Model(example));
  const taps = example.tensors.weight.shape.slice(2);
  assert.equal(filterPlane(straight, 1, 0).first.index, 2 * taps[0] * taps[1]);

  const { weight } = example.tensors;
  const [filter, channel] = example.phases[1].bind.w;
  weight.axes = ["channel", "filter", "row", "column"];
  example.phases[1].bind.w.splice(0, 2, channel, filter);
  const crossed = new Scene(new Model(example));
  assert.equal(filterPlane(crossed, 1, 0).first.index, taps[0] * taps[1]);
  assert.equal(filterPlane(crossed, 0, 1).first.index, 2 * taps[0] * taps[1]);
});

test("only what nothing writes can be changed", () => {
  const scene = new Scene(new Model(convolution().reply));

  assert.equal(inputPlane(scene, 0).editable, true);
  assert.equal(scene.model.given("padded"), false);
});
