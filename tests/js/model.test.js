import assert from "node:assert/strict";
import { test } from "node:test";

import { Model } from "../../static/js/model.js";
import { Player } from "../../static/js/player.js";
import { clipped, convolution, copies } from "./examples.js";

test("phases of a group advance in one move", () => {
  const player = new Player(new Model(clipped()), 1);

  assert.deepEqual(player.model.moves, [
    { phase: 0, turn: 0, group: [0, 1] },
    { phase: 0, turn: 1, group: [0, 1] },
  ]);
  assert.deepEqual(
    [[...player.values("y")], [...player.values("z")]],
    [[5, NaN], [5]],
  );
  player.next();
  assert.deepEqual(
    [[...player.values("y")], [...player.values("z")]],
    [[5, 5], [10]],
  );
});

test("phases without a group come one after the other", () => {
  const example = copies([3, 1]);
  example.phases.push(example.phases[0]);

  const order = new Model(example).moves.map(({ phase, turn }) => [
    phase,
    turn,
  ]);

  assert.deepEqual(order, [
    [0, 0],
    [0, 1],
    [1, 0],
    [1, 1],
  ]);
});

test("steps of different length have their own numbers", () => {
  const model = new Model(clipped());
  const { running } = model.numbers(0, 0);

  assert.deepEqual([model.termsOf(0, 0), running], [2, [4, 10, 5]]);
  assert.deepEqual(model.numbers(0, 1), {
    terms: [5],
    running: [5],
    partial: [],
    picks: [],
  });
});

test("the numbers of a maximum say which term decided", () => {
  const example = copies([3, 1], { phase: { combine: "max" } });
  example.phases[0].numbers.picks = [0, 0];

  assert.deepEqual(new Model(example).numbers(0, 1).picks, [0]);
});

test("the numbers of a step are its own part of the flat list", () => {
  const model = new Model(convolution().reply);
  const { terms, running } = model.numbers(1, 3);

  assert.deepEqual(terms, model.phases[1].numbers.terms.slice(18, 24));
  assert.equal(running.at(-1), model.tensor("y").values[3]);
});

test("numbers of a trace that is too large are null until they are fetched", () => {
  const example = copies([3, 1]);
  delete example.phases[0].numbers;
  const model = new Model(example);
  const fetched = { terms: [1], running: [1], partial: [], picks: [] };

  assert.equal(model.numbers(0, 1), null);
  model.fetched.set("0:1", fetched);
  assert.equal(model.numbers(0, 1), fetched);
});
