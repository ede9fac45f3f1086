import { DEPTH, depthOf } from "./projection.js";

/** @import {Solid} from "./projection.js" */

/**
 * A layer whose parts stand beside each other, all in one scale.
 *
 * @typedef {object} Layer
 * @property {Record<string, number>} names  W1, H1, D1, Fw, Fh, K, W2, H2.
 * @property {[[number, number], [number, number]]} padding  Top and bottom, left and right.
 * @property {[number, number]} extent  Rows and columns that a filter spans.
 *
 * @typedef {object} ScaleLayout
 * @property {number} cell  Pixels of one cell.
 * @property {Solid} input  Its padding included.
 * @property {Solid} own  The input itself.
 * @property {Solid} filter
 * @property {Solid} output
 * @property {boolean} narrow  Whether the output stands below the input.
 * @property {number} width
 * @property {number} height
 */

const MARGIN = { left: 128, top: 30, bottom: 74, right: 112 };
const GAP = 122;
const NARROW = { left: 112, gap: 92, right: 94 };
const LARGEST = 26;

/**
 * @param {Layer} layer
 * @param {number} width
 * @param {number} height
 * @returns {ScaleLayout}
 */
export function toScale({ names, padding, extent }, width, height) {
  const [[top, bottom], [left, right]] = padding;
  const cells = {
    input: [names.W1 + left + right, names.H1 + top + bottom, names.D1],
    filter: [extent[1], extent[0], names.D1],
    output: [names.W2, names.H2, names.K],
  };
  const wide = (/** @type {number[]} */ [w, , d]) => w + d * DEPTH.x;
  const high = (/** @type {number[]} */ [, h, d]) => h + d * DEPTH.y;
  const narrow = width < 640;
  const ends = (MARGIN.top + MARGIN.bottom) * (narrow ? 2 : 1);
  const second = wide(cells.filter) + wide(cells.output);
  const fits = narrow
    ? [
        (width - NARROW.left - NARROW.right) / wide(cells.input),
        (width - NARROW.left - NARROW.gap - NARROW.right) / second,
        (height - ends) /
          (high(cells.input) +
            Math.max(high(cells.filter), high(cells.output))),
      ]
    : [
        (width - MARGIN.left - MARGIN.right - 2 * GAP) /
          (wide(cells.input) + second),
        (height - ends) / Math.max(...Object.values(cells).map(high)),
      ];
  const cell = Math.min(LARGEST, ...fits);
  return arranged({ cells, cell, narrow, top, left }, names);
}

/** Where a box ends at the right. @param {Solid} solid */
const end = ({ x, width, depth }) => x + width + depth.x;

/**
 * @param {number[]} size  Columns, rows, depth.
 * @param {number} cell
 * @param {number} x
 * @param {number} y  Of its highest corner.
 * @returns {Solid}
 */
const solid = ([w, h, d], cell, x, y) => ({
  x,
  y: y + d * DEPTH.y * cell,
  width: w * cell,
  height: h * cell,
  depth: depthOf(d, cell),
});

/**
 * @param {{cells: Record<string, number[]>, cell: number, narrow: boolean, top: number, left: number}} plan
 * @param {Record<string, number>} names
 * @returns {ScaleLayout}
 */
function arranged({ cells, cell, narrow, top, left }, names) {
  const margin = narrow ? NARROW.left : MARGIN.left;
  const input = solid(cells.input, cell, margin, MARGIN.top);
  const below = input.y + input.height + MARGIN.bottom + MARGIN.top;
  const row = narrow ? below : MARGIN.top;
  const filter = solid(
    cells.filter,
    cell,
    narrow ? margin : end(input) + GAP,
    row,
  );
  const output = solid(
    cells.output,
    cell,
    end(filter) + (narrow ? NARROW.gap : GAP),
    row,
  );
  const own = {
    ...input,
    x: input.x + left * cell,
    y: input.y + top * cell,
    width: names.W1 * cell,
    height: names.H1 * cell,
  };
  const lowest = Math.max(
    ...[input, filter, output].map(({ y, height }) => y + height),
  );
  return {
    cell,
    narrow,
    input,
    own,
    filter,
    output,
    width:
      Math.max(end(input), end(output)) +
      (narrow ? NARROW.right : MARGIN.right),
    height: lowest + MARGIN.bottom,
  };
}
