import assert from "node:assert/strict";
import { test } from "node:test";

import { addressOf, bodyOf, editsIn } from "../../static/js/url-state.js";
import { dice } from "./examples.js";

const control = (key, path, kind, query) => ({
  key,
  path,
  kind,
  query,
  label: key,
  section: "Input",
  minimum: 0,
  maximum: 99,
  parts: [],
});
const CONTROLS = [
  control("x", "x.preset", "choice", "integers"),
  control("w", "x.width", "number", "7"),
  control("#x", "x.edits", "cells", ""),
  control("s", "stride", "number", "1"),
  control("p", "padding", "number", "0"),
  control("b", "bias.on", "switch", "0"),
];
const USUAL = { x: "integers", w: "7", s: "1", p: "0", b: "0" };
const state = (values = {}, edits = {}, op = "conv2d") => ({
  op,
  values: { ...USUAL, ...values },
  edits,
});

test("an address says only what is not usual", () => {
  assert.equal(addressOf(state(), CONTROLS, {}), "?");
  assert.equal(
    addressOf(state({ w: "9", s: "2,1", b: "1" }), CONTROLS, {}),
    "?w=9&s=2,1&b=1",
  );
});

test("another operation, the step and the channel stand in the address", () => {
  const view = { t: 4, c: null, present: 1 };

  assert.equal(
    addressOf(state({}, {}, "pool"), CONTROLS, view),
    "?op=pool&t=4&present=1",
  );
});

test("neighbouring cells of a row are one run", () => {
  const edits = { x: { "0.2.2": 6, "0.2.1": 5, "0.2.3": -7.5, "0.3.4": 1 } };

  assert.equal(
    addressOf(state({}, edits), CONTROLS, {}),
    "?#x=0.2.1:5,6,-7.5;0.3.4:1",
  );
});

test("cells are in the order of their numbers, not of their letters", () => {
  const edits = { x: { "0.10.0": 1, "0.9.0": 2, "0.9.10": 3, "0.9.9": 4 } };

  assert.equal(
    addressOf(state({}, edits), CONTROLS, {}),
    "?#x=0.9.0:2;0.9.9:4,3;0.10.0:1",
  );
});

test("cells of several tensors stand side by side", () => {
  const edits = { x: { "0.0.0": 1 }, w: { "0.0.0.0": 2 }, b: {} };

  assert.equal(
    addressOf(state({}, edits), CONTROLS, {}),
    "?#x=0.0.0:1&w=0.0.0.0:2",
  );
});

test("edited cells survive the way into an address and back", () => {
  const random = dice(11);
  for (let round = 0; round < 50; round++) {
    const edits = { x: {}, w: {} };
    for (let i = 0; i <= random(12); i++) {
      edits.x[`${random(2)}.${random(12)}.${random(12)}`] = random(200) / 8 - 9;
      edits.w[`${random(3)}.0.${random(3)}.${random(3)}`] = random(9) - 4;
    }

    const hash = addressOf(state({}, edits), CONTROLS, {}).split("#")[1];

    assert.deepEqual(editsIn(`#${hash}`), edits);
  }
});

test("settings survive the way into an address and back", () => {
  const values = { ...USUAL, x: "ramp", s: "2,1", p: "0,1,2,3" };

  const query = new URLSearchParams(
    addressOf(state(values), CONTROLS, {}).split("#")[0],
  );

  assert.deepEqual({ ...USUAL, ...Object.fromEntries(query) }, values);
});

test("of a broken fragment what is understood is kept", () => {
  const hash = "#x=0.0.1:5,,oops,8;junk;1.1:;a.b:3&Y=0:1&y-y=0:1&w=&b=0:2";

  assert.deepEqual(editsIn(hash), {
    x: { "0.0.1": 5, "0.0.4": 8 },
    b: { 0: 2 },
  });
});

test("an empty fragment has no edits", () => {
  assert.deepEqual([editsIn(""), editsIn("#"), editsIn("#x")], [{}, {}, {}]);
});

test("a body nests settings as the request does, as numbers, words and switches", () => {
  const body = bodyOf(state({ x: "ramp", s: "2,1", b: "1" }), CONTROLS);

  assert.deepEqual(body, {
    op: "conv2d",
    x: { preset: "ramp", width: 7 },
    stride: [2, 1],
    padding: 0,
    bias: { on: true },
  });
});

test("edited cells travel as their index and their value", () => {
  const edits = { x: { "0.1.2": -3.5 } };

  assert.deepEqual(bodyOf(state({}, edits), CONTROLS).x.edits, [
    [0, 1, 2, -3.5],
  ]);
});

test("what is no number travels as it was typed", () => {
  const body = bodyOf(state({ w: "ten", s: "", p: "same" }), CONTROLS);

  assert.deepEqual(
    [body.x.width, body.stride, body.padding],
    ["ten", "", "same"],
  );
});

test("a decimal is one number; a decimal comma travels as it was typed", () => {
  const gamma = [control("gamma", "gamma", "decimal", "1")];
  const sent = (text) =>
    bodyOf({ op: "norm", values: { gamma: text }, edits: {} }, gamma).gamma;

  assert.deepEqual(["-2.5", "1e-5", "1,5", ""].map(sent), [
    -2.5,
    0.00001,
    "1,5",
    "",
  ]);
});
