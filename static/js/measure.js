/** @import {Content, Point} from "./layout.js" */

const GAP = 2;

/** Room over a grid for its heading and a bracket, and for its heading alone. */
export const HEAD = 46;
export const TITLE = 32;

/** Between two output maps, and the least side of their cells. */
const BESIDE = 14;
const LEAST = 4;

/** The side of a grid of so many cells. @param {number} cells @param {number} size */
export const side = (cells, size) => cells * (size + GAP) - GAP;

/** The side that lets so many cells fill a space, however small. */
const filling = (/** @type {number} */ cells, /** @type {number} */ space) =>
  (space + GAP) / cells - GAP;

/**
 * The largest cell, at most `most`, with which so many cells fit.
 *
 * @param {number} cells
 * @param {number} space
 * @param {number} most
 * @param {number} least
 */
export function fit(cells, space, most, least) {
  return Math.max(least, Math.min(most, Math.floor(filling(cells, space))));
}

/** The height of so many rows of maps: only the first has brackets. */
const stacked = (/** @type {number} */ down, /** @type {number} */ high) =>
  HEAD + (down - 1) * TITLE + down * high;

/**
 * The width, of at most so much, in which output maps still fit into a height.
 *
 * @param {Content["maps"]} maps
 * @param {number} height
 * @param {number} most
 */
export function leastWidth({ count, rows, columns }, height, most) {
  const [high, wide] = [side(rows, LEAST), side(columns, LEAST)];
  const widthOf = (/** @type {number} */ across) =>
    across * (wide + BESIDE) - BESIDE;
  let across = 1;
  while (
    across < count &&
    stacked(Math.ceil(count / across), high) > height &&
    widthOf(across + 1) <= most
  )
    across += 1;
  return widthOf(across);
}

/**
 * Output maps in as many columns as let them be largest. They may be higher than is wished for, but
 * never wider.
 *
 * @param {Content["maps"]} maps
 * @param {number} width
 * @param {number} height
 * @param {number} most
 */
export function placeMaps(maps, width, height, most) {
  let best = { raw: -Infinity, across: 1 };
  for (let across = 1; across <= maps.count; across++) {
    const down = Math.ceil(maps.count / across);
    const wide = filling(
      maps.columns,
      (width - (across - 1) * BESIDE) / across,
    );
    const high = filling(maps.rows, (height - stacked(down, 0)) / down);
    const raw = Math.min(wide, Math.max(high, LEAST), most);
    // Where height is no matter, maps of the same size rather stand beside each other.
    const same = raw === best.raw && (height === Infinity || high < LEAST);
    if (raw > best.raw || same) best = { raw, across };
  }
  const cell = Math.max(1, Math.floor(best.raw));
  const stepX = side(maps.columns, cell) + BESIDE;
  const stepY = side(maps.rows, cell) + TITLE;
  const places = Array.from({ length: maps.count }, (_, i) => ({
    x: (i % best.across) * stepX,
    y: HEAD + Math.floor(i / best.across) * stepY,
    /** Whether only a heading stands over it. */
    plain: i >= best.across,
  }));
  const down = Math.ceil(maps.count / best.across);
  return {
    cell,
    places,
    width: best.across * stepX - BESIDE,
    height: stacked(down, side(maps.rows, cell)),
  };
}

/**
 * @param {Point[]} points
 * @param {number} x
 * @param {number} y
 */
export const moved = (points, x, y) =>
  points.map((point) => ({ ...point, x: point.x + x, y: point.y + y }));
