import { numbers, phase, reply, tensor } from "./examples.js";

const MAP = ["image", "map", "row", "column"];

/** The operations of the chain, and what each writes. */
export const PARTS = [
  { title: "Slide", formula: "<math></math>", writes: ["z"], shut: {} },
  { title: "Centre", formula: "<math></math>", writes: ["mu", "n"], shut: {} },
  { title: "Loss", formula: "<math></math>", writes: ["loss"], shut: {} },
];

const box = (row, column, size) => [
  [0, 1, 1],
  [0, 1, 1],
  [row, size, 1],
  [column, size, 1],
];
const all = box(0, 0, 2);
const one = [[0, 1, 1]];

/** A window of 2x2 over 3x3 cells at each of its four places. */
const places = [0, 1, 2, 3].map((n) => [Math.floor(n / 2), n % 2]);

/** A phase whose boxes are written out. */
function told(reads, writes, boxes, terms, more = {}) {
  const symbols = Object.fromEntries(reads.map((name) => [name, name]));
  const zeros = Array.from({ length: boxes.length * terms }, () => 0);
  return phase({
    reads: symbols,
    writes,
    boxes,
    steps: boxes.length,
    numbers: numbers(zeros, more.combine === "each" ? [] : zeros),
    ...more,
  });
}

const each = { combine: "each" };
const cells = (tensors, size) =>
  Array.from({ length: size * size }, (_, n) =>
    Object.fromEntries(
      tensors.map((name) => [name, box(Math.floor(n / size), n % size, 1)]),
    ),
  );
const with_ = (boxes, more) => boxes.map((own) => ({ ...own, ...more }));

/** A kernel that slides, a mean that is taken away, a loss, and the way back. */
export function chain() {
  const value = (role, size, more) =>
    tensor(role, MAP, [1, 1, size, size], Array(size * size).fill(1), {
      ...more,
      label: role === "intermediate" ? "Output" : role,
    });
  const gradient = (of, size) => value("gradient", size, { gradientOf: of });
  const tensors = {
    w: value("weight", 2),
    x: value("input", 3),
    z: value("intermediate", 2),
    mu: tensor("intermediate", ["map"], [1], [1]),
    n: value("intermediate", 2),
    t: value("input", 2),
    loss: tensor("output", [], [], [1]),
    grad_n: gradient("n", 2),
    grad_mu: tensor("gradient", ["map"], [1], [1], { gradientOf: "mu" }),
    grad_z: gradient("z", 2),
    spread: { ...value("gradient", 4), extends: "grad_z", fill: 0 },
    grad_x: gradient("x", 3),
    grad_w: gradient("w", 2),
  };
  const windows = places.map(([row, column]) => ({
    w: all,
    x: box(row, column, 2),
    z: box(row, column, 1),
  }));
  const corners = cells(["grad_x"], 3).map((own, n) => ({
    ...own,
    w: all,
    spread: box(Math.floor(n / 3), n % 3, 2),
  }));
  const weights = places.map(([row, column]) => ({
    x: box(row, column, 2),
    grad_z: all,
    grad_w: box(row, column, 1),
  }));
  const phases = [
    told(["w", "x"], "z", windows, 4),
    told(["z"], "mu", [{ z: all, mu: one }], 4),
    told(["z", "mu"], "n", with_(cells(["z", "n"], 2), { mu: one }), 1, each),
    told(["n", "t"], "loss", [{ n: all, t: all, loss: [] }], 4),
    told(["n", "t"], "grad_n", cells(["n", "t", "grad_n"], 2), 1, each),
    told(["grad_n"], "grad_mu", [{ grad_n: all, grad_mu: one }], 4),
    told(["grad_n"], "grad_z", cells(["grad_n", "grad_z"], 2), 1, each),
    told(
      ["grad_mu"],
      "grad_z",
      with_(cells(["grad_z"], 2), { grad_mu: one }),
      1,
      { ...each, adds: true },
    ),
    told(
      ["grad_z"],
      "spread",
      [{ grad_z: all, spread: box(1, 1, 2) }],
      4,
      each,
    ),
    told(["w", "spread"], "grad_x", corners, 4),
    told(["x", "grad_z"], "grad_w", weights, 4),
  ];
  return reply(tensors, phases);
}
