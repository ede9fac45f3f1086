/**
 * A box drawn in oblique projection: its front keeps its shape, its depth runs up to the right.
 *
 * @typedef {{x: number, y: number}} Point
 * @typedef {{x: number, y: number, width: number, height: number, depth: Point}} Solid
 *   The front's upper left corner and size; `depth` leads from the front to the back.
 */

/** How far one cell of depth reaches to the right and up, in cells. */
export const DEPTH = { x: 0.5, y: 0.36 };

/** What so many cells of depth come to on the screen. @param {number} cells @param {number} size */
export const depthOf = (cells, size) => ({
  x: cells * size * DEPTH.x,
  y: -cells * size * DEPTH.y,
});

/** @param {Point} point @param {Point} by @param {number} [times] @returns {Point} */
export const shifted = (point, by, times = 1) => ({
  x: point.x + by.x * times,
  y: point.y + by.y * times,
});

/** The corners of the front, from the upper left, clockwise. @param {Solid} solid @returns {Point[]} */
export function frontOf({ x, y, width, height }) {
  return [
    { x, y },
    { x: x + width, y },
    { x: x + width, y: y + height },
    { x, y: y + height },
  ];
}

/**
 * The faces that are seen, and the edges behind them, as path data.
 *
 * @param {Solid} solid
 * @returns {{front: string, top: string, side: string, hidden: string}}
 */
export function facesOf(solid) {
  const near = frontOf(solid);
  const far = near.map((corner) => shifted(corner, solid.depth));
  return {
    front: closed(near),
    top: closed([near[0], near[1], far[1], far[0]]),
    side: closed([near[1], near[2], far[2], far[1]]),
    hidden: `${open([far[0], far[3], far[2]])}${open([near[3], far[3]])}`,
  };
}

const number = (/** @type {number} */ value) => Math.round(value * 100) / 100;

/** @param {Point[]} points */
function open(points) {
  const places = points.map(({ x, y }) => `${number(x)} ${number(y)}`);
  return `M${places.join("L")}`;
}

/** @param {Point[]} points */
function closed(points) {
  return `${open(points)}Z`;
}
