/** @import {Places} from "./place.js" */

/**
 * The lines of a product: from what it reads to a node in a gutter, from there to what it writes.
 * They run in gutters and in the gaps between cells, at right angles.
 *
 * @typedef {{x: number, y: number, width: number, height: number}} Area
 *
 * @typedef {object} End  A grid that a line begins or ends at.
 * @property {number} column
 * @property {"value" | "gradient"} row
 * @property {Area} grid
 * @property {Area} box  The cells concerned, on the first plane that has some.
 * @property {Area} last  The same on the last plane.
 *
 * @typedef {{path: string, role: string, arrow: boolean}} Line
 * @typedef {{lines: Line[], node: {x: number, y: number} | null}} Route  The node: where lines
 *   meet, or would.
 */

const RADIUS = 13;

/**
 * @param {Places} places
 * @param {End & {role: string}} gradient  The upstream gradient that flows.
 * @param {(End & {role: string}) | null} other  What it is multiplied with.
 * @param {End} target
 * @returns {Route}
 */
export function routeOf(places, gradient, other, target) {
  const left = gradient.column < target.column;
  const gutter = places.gutters[target.column + (left ? 0 : 1)];
  const edge = left ? target.grid.x - 4 : target.grid.x + target.grid.width + 4;
  const lower = target.grid.y > gradient.grid.y + 8;
  if (!other && !left && (lower || gradient.column - target.column !== 1))
    return { lines: [underneath(places, gradient, target)], node: null };
  const direct = Math.abs(gradient.column - target.column) === 1;
  const y = direct
    ? between(gradient.box.y + gradient.box.height + 1, target.grid)
    : between(target.grid.y + target.grid.height - 22, target.grid);
  const radius = other ? nodeRadius(places) : 0;
  const into = direct
    ? across(gradient, gutter, y, left, radius)
    : fromBelow(places, gradient, gutter, y + radius);
  const lines = [
    { path: into, role: gradient.role, arrow: Boolean(other) },
    {
      path: `M${gutter + (left ? radius : -radius)} ${y}H${edge}`,
      role: "gradient",
      arrow: true,
    },
  ];
  if (other)
    lines.push({
      path: fromAbove(places, other, target, gutter, y - radius),
      role: other.role,
      arrow: true,
    });
  return { lines, node: { x: gutter, y } };
}

/** @param {Places} places */
export function nodeRadius({ gutter }) {
  return Math.min(RADIUS, gutter / 4);
}

/** @param {number} y @param {{y: number, height: number}} grid */
const between = (y, grid) =>
  Math.max(grid.y + 16, Math.min(grid.y + grid.height - 16, y));

/**
 * Straight to the node in the next gutter, in the gap under the cells.
 *
 * @param {End} from
 * @param {number} gutter
 * @param {number} y
 * @param {boolean} right  Whether the node is at the right of the grid.
 * @param {number} radius
 */
function across(from, gutter, y, right, radius) {
  const start = from.box.y + from.box.height + 1;
  const x = right ? from.last.x + from.last.width : from.box.x;
  const edge = right ? from.grid.x + from.grid.width + 8 : from.grid.x - 8;
  const end = gutter + (right ? -radius : radius);
  return start === y
    ? `M${x} ${y}H${end}`
    : `M${x} ${start}H${edge}V${y}H${end}`;
}

/**
 * Down between the cells to the lane under the gradients, along it, and up to the node.
 *
 * @param {Places} places
 * @param {End} from
 * @param {number} gutter
 * @param {number} y
 */
function fromBelow({ lane }, from, gutter, y) {
  const x = from.box.x - 1;
  return `M${x} ${from.box.y + from.box.height}V${lane}H${gutter}V${y}`;
}

/** @param {Places} places @param {End} from @param {End} to @returns {Line} */
function underneath({ lane }, from, to) {
  const x = from.box.x - 1;
  const end = to.box.x + to.box.width / 2;
  const path = `M${x} ${from.box.y + from.box.height}V${lane}H${end}V${to.grid.y + to.grid.height + 4}`;
  return { path, role: "gradient", arrow: true };
}

/**
 * From a value into the gutter beside it, through the lane between the rows where the node is in
 * another gutter, and down to the node.
 *
 * @param {Places} places
 * @param {End} from
 * @param {End} target
 * @param {number} gutter
 * @param {number} y
 */
function fromAbove({ middle, gutters }, from, target, gutter, y) {
  const right = gutter > from.grid.x;
  const x = right ? from.last.x + from.last.width + 2 : from.box.x - 2;
  const start = right
    ? from.box.y + from.box.height + 1
    : from.box.y + from.box.height * 0.8;
  const own = gutters[from.column + (right ? 1 : 0)];
  if (own === gutter) return `M${x} ${start}H${gutter}V${y}`;
  return `M${x} ${start}H${own + 7}V${middle}H${gutter}V${y}`;
}
