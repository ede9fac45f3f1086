/** @import {Content, Point} from "./layout.js" */

const GAP = 2;

/** Room over a grid for its heading and a bracket. */
export const HEAD = 40;

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

/**
 * Output maps in as many columns as let them be largest.
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
    const wide = filling(maps.columns, (width - (across - 1) * 14) / across);
    const high = filling(maps.rows, (height - down * HEAD) / down);
    const raw = Math.min(wide, high, most);
    // Where height is no matter, maps of the same size rather stand beside each other.
    if (height === Infinity ? raw >= best.raw : raw > best.raw)
      best = { raw, across };
  }
  const cell = Math.max(4, Math.floor(best.raw));
  const stepX = side(maps.columns, cell) + 14;
  const stepY = side(maps.rows, cell) + HEAD;
  const places = Array.from({ length: maps.count }, (_, i) => ({
    x: (i % best.across) * stepX,
    y: HEAD + Math.floor(i / best.across) * stepY,
  }));
  const down = Math.ceil(maps.count / best.across);
  return {
    cell,
    places,
    width: best.across * stepX - 14,
    height: down * stepY,
  };
}

/**
 * @param {Point[]} points
 * @param {number} x
 * @param {number} y
 */
export const moved = (points, x, y) =>
  points.map((point) => ({ x: point.x + x, y: point.y + y }));
