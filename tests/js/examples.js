/**
 * Traces to test with, made by plain loops that know nothing of boxes.
 */

/** Whole numbers that look random, the same in every run. */
export function dice(seed = 1) {
  let state = seed >>> 0;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Names a tensor that holds some values. */
export function tensor(role, axes, shape, values, more = {}) {
  return {
    label: role,
    role,
    axes,
    shape,
    values,
    fill: null,
    extends: null,
    offset: [],
    spacing: [],
    gradientOf: null,
    measures: null,
    ...more,
  };
}

/** A phase with the usual settings. */
export function phase(settings) {
  return {
    title: "",
    formula: { symbols: "", numbers: "" },
    term: { symbols: "", numbers: "" },
    combine: "sum",
    divisor: 1,
    adds: false,
    subtotals: null,
    extra: [],
    group: null,
    setup: false,
    loops: [],
    bind: {},
    boxes: [],
    ...settings,
  };
}

/** The numbers of a phase, as they travel. */
export function numbers(terms, running, more = {}) {
  const none = { partial: [], results: [], picks: [], cancels: [] };
  return { terms, running, ...none, ...more };
}

export function reply(tensors, phases) {
  return { op: "example", formula: null, tensors, phases, playable: true };
}

/** One number a step is copied from x to y. */
export function copies(values, more = {}) {
  const size = values.length;
  return reply(
    {
      x: tensor("input", ["sample"], [size], values),
      y: tensor("output", ["sample"], [size], values, more.tensor),
    },
    [
      phase({
        reads: { x: "x" },
        writes: "y",
        steps: size,
        loops: [["at", size]],
        bind: { x: [[0, 1, 1, [1]]], y: [[0, 1, 1, [1]]] },
        numbers: numbers(values, values),
        ...more.phase,
      }),
    ],
  );
}

/** A mean of windows of two cells, the last one clipped, and a second phase in their group. */
export function clipped() {
  const terms = [4, 6, 5];
  const box = (start, count) => [[start, count, 1]];
  return reply(
    {
      x: tensor("input", ["at"], [3], terms),
      y: tensor("output", ["at"], [2], [5, 5]),
      z: tensor("output", ["at"], [1], [10], { fill: 0 }),
    },
    [
      phase({
        reads: { x: "x" },
        writes: "y",
        combine: "mean",
        group: "both",
        steps: 2,
        boxes: [
          { x: box(0, 2), y: box(0, 1) },
          { x: box(2, 1), y: box(1, 1) },
        ],
        numbers: numbers(terms, [4, 10, 5, 5]),
      }),
      phase({
        reads: { y: "y" },
        writes: "z",
        adds: true,
        group: "both",
        steps: 2,
        loops: [["at", 2]],
        bind: { y: [[0, 1, 1, [1]]], z: [[0, 1, 1, [0]]] },
        numbers: numbers([5, 5], [5, 5], { results: [5, 5] }),
      }),
    ],
  );
}

const mirrored = (at, size) =>
  at < 0 ? -at : at < size ? at : 2 * (size - 1) - at;

/**
 * A convolution under a mirrored border, and which cells meet in each of its products.
 *
 * @returns {{reply: object, products: {x: number, w: number, y: number, padded: number}[]}}
 */
export function convolution({
  channels = 1,
  filters = 1,
  size = [4, 5],
  taps = [3, 2],
  stride = [1, 1],
  dilation = [1, 1],
  padding = 1,
  flip = false,
} = {}) {
  const random = dice(7);
  const [height, width] = size;
  const outer = [height + 2 * padding, width + 2 * padding];
  const [rows, columns] = [0, 1].map(
    (axis) =>
      Math.floor(
        (outer[axis] - dilation[axis] * (taps[axis] - 1) - 1) / stride[axis],
      ) + 1,
  );
  const draw = (count) => Array.from({ length: count }, () => random(7) - 3);
  const x = draw(channels * height * width);
  const weight = draw(filters * channels * taps[0] * taps[1]);
  const source = [];
  for (let c = 0; c < channels; c++)
    for (let i = 0; i < outer[0]; i++)
      for (let j = 0; j < outer[1]; j++)
        source.push(
          (c * height + mirrored(i - padding, height)) * width +
            mirrored(j - padding, width),
        );
  const y = new Array(filters * rows * columns).fill(0);
  const terms = [];
  const running = [];
  const products = [];
  y.forEach((_, cell) => {
    const k = Math.floor(cell / (rows * columns));
    const i = Math.floor(cell / columns) % rows;
    const j = cell % columns;
    for (let c = 0; c < channels; c++)
      for (let u = 0; u < taps[0]; u++)
        for (let v = 0; v < taps[1]; v++) {
          const row = i * stride[0] + u * dilation[0];
          const column = j * stride[1] + v * dilation[1];
          const padded = (c * outer[0] + row) * outer[1] + column;
          const tap = flip ? [taps[0] - 1 - u, taps[1] - 1 - v] : [u, v];
          const w = ((k * channels + c) * taps[0] + tap[0]) * taps[1] + tap[1];
          products.push({ x: source[padded], w, y: cell, padded });
          terms.push(weight[w] * x[source[padded]]);
          y[cell] += weight[w] * x[source[padded]];
          running.push(y[cell]);
        }
  });
  const volume = ["image", "channel", "row", "column"];
  const still = [0, 0, 0];
  const tap = (count) =>
    flip ? [count - 1, count, -1, still] : [0, count, 1, still];
  return {
    products,
    reply: reply(
      {
        x: tensor("input", volume, [1, channels, ...size], x),
        padded: tensor(
          "input",
          volume,
          [1, channels, ...outer],
          source.map((at) => x[at]),
          { extends: "x", offset: [0, 0, padding, padding] },
        ),
        weight: tensor(
          "weight",
          ["filter", "channel", "row", "column"],
          [filters, channels, ...taps],
          weight,
        ),
        y: tensor(
          "output",
          ["image", "map", "row", "column"],
          [1, filters, rows, columns],
          y,
        ),
      },
      [
        phase({
          reads: { x: "x" },
          writes: "padded",
          combine: "each",
          setup: true,
          steps: 9,
          boxes: border(channels, size, padding),
        }),
        phase({
          reads: { w: "weight", x: "padded" },
          writes: "y",
          subtotals: "channel",
          steps: y.length,
          loops: [
            ["filter", filters],
            ["row", rows],
            ["column", columns],
          ],
          bind: {
            w: [
              [0, 1, 1, [1, 0, 0]],
              [0, channels, 1, still],
              tap(taps[0]),
              tap(taps[1]),
            ],
            x: [
              [0, 1, 1, still],
              [0, channels, 1, still],
              [0, taps[0], dilation[0], [0, stride[0], 0]],
              [0, taps[1], dilation[1], [0, 0, stride[1]]],
            ],
            y: [
              [0, 1, 1, still],
              [0, 1, 1, [1, 0, 0]],
              [0, 1, 1, [0, 1, 0]],
              [0, 1, 1, [0, 0, 1]],
            ],
          },
          numbers: numbers(terms, running),
        }),
      ],
    ),
  };
}

/** The nine blocks of a mirrored border. */
function border(channels, size, padding) {
  const [rows, columns] = size.map((cells) => [
    [
      [padding, padding, -1],
      [0, padding, 1],
    ],
    [
      [0, cells, 1],
      [padding, cells, 1],
    ],
    [
      [cells - 2, padding, -1],
      [padding + cells, padding, 1],
    ],
  ]);
  const whole = [
    [0, 1, 1],
    [0, channels, 1],
  ];
  return rows.flatMap((row) =>
    columns.map((column) => ({
      x: [...whole, row[0], column[0]],
      padded: [...whole, row[1], column[1]],
    })),
  );
}
