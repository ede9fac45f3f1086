import { DEPTH } from "./projection.js";

/** @import {Point} from "./projection.js" */

/**
 * What stands in the picture of a layer, in cells.
 *
 * @typedef {object} Sizes
 * @property {number} rows  Of the input, its padding included.
 * @property {number} columns
 * @property {number} channels
 * @property {number} taps  Rows of a filter; 0 where there is none.
 * @property {number} across  Columns of a filter.
 * @property {number} depth  Channels of a filter.
 * @property {number} filters
 * @property {number} high  Rows of a map.
 * @property {number} wide  Columns of a map.
 * @property {number} maps
 *
 * @typedef {object} Folded
 * @property {number} cell  Side of a cell in pixels.
 * @property {Point} input  Upper left corner of the nearest channel.
 * @property {Point[]} filters
 * @property {Point} stack  Of the nearest map.
 * @property {Point} out  Where the map in hand stands.
 * @property {number} width
 * @property {number} height
 *
 * @typedef {object} Unfolded
 * @property {number} cell
 * @property {Point[]} channels
 * @property {Point[]} slices
 * @property {Point[]} sums  Left end of the line of text below a slice.
 * @property {Point} out
 * @property {Point} result  Left end of the line below the map.
 * @property {number} width
 * @property {number} height
 */

const MARGIN = { left: 78, top: 34, bottom: 48, right: 96 };
const GAP = 64;
const HEADING = 44;
const LARGEST = 44;

/**
 * The box of the input, the filters, and the maps: beside each other, or the input above the
 * others, with the filters in as many columns as let cells be largest.
 *
 * @param {Sizes} sizes
 * @param {number} width
 * @param {number} height
 * @returns {Folded}
 */
export function fold(sizes, width, height) {
  const most = sizes.taps ? sizes.filters : 0;
  let best = planned(sizes, width, height, Math.min(1, most), false);
  for (let columns = Math.min(1, most); columns <= most; columns++) {
    for (const stacked of [false, true]) {
      const plan = planned(sizes, width, height, columns, stacked);
      // Beside each other they read more easily: only much larger cells are worth more.
      const gain = stacked && !best.stacked ? 1.2 : 1.02;
      if (plan.cell > best.cell * gain) best = plan;
    }
  }
  return placed(sizes, best);
}

/**
 * @typedef {{columns: number, rows: number, each: number, width: number, height: number}} Bank
 * @typedef {{cell: number, bank: Bank, stacked: boolean, across: number}} Plan
 */

/** Filters in so many columns. @param {Sizes} sizes @param {number} columns @returns {Bank} */
function bankOf(sizes, columns) {
  if (!columns) return { columns, rows: 0, each: 0, width: 0, height: 0 };
  const each = sizes.taps + sizes.depth * DEPTH.y + 0.9;
  const rows = Math.ceil(sizes.filters / columns);
  const width = columns * (sizes.across + sizes.depth * DEPTH.x);
  return { columns, rows, each, width, height: rows * each };
}

/** Places of maps, one under the other: the stack, and where there are several the one in hand. @param {Sizes} sizes */
const places = ({ maps }) => (maps > 1 ? 2 : 1);

/**
 * @param {Sizes} sizes
 * @param {number} width
 * @param {number} height
 * @param {number} columns  Of filters.
 * @param {boolean} stacked
 * @returns {Plan}
 */
function planned(sizes, width, height, columns, stacked) {
  const bank = bankOf(sizes, columns);
  const across = sizes.columns + sizes.channels * DEPTH.x;
  const down = sizes.rows + sizes.channels * DEPTH.y;
  const right = bank.width + sizes.wide + sizes.maps * DEPTH.x;
  const maps = places(sizes) * sizes.high + sizes.maps * DEPTH.y;
  const tall = Math.max(maps, bank.height);
  const around = MARGIN.left + MARGIN.right;
  const ends = MARGIN.top + MARGIN.bottom;
  const fits = stacked
    ? [
        (width - around) / across,
        (width - around - columns * GAP) / right,
        (height - 2 * ends - HEADING) / (down + tall),
      ]
    : [
        (width - around - (columns + 1) * GAP) / (across + right),
        (height - ends - HEADING) / Math.max(down, tall),
      ];
  const cell = Math.max(3, Math.min(LARGEST, ...fits));
  return { cell, bank, stacked, across };
}

