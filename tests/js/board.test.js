import assert from "node:assert/strict";
import { test } from "node:test";

import { Model } from "../../static/js/model.js";
import { Player } from "../../static/js/player.js";
import { relateThrough } from "../../static/js/views/board/relations.js";
import { BoardScene } from "../../static/js/views/board/scene.js";
import { Totals } from "../../static/js/views/board/totals.js";
import {
  columnsOf,
  hasGradients,
} from "../../static/js/views/board/variables.js";
import { INPUT, scatter, seen, TAPS, UPSTREAM } from "./board-example.js";
import { convolution, tensor } from "./examples.js";

const named = (columns) =>
  columns.map(({ value, gradient }) => [
    value.map(({ name }) => name),
    gradient.map(({ name }) => name),
  ]);
const sceneOf = (model, width = 1192, height = 560) =>
  new BoardScene(model, { width, height }, {});
const cells = (found, name) => [...(found.get(name) ?? [])].sort();

test("a column is a variable above its gradient, in the order of the roles", () => {
  const columns = columnsOf(new Model(scatter()));

  assert.deepEqual(named(columns), [
    [["x"], ["grad_x"]],
    [["weight"], ["grad_weight", "grad_bias"]],
    [[], ["grad_y"]],
  ]);
});

test("a trace without gradients is not for the board", () => {
  assert.equal(hasGradients(convolution({}).reply.tensors), false);
  assert.equal(hasGradients(scatter().tensors), true);
});

test("what an output should be stands between it and its gradient", () => {
  const example = scatter();
  const { axes, shape, values } = example.tensors.grad_y;
  example.tensors.target = tensor("input", axes, shape, values);
  example.tensors.y = tensor("output", axes, shape, values);

  const [, , last] = columnsOf(new Model(example));

  assert.deepEqual(named([last]), [[["y", "target"], ["grad_y"]]]);
  assert.deepEqual(
    [...last.value, ...last.gradient].map(({ sign }) => sign),
    ["", "−", "="],
  );
});

test("padding is a ring around its source, and around the gradient of it", () => {
  const example = scatter();
  const axes = example.tensors.x.axes;
  const wide = [1, 1, 5, 6];
  const values = new Array(30).fill(0);
  const padded = { extends: "x", offset: [0, 0, 1, 2] };
  example.tensors.padded = tensor("input", axes, wide, values, padded);
  const of = { gradientOf: "padded" };
  example.tensors.grad_padded = tensor("gradient", axes, wide, values, of);

  const [{ value, gradient }] = columnsOf(new Model(example));

  assert.deepEqual(
    [...value, ...gradient].map(({ name, wide, ring }) => [name, wide, ring]),
    [
      ["x", "padded", [1, 1, 2, 1]],
      ["grad_x", "grad_padded", [1, 1, 2, 1]],
    ],
  );
});

test("only what is given can be edited", () => {
  const all = columnsOf(new Model(scatter())).flatMap((column) => [
    ...column.value,
    ...column.gradient,
  ]);

  const editable = all.filter(({ editable }) => editable);
  assert.deepEqual(
    editable.map(({ name }) => name),
    ["x", "weight", "grad_y"],
  );
});

test("in the middle of a move the cells reached have their new totals", () => {
  const model = new Model(scatter());
  const player = new Player(model);
  const totals = new Totals(model);
  player.seek(2);
  player.seekTerm(3);

  totals.follow(player);

  const expected = new Array(9).fill(0);
  const added = [...TAPS.keys()].flatMap((tap) => [
    [seen(0, tap), UPSTREAM[0] * TAPS[tap]],
    [seen(1, tap), tap < 3 ? UPSTREAM[1] * TAPS[tap] : 0],
  ]);
  for (const [at, by] of added) expected[at] += by;
  assert.deepEqual([...totals.now("grad_x")], expected);
  assert.equal(totals.now("grad_bias")[0], UPSTREAM[0] + UPSTREAM[1]);
});

test("after the last move every total is the finished gradient", () => {
  const example = scatter();
  const model = new Model(example);
  const totals = new Totals(model);

  totals.follow(new Player(model, 4));

  for (const name of ["grad_x", "grad_weight"])
    assert.deepEqual([...totals.now(name)], example.tensors[name].values);
});

test("an input cell meets the gradient of every output it fed", () => {
  const model = new Model(scatter());

  for (const index of INPUT.keys()) {
    const fed = [...UPSTREAM.keys()].filter((turn) =>
      [...TAPS.keys()].some((tap) => seen(turn, tap) === index),
    );
    const { meets } = relateThrough(model, { tensor: "x", index });
    assert.deepEqual(cells(meets, "grad_y"), fed);
  }
});

test("a gradient comes from each output it fed, by way of the weight used there", () => {
  const { from } = relateThrough(new Model(scatter()), {
    tensor: "grad_x",
    index: 1,
  });

  assert.deepEqual(cells(from, "grad_y"), [0, 1]);
  assert.deepEqual(cells(from, "weight"), [0, 1]);
});

test("a move outlines what it reads and writes, and the variables of its gradients", () => {
  const model = new Model(scatter());
  const scene = sceneOf(model);

  const boxes = scene.boxesOf(model.moves[1]);

  const corner = (name) =>
    boxes
      .filter(({ tensor }) => tensor === name)
      .map(({ box }) => box.slice(-2).map(([start, count]) => [start, count]));
  const window = [
    [0, 2],
    [1, 2],
  ];
  assert.deepEqual(corner("x"), [window]);
  assert.deepEqual(corner("grad_x"), [window]);
  assert.equal(corner("weight").length, 1);
  assert.equal(corner("grad_y").length, 1);
});

test("a cell of the move knows its term, and so does its gradient's cell", () => {
  const model = new Model(scatter());
  const scene = sceneOf(model);

  const terms = ["x", "grad_x"].map((tensor) =>
    scene.termAt(model.moves[0], { tensor, index: seen(0, 2) }),
  );

  assert.deepEqual(terms, [2, 2]);
  assert.equal(scene.termAt(model.moves[0], { tensor: "x", index: 8 }), null);
});
