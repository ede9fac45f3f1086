/** @import {Share} from "./shares.js" */

/**
 * The tensor as a solid of columns, one a sample and channel: it falls apart into the pieces that
 * share a statistic.
 *
 * @typedef {{x: number, y: number}} Point
 */

/** A step along the channels runs down to the right, one along the samples down to the left. */
const ALONG = { channel: { x: 24, y: 12 }, sample: { x: -24, y: 12 } };
const LAYER = 12;
const MOST_HIGH = 108;
/** How far pieces stand apart, in steps. */
const APART = 0.62;
/** Around the solid, for the names of its axes. */
const MARGIN = { x: 50, y: 24 };
/** How far the names stand from its edges. */
const NAME = { aside: 8, below: 12 };

/** @param {Point} a @param {Point} b @param {number} by */
const plus = (a, b, by) => ({ x: a.x + b.x * by, y: a.y + b.y * by });

/**
 * How many pieces lie before each sample, or each channel.
 *
 * @param {number} length
 * @param {[first: number, count: number][]} parts
 */
function piecesBefore(length, parts) {
  const starts = [...new Set(parts.map(([first]) => first))];
  return Array.from(
    { length },
    (_, at) => starts.filter((start) => start > 0 && start <= at).length,
  );
}

/**
 * Where the upper corner of each column is, samples outermost, and how large the whole is.
 *
 * @param {number[]} shape
 * @param {Share[]} shares
 */
export function solidOf([samples, channels, rows, columns], shares) {
  const layer = Math.min(LAYER, MOST_HIGH / (rows * columns));
  const high = rows * columns * layer;
  const n = piecesBefore(
    samples,
    shares.map((share) => share.samples),
  );
  const c = piecesBefore(
    channels,
    shares.map((share) => share.channels),
  );
  /** @type {Point[]} */
  const at = [];
  for (let sample = 0; sample < samples; sample++) {
    for (let channel = 0; channel < channels; channel++) {
      const along = plus(
        { x: 0, y: 0 },
        ALONG.channel,
        channel + APART * c[channel],
      );
      at.push(plus(along, ALONG.sample, sample + APART * n[sample]));
    }
  }
  // The room is that of the solid when it is most apart, so that nothing else moves with it.
  const [most, deep] = [samples, channels].map((s) => s + APART * (s - 1));
  const left = -ALONG.sample.x * most;
  const right = ALONG.channel.x * deep;
  const down = ALONG.sample.y * (most + deep) + high;
  const own = plus(
    plus({ x: 0, y: 0 }, ALONG.channel, channels + APART * c[channels - 1]),
    ALONG.sample,
    samples + APART * n[samples - 1],
  );
  const spare = (down - own.y - high) / 2;
  const middle = (right - left - own.x) / 2;
  return {
    at: at.map(({ x, y }) => ({
      x: x + left + middle + MARGIN.x,
      y: y + spare + MARGIN.y,
    })),
    layer,
    high,
    width: left + right + 2 * MARGIN.x,
    height: down + 2 * MARGIN.y,
  };
}

/**
 * Where the names of the axes stand: each in the middle of the edge that runs along its axis.
 *
 * @param {number[]} shape
 * @param {ReturnType<typeof solidOf>} solid
 * @returns {{name: string, x: number, y: number, end?: boolean}[]}
 */
export function axisNames([samples, channels], { at, high }) {
  const { channel, sample } = ALONG;
  const left = plus(at[(samples - 1) * channels], sample, 1);
  const right = plus(at[channels - 1], channel, 1);
  const front = plus(plus(at[samples * channels - 1], sample, 1), channel, 1);
  // On the left face lie the channels of the last sample, on the right one the samples of the
  // last channel.
  const [across, back] = [middle(left, front), middle(front, right)];
  const low = high + NAME.below;
  return [
    { name: "C", x: across.x - NAME.aside, y: across.y + low },
    { name: "N", x: back.x + NAME.aside, y: back.y + low },
    { name: "H, W", x: left.x - NAME.aside, y: left.y + high / 2, end: true },
  ];
}

/** @param {Point} a @param {Point} b */
const middle = (a, b) => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });

/**
 * The faces of a column that are seen, with its upper corner at the origin.
 *
 * @param {number} high
 */
export function facesOf(high) {
  const { channel: c, sample: n } = ALONG;
  const low = { x: c.x + n.x, y: c.y + n.y };
  const path = (/** @type {Point[]} */ ...points) =>
    `M${points.map(({ x, y }) => [x, y].join(" ")).join("L")}Z`;
  const under = (/** @type {Point} */ { x, y }) => ({ x, y: y + high });
  return {
    top: path({ x: 0, y: 0 }, c, low, n),
    left: path(n, low, under(low), under(n)),
    right: path(low, c, under(c), under(low)),
    middle: { x: low.x / 2, y: low.y / 2 },
  };
}

/**
 * The lines between the cells of a column, on its two sides.
 *
 * @param {number} layers
 * @param {number} layer  How high one is.
 */
export function layersOf(layers, layer) {
  const { channel: c, sample: n } = ALONG;
  let d = "";
  for (let i = 1; i < layers; i++) {
    const y = i * layer;
    d += `M${n.x} ${n.y + y}L${c.x + n.x} ${c.y + n.y + y}L${c.x} ${c.y + y}`;
  }
  return d;
}