/**
 * @param {Sizes} sizes
 * @param {Plan} plan
 * @returns {Folded}
 */
function placed(sizes, { cell, bank, stacked, across }) {
  const channels = sizes.channels * DEPTH.y * cell;
  const at = { x: MARGIN.left, y: MARGIN.top + channels };
  const bottom = at.y + sizes.rows * cell + MARGIN.bottom;
  const left = stacked ? MARGIN.left : at.x + across * cell + GAP;
  const top = stacked ? bottom + MARGIN.top : MARGIN.top;
  const one = (sizes.across + sizes.depth * DEPTH.x) * cell + GAP;
  const depth = sizes.depth * DEPTH.y * cell;
  const filters = Array.from(
    { length: sizes.taps ? sizes.filters : 0 },
    (_, k) => ({
      x: left + Math.floor(k / bank.rows) * one,
      y: top + (k % bank.rows) * bank.each * cell + depth,
    }),
  );
  const x = left + bank.columns * one;
  const stack = { x, y: top + sizes.maps * DEPTH.y * cell };
  const below = (places(sizes) - 1) * (sizes.high * cell + HEADING);
  const out = { x, y: stack.y + below };
  const lowest = bank.rows * bank.each * cell + top;
  const widest = x + (sizes.wide + sizes.maps * DEPTH.x) * cell;
  return {
    cell,
    input: at,
    filters,
    stack,
    out,
    width: Math.max(widest, at.x + across * cell) + MARGIN.right,
    height: Math.max(
      stacked ? 0 : bottom,
      lowest + HEADING,
      out.y + sizes.high * cell + MARGIN.bottom,
    ),
  };
}

const LINE = 28;
const APART = 26;

/**
 * In how many columns blocks have the largest cells.
 *
 * @param {number} blocks
 * @param {number} wide  Cells of one of them.
 * @param {number} high
 * @param {number} width
 * @param {number} height
 */
function mostRoom(blocks, wide, high, width, height) {
  let best = { cell: 0, across: 1 };
  for (let across = 1; across <= blocks; across++) {
    const down = Math.ceil(blocks / across);
    const cell = Math.min(
      LARGEST,
      (width - across * APART - 8) / (across * wide),
      (height - down * 4 * LINE) / (down * high),
    );
    if (cell > best.cell) best = { cell, across };
  }
  return best;
}

/**
 * The channels beside each other, each over its slice of the filter and their partial sum; the
 * map behind them all.
 *
 * @param {Sizes} sizes  `channels` are those that the window spans.
 * @param {number} width
 * @param {number} height
 * @returns {Unfolded}
 */
export function unfold(sizes, width, height) {
  const blocks = sizes.channels + 1;
  const wide = Math.max(sizes.columns, sizes.across, sizes.wide);
  const high = Math.max(sizes.rows + sizes.taps, sizes.high);
  const best = mostRoom(blocks, wide, high, width, height);
  const cell = Math.max(5, best.cell);
  const places = Array.from({ length: blocks }, (_, i) => ({
    x: 8 + (i % best.across) * (wide * cell + APART),
    y: LINE + Math.floor(i / best.across) * (high * cell + 4 * LINE),
  }));
  const below = (
    /** @type {Point} */ { x, y },
    /** @type {number} */ rows,
    lines = 0,
  ) => ({ x, y: y + rows * cell + lines });
  const out = places[sizes.channels];
  const channels = places.slice(0, sizes.channels);
  return {
    cell,
    channels,
    slices: channels.map((at) => below(at, sizes.rows, LINE)),
    sums: channels.map((at) =>
      below(at, sizes.rows + sizes.taps, 2 * LINE - 8),
    ),
    out,
    result: below(out, sizes.high, LINE),
    width: Math.max(...places.map((at) => at.x)) + wide * cell + 8,
    height: Math.max(...places.map((at) => at.y)) + high * cell + 3 * LINE,
  };
}
