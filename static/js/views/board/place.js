import { side } from "../../measure.js";

/**
 * Where everything of the board stands. Pure geometry, in CSS pixels.
 *
 * @typedef {object} Block  The planes of one tensor beside each other.
 * @property {number} rows  Of a plane, its ring included.
 * @property {number} columns
 * @property {number} planes
 * @property {boolean} tagged  Whether each plane has its own small heading.
 * @property {boolean} small  Whether it may be drawn smaller.
 *
 * @typedef {{value: Block[], gradient: Block[]}} Stand
 * @typedef {{x: number, y: number, width: number, height: number, size: number,
 *   across: number, planes: {x: number, y: number}[]}} Placed  `across`: the width of its column.
 *
 * @typedef {object} Places
 * @property {number} size  Side of a cell.
 * @property {number} width
 * @property {number} height
 * @property {{value: Placed[], gradient: Placed[]}[]} columns
 * @property {number[]} gutters  The middle of the gutter left of each column, and of the last.
 * @property {number} gutter  How wide the gutters are.
 * @property {number} middle  The height of the lane between the rows.
 * @property {number} lane  The height of the lane under the gradients.
 */

const HEADING = 22;
const TAG = 16;
const BETWEEN = 14;
const SMALLER = 0.66;
const LARGEST = 44;
/** Below this the height that is wished for no longer shrinks the cells. */
const LEGIBLE = 20;

/** Below this cells have no room for their numbers. */
const WRITTEN = 20;
const NARROW = 700;
const BESIDE = 26;

/** @param {Block} block @param {number} size */
const sizeIn = ({ small }, size) =>
  small ? Math.max(Math.min(size, WRITTEN), Math.floor(size * SMALLER)) : size;

/** @param {Block} block @param {number} size */
const wide = (block, size) =>
  block.planes * side(block.columns, sizeIn(block, size)) +
  (block.planes - 1) * BETWEEN;

/** @param {Block} block @param {number} size */
const high = (block, size) =>
  HEADING + (block.tagged ? TAG : 0) + side(block.rows, sizeIn(block, size));

/** @param {Block[]} blocks @param {number} size */
const stacked = (blocks, size) =>
  blocks.reduce((sum, block) => sum + high(block, size), 0) +
  Math.max(0, blocks.length - 1) * 6;

/** @param {Stand} stand @param {number} size */
const across = ({ value, gradient }, size) =>
  Math.max(...[...value, ...gradient].map((block) => wide(block, size)));

/**
 * The largest cells with which the columns fit a width, and a height as far as they stay legible.
 *
 * @param {Stand[]} stands
 * @param {number} width
 * @param {number} height
 */
export function fitted(stands, width, height) {
  const narrow = width < NARROW;
  const least = narrow ? 22 : 60;
  const [middle, lane] = narrow ? [18, 26] : [22, 30];
  for (let size = LARGEST; ; size--) {
    const grids = stands.reduce((sum, stand) => sum + across(stand, size), 0);
    const rows = /** @type {const} */ (["value", "gradient"]).map((row) =>
      Math.max(...stands.map((stand) => stacked(stand[row], size))),
    );
    const tall = rows[0] + rows[1] + middle + lane;
    const fits = grids + (stands.length - 1) * least <= width;
    if ((fits && (tall <= height || size <= LEGIBLE)) || size <= 5)
      return { size, grids, rows, tall, least, middle, lane };
  }
}

/**
 * @param {Stand[]} stands
 * @param {number} width
 * @param {number} height
 * @returns {Places}
 */
export function placeBoard(stands, width, height) {
  const { size, grids, rows, tall, least, middle, lane } = fitted(
    stands,
    width,
    height,
  );
  if (size < WRITTEN && width < NARROW) return placeLines(stands, width);
  const gaps = Math.max(1, stands.length - 1);
  const gutter = Math.max(least, Math.min(120, (width - grids) / gaps));
  const below = rows[0] + middle;
  const gutters = [];
  let x = 0;
  const columns = stands.map((stand) => {
    gutters.push(x - gutter / 2);
    const placed = {
      value: placeStack(stand, "value", x, 0, size),
      gradient: placeStack(stand, "gradient", x, below, size),
    };
    x += across(stand, size) + gutter;
    return placed;
  });
  gutters.push(x - gutter / 2);
  return {
    size,
    width: x - gutter,
    height: tall,
    columns,
    gutters,
    gutter,
    middle: rows[0] + middle / 2,
    lane: tall - lane / 2,
  };
}

/**
 * @param {Stand} stand
 * @param {"value" | "gradient"} row
 * @param {number} x
 * @param {number} top
 * @param {number} size
 * @returns {Placed[]}
 */
function placeStack(stand, row, x, top, size) {
  let y = top;
  return stand[row].map((block) => {
    const cell = sizeIn(block, size);
    const head = HEADING + (block.tagged ? TAG : 0);
    const one = side(block.columns, cell);
    const placed = {
      x,
      y: y + head,
      width: wide(block, size),
      height: side(block.rows, cell),
      size: cell,
      across: across(stand, size),
      planes: Array.from({ length: block.planes }, (_, i) => ({
        x: x + i * (one + BETWEEN),
        y: y + head,
      })),
    };
    y += high(block, size) + 6;
    return placed;
  });
}

/**
 * On a narrow screen, where the columns would be too small: a line a variable, its gradient
 * beside it.
 *
 * @param {Stand[]} stands
 * @param {number} width
 * @returns {Places}
 */
function placeLines(stands, width) {
  const lines = stands.map(({ value, gradient }) => [...value, ...gradient]);
  const long = (/** @type {Block[]} */ line, /** @type {number} */ size) =>
    line.reduce((sum, block) => sum + wide(block, size), 0) +
    (line.length - 1) * BESIDE;
  let size = LARGEST;
  while (size > 5 && lines.some((line) => long(line, size) > width)) size--;
  let y = 0;
  const columns = stands.map((stand) => {
    let x = 0;
    const part = (/** @type {Block} */ block) => {
      const only = { value: [block], gradient: [] };
      const [placed] = placeStack(only, "value", x, y, size);
      x += placed.width + BESIDE;
      return { ...placed, across: placed.width + BESIDE + 4 };
    };
    const placed = {
      value: stand.value.map(part),
      gradient: stand.gradient.map(part),
    };
    const all = [...stand.value, ...stand.gradient];
    const last = placed.gradient.at(-1) ?? placed.value.at(-1);
    if (last) last.across = width - last.x;
    y += Math.max(...all.map((block) => high(block, size))) + 12;
    return placed;
  });
  const gutters = [...stands, 0].map(() => 0);
  const rest = { gutters, gutter: 0, middle: 0, lane: y };
  return { size, width, height: y, columns, ...rest };
}
