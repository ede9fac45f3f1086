import { numbers, phase, reply, tensor } from "./examples.js";

export const INPUT = [1, 3, 1, 2, 2, -1, 0, -1, 2];
export const TAPS = [0, -1, 3, 1];
export const UPSTREAM = [3, -2, -3, 2];

const planes = ["image", "channel", "row", "column"];
const maps = ["image", "map", "row", "column"];
const taps = ["filter", "channel", "row", "column"];
const window = [
  [0, 1, 1, [0, 0]],
  [0, 1, 1, [0, 0]],
  [0, 2, 1, [1, 0]],
  [0, 2, 1, [0, 1]],
];
const cell = window.map(([start, , step, moves]) => [start, 1, step, moves]);
const whole = window.map(([start, count, step]) => [
  start,
  count,
  step,
  [0, 0],
]);

/** Where a tap of a window falls on the 3×3 input, by plain counting. */
export const seen = (turn, tap) =>
  (Math.floor(turn / 2) + Math.floor(tap / 2)) * 3 + (turn % 2) + (tap % 2);

/** A 2×2 filter over a 3×3 input, backward, one window position at a time. */
export function scatter() {
  const toInput = [];
  const toFilter = [];
  const gradX = new Array(9).fill(0);
  const gradW = new Array(4).fill(0);
  for (let turn = 0; turn < 4; turn++) {
    for (let tap = 0; tap < 4; tap++) {
      const at = seen(turn, tap);
      toInput.push(UPSTREAM[turn] * TAPS[tap]);
      toFilter.push(UPSTREAM[turn] * INPUT[at]);
      gradX[at] += UPSTREAM[turn] * TAPS[tap];
      gradW[tap] += UPSTREAM[turn] * INPUT[at];
    }
  }
  const loops = [
    ["row", 2],
    ["column", 2],
  ];
  const common = {
    combine: "each",
    adds: true,
    group: "window",
    steps: 4,
    loops,
  };
  return reply(
    {
      grad_y: tensor("gradient", maps, [1, 1, 2, 2], UPSTREAM, {
        gradientOf: "y",
      }),
      weight: tensor("weight", taps, [1, 1, 2, 2], TAPS),
      x: tensor("input", planes, [1, 1, 3, 3], INPUT),
      grad_x: tensor("gradient", planes, [1, 1, 3, 3], gradX, {
        gradientOf: "x",
        fill: 0,
      }),
      grad_weight: tensor("gradient", taps, [1, 1, 2, 2], gradW, {
        gradientOf: "weight",
        fill: 0,
      }),
      grad_bias: tensor("gradient", ["filter"], [1], [0], {
        gradientOf: "bias",
        fill: 0,
      }),
    },
    [
      phase({
        ...common,
        reads: { w: "weight", g: "grad_y" },
        writes: "grad_x",
        bind: { w: whole, g: cell, grad_x: window },
        numbers: numbers(toInput, []),
      }),
      phase({
        ...common,
        reads: { x: "x", g: "grad_y" },
        writes: "grad_weight",
        bind: { x: window, g: cell, grad_weight: whole },
        numbers: numbers(toFilter, []),
      }),
      phase({
        ...common,
        reads: { g: "grad_y" },
        writes: "grad_bias",
        bind: { g: cell, grad_bias: [[0, 1, 1, [0, 0]]] },
        numbers: numbers(UPSTREAM, []),
      }),
    ],
  );
}
