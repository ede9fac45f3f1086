import assert from "node:assert/strict";
import { test } from "node:test";

import { Model } from "../../static/js/model.js";
import { Player } from "../../static/js/player.js";
import {
  clipped,
  convolution,
  copies,
  numbers,
  phase,
  reply,
  tensor,
} from "./examples.js";

const playing = (example, position) => new Player(new Model(example), position);
const shown = (player, name = "y") => [...player.values(name)];

/** Two windows of two cells each, whose results add up in the cell they share. */
function scattered() {
  const result = [1, 2, 10, 20];
  return reply(
    {
      x: tensor("input", ["at"], [2], [1, 10]),
      y: tensor("gradient", ["at"], [3], [1, 12, 20], { fill: 0 }),
    },
    [
      phase({
        reads: { x: "x" },
        writes: "y",
        adds: true,
        combine: "each",
        steps: 2,
        loops: [["at", 2]],
        bind: { x: [[0, 2, 0, [1]]], y: [[0, 2, 1, [1]]] },
        numbers: numbers(result, [], { results: result }),
      }),
    ],
  );
}

test("shares that cancel leave the 0 of the finished tensor, not a rest", () => {
  const example = scattered();
  const result = [0.1, 0.3, -0.1 - 0.2, 20];
  example.phases[0].numbers = numbers(result, [], { results: result });
  example.tensors.y.values = [0.1, 0, 20];

  const player = playing(example, 1);
  assert.deepEqual(shown(player), [0.1, 0.3, 0]);

  player.seek(2);
  assert.deepEqual(shown(player), [0.1, 0, 20]);
});

test("before the first move every played cell is empty", () => {
  const player = playing(copies([3, 1, 4]));

  assert.deepEqual(shown(player), [NaN, NaN, NaN]);
  assert.deepEqual([player.position, player.move], [0, null]);
});

test("a cell that nothing has written yet keeps its fill", () => {
  const player = playing(copies([3, 1, 4], { tensor: { fill: 0 } }), 1);

  assert.deepEqual(shown(player), [3, 0, 0]);
});

test("at a position as many moves are made", () => {
  const player = playing(copies([3, 1, 4]), 2);

  assert.deepEqual(shown(player), [3, 1, NaN]);
  assert.deepEqual(player.move, { phase: 0, turn: 1, group: [0] });
});

test("going back empties the cells again", () => {
  const player = playing(copies([3, 1, 4]), 3);
  shown(player);

  player.seek(1);

  assert.deepEqual(shown(player), [3, NaN, NaN]);
});

test("results that add up accumulate, and going back leaves nothing behind", () => {
  const player = playing(scattered(), 2);

  assert.deepEqual(shown(player), [1, 12, 20]);
  player.seek(1);
  assert.deepEqual(shown(player), [1, 2, 0]);
  player.seek(2);
  assert.deepEqual(shown(player), [1, 12, 20]);
});

test("a position reached by any way shows the same", () => {
  const example = convolution({ filters: 2 }).reply;
  const jumping = playing(example);

  for (const position of [5, 17, 2, 40, 39, 0, 1, 40]) {
    jumping.seek(position);

    assert.deepEqual(shown(jumping), shown(playing(example, position)));
  }
});

test("at the end the tensors are the finished ones", () => {
  const example = convolution({ filters: 2, stride: [2, 1] }).reply;

  const player = playing(example, Infinity);

  assert.equal(player.position, player.length);
  assert.deepEqual(shown(player), example.tensors.y.values);
});

test("what is given or prepared is there from the start", () => {
  const example = convolution().reply;
  const player = playing(example);

  for (const name of ["x", "weight", "padded"])
    assert.deepEqual(shown(player, name), example.tensors[name].values);
});

test("prepared phases are no moves", () => {
  const example = convolution().reply;

  assert.equal(playing(example).length, example.phases[1].steps);
});

test("a step of any phase of a group can be gone to", () => {
  const player = playing(clipped(), 0);

  player.goTo({ phase: 1, turn: 1 });

  assert.equal(player.position, 2);
});

test("a trace that is too large to play shows what is finished", () => {
  const example = copies([3, 1]);
  example.playable = false;

  assert.deepEqual(shown(playing(example)), [3, 1]);
});

test("a move that begins writes its cell only with its last term", () => {
  const player = playing(convolution().reply);
  const before = shown(player);

  player.begin();
  assert.deepEqual([player.position, player.term, player.terms], [1, 0, 6]);
  assert.deepEqual(shown(player), before);
  player.seekTerm(5);
  assert.deepEqual([player.complete, shown(player)], [false, before]);
  player.seekTerm(6);
  assert.equal(player.complete, true);
  assert.equal(shown(player)[0], player.model.tensor("y").values[0]);
});

test("terms are counted within the move", () => {
  const player = playing(convolution().reply, 1);

  player.seekTerm(-3);
  assert.equal(player.term, 0);
  player.seekTerm(99);
  assert.equal(player.term, 6);
});

test("back from the middle of a sum is its end, then the move before", () => {
  const player = playing(convolution().reply, 4);
  player.begin();
  player.seekTerm(2);

  player.previous();
  assert.deepEqual([player.position, player.complete], [5, true]);
  player.previous();
  assert.deepEqual([player.position, player.complete], [4, true]);
});

test("positions outside are the nearest end", () => {
  const player = playing(copies([3, 1, 4]));

  for (const [wish, position] of [
    [-5, 0],
    [99, 3],
    [1.4, 1],
    [NaN, 0],
  ]) {
    player.seek(wish);
    assert.equal(player.position, position);
  }
  player.seek(3);
  player.next();
  assert.equal(player.position, 3);
});

test("another trace keeps the position as far as there are moves", () => {
  const player = playing(copies([3, 1, 4, 1]), 2);

  player.model = new Model(copies([7, 8, 9]));
  assert.deepEqual(shown(player), [7, 8, NaN]);
  player.model = new Model(copies([5]));
  assert.deepEqual([player.position, shown(player)], [1, [5]]);
});

test("what was finished stays finished under another trace", () => {
  const player = playing(copies([3, 1]), 2);

  player.model = new Model(copies([7, 8, 9]));

  assert.deepEqual(shown(player), [7, 8, 9]);
});

test("play starts again from the end, and stops there", () => {
  const player = playing(copies([3, 1]), 2);

  player.play();
  assert.deepEqual([player.playing, player.position], [true, 0]);
  for (let i = 0; i < 3; i++) {
    player.begin();
    player.seekTerm(Infinity);
  }
  assert.deepEqual([player.playing, player.position], [false, 2]);
});

test("nothing plays where there are no moves", () => {
  const example = copies([3]);
  example.phases[0].setup = true;
  const player = playing(example);

  player.play();

  assert.equal(player.playing, false);
});

test("listeners hear of a change once, and of nothing where nothing changes", () => {
  const player = playing(copies([3, 1, 4]), 1);
  const heard = [];
  for (const type of ["change", "play"])
    player.addEventListener(type, () => heard.push(type));

  player.next();
  player.seekTerm(player.term);
  player.pause();
  player.play();
  player.play();

  assert.deepEqual(heard, ["change", "play"]);
});
