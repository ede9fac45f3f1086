import { placeDots } from "../norm/place.js";
import { scaleOf } from "../norm/scale.js";

/** @import {Scale} from "../norm/scale.js" */

export const RADIUS = 4.5;
/** The distance of rows: three dots may stand over each other. Few rows stand farther apart. */
const ROW = { least: 32, most: 44, together: 400 };
const SIZE = 2 * RADIUS + 1;
const LEVELS = 3;
const NARROW = 470;
/** Room for what is written behind a row: its mean, and its variance. */
const WORDS = { wide: 216, narrow: 104 };
const NUMBER = 30;
const HEAD = 8;

/**
 * Where rows of dots on one scale stand.
 *
 * @typedef {object} Rows
 * @property {Scale} scale
 * @property {number} width
 * @property {number} height
 * @property {number} left
 * @property {number} right
 * @property {boolean} narrow
 * @property {number} row  From row to row.
 * @property {(value: number) => number} x
 * @property {{y: number, dots: {x: number, y: number}[]}[]} rows
 */

/**
 * @param {number[][]} rows  The values of each.
 * @param {number[]} others  Further values that must have a place.
 * @param {number} width
 * @returns {Rows}
 */
export function rowsOf(rows, others, width) {
  const narrow = width < NARROW;
  const left = NUMBER;
  const right = width - (narrow ? WORDS.narrow : WORDS.wide);
  const scale = scaleOf([...rows.flat(), ...others], right - left);
  const x = along(scale, left, right);
  const row = narrow
    ? ROW.least
    : Math.max(ROW.least, Math.min(ROW.most, ROW.together / rows.length));
  return {
    ...{ scale, width, left, right, narrow, x, row },
    height: HEAD + rows.length * row + 24,
    rows: rows.map((values, n) => {
      const y = HEAD + (n + 1) * row - SIZE;
      return { y, dots: dotsAt(values.map(x), y) };
    }),
  };
}

/**
 * Stack dots over a line where they would cover each other.
 *
 * @param {number[]} wanted
 * @param {number} y
 */
export function dotsAt(wanted, y) {
  return placeDots(wanted, { size: SIZE, levels: LEVELS }).map((place) => ({
    x: place.x,
    y: y - place.level * SIZE,
  }));
}

/**
 * The place of a value between two ends.
 *
 * @param {Scale} scale
 * @param {number} from
 * @param {number} to
 * @returns {(value: number) => number}
 */
export function along({ low, high }, from, to) {
  return (value) => from + ((value - low) / (high - low)) * (to - from);
}

/**
 * Where the chart of a course stands: batches across, from 0, and values up.
 *
 * @param {number} batches
 * @param {number[]} values  All that must have a place.
 * @param {{width: number, height: number}} size
 */
export function chartOf(batches, values, { width, height }) {
  const [left, right, top, bottom] = [52, width - 10, 10, height - 26];
  const scale = fromZero(scaleOf(values, (bottom - top) * 1.6), values);
  return {
    ...{ width, height, left, right, top, bottom, scale },
    x: (/** @type {number} */ batch) =>
      left + (batch / batches) * (right - left),
    y: along(scale, bottom, top),
  };
}

/**
 * Where nothing is below 0, a scale has no room there.
 *
 * @param {Scale} scale
 * @param {number[]} values
 * @returns {Scale}
 */
function fromZero(scale, values) {
  if (scale.low >= 0 || values.some((value) => value < 0)) return scale;
  return { ...scale, low: 0, ticks: scale.ticks.filter((tick) => tick >= 0) };
}

/**
 * A line through points, as the data of a path.
 *
 * @param {{x: number, y: number}[]} points
 */
export function pathOf(points) {
  return points
    .map(({ x, y }, n) => `${n ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`)
    .join("");
}
