/** @import {Area, Layout} from "./layout.js" */
/** @import {Join} from "./wires.js" */

/**
 * What leaves one grid: a line beside the list, with branches into other grids.
 *
 * @typedef {object} Bus
 * @property {Join[]} joins
 * @property {number} top
 * @property {number} bottom
 * @property {number} lane  Counted from the grids outwards.
 */

const TIP = 6;
/** From the grids to the first lane, and from lane to lane. */
const [FIRST, NEXT] = [11, 4.5];

/**
 * The lines of a list: values run down on its left, gradients up on its right, so that none
 * passes through a grid, a letter or a formula.
 *
 * @param {Layout} layout
 * @param {Join[]} joins
 * @returns {Map<Join, string>} Paths.
 */
export function listPaths(layout, joins) {
  /** @type {Map<Join, string>} */
  const paths = new Map();
  for (const kind of ["value", "gradient"]) {
    const own = joins.filter((join) => join.kind === kind);
    const across = own.filter((join) => !join.turns && isBeside(layout, join));
    for (const join of across) paths.set(join, straight(layout, join));
    const around = own.filter((join) => !across.includes(join));
    const buses = busesOf(layout, around);
    for (const bus of buses)
      for (const join of bus.joins)
        paths.set(join, branch(layout, buses, bus, join));
  }
  return paths;
}

/** @param {Layout} layout @param {string} name */
const areaOf = ({ places }, name) => /** @type {Area} */ (places.get(name));

/** Whether two grids are in one row. @param {Layout} layout @param {Join} join */
function isBeside(layout, { from, to }) {
  const [a, b] = [areaOf(layout, from), areaOf(layout, to)];
  return a.y < b.y + b.height && b.y < a.y + a.height;
}

/** @param {Layout} layout @param {Join} join */
function straight(layout, { from, to }) {
  const [a, b] = [areaOf(layout, from), areaOf(layout, to)];
  const small = a.height <= b.height ? a : b;
  const y = small.y + small.height / 2;
  return b.x > a.x
    ? `M${a.x + a.width + 4} ${y}H${b.x - TIP}`
    : `M${a.x - 4} ${y}H${b.x + b.width + TIP}`;
}

/**
 * One bus for each source; those that run beside each other in lanes of their own, short ones
 * nearest to the grids.
 *
 * @param {Layout} layout
 * @param {Join[]} joins
 */
function busesOf(layout, joins) {
  const sources = [...new Set(joins.map(({ from }) => from))];
  /** @type {Bus[]} */
  const buses = sources.map((source) => {
    const own = joins.filter(({ from }) => from === source);
    const middles = [source, ...own.map(({ to }) => to)].map((name) => {
      const { y, height } = areaOf(layout, name);
      return y + height / 2;
    });
    const [top, bottom] = [Math.min(...middles), Math.max(...middles)];
    return { joins: own, top, bottom, lane: 0 };
  });
  buses.sort((a, b) => a.bottom - a.top - (b.bottom - b.top));
  buses.forEach((bus, i) => {
    const beside = buses
      .slice(0, i)
      .filter(({ top, bottom }) => top < bus.bottom && bus.top < bottom)
      .map(({ lane }) => lane);
    while (beside.includes(bus.lane)) bus.lane += 1;
  });
  return buses;
}

/**
 * @param {Layout} layout
 * @param {Bus[]} buses
 * @param {Bus} bus
 * @param {Join} join
 */
function branch(layout, buses, bus, join) {
  const [from, to] = [areaOf(layout, join.from), areaOf(layout, join.to)];
  const right = join.kind === "gradient";
  const away = layout.gutter - FIRST - bus.lane * NEXT;
  const lane = right ? layout.width - away : away;
  const edge = (/** @type {Area} */ { x, width }, /** @type {number} */ gap) =>
    right ? x + width + gap : x - gap;
  const start = join.turns
    ? `M${from.x + from.width / 2} ${from.y + from.height + 3}V${layout.lane}`
    : `M${edge(from, 3)} ${portOf(layout, buses, join.from, null)}`;
  const end = portOf(layout, buses, join.to, join);
  return `${start}H${lane}V${end}H${edge(to, TIP)}`;
}

/**
 * The height at which a line meets the side of a grid: what comes in first, that of the nearest
 * lane foremost, then what leaves.
 *
 * @param {Layout} layout
 * @param {Bus[]} buses
 * @param {string} name
 * @param {Join | null} join  That comes in; null for what leaves.
 */
function portOf(layout, buses, name, join) {
  const entries = buses
    .flatMap(({ joins, lane }) => joins.map((one) => ({ one, lane })))
    .filter(({ one }) => one.to === name)
    .sort((a, b) => a.lane - b.lane);
  const leaves = buses.some(({ joins }) =>
    joins.some(({ from, turns }) => from === name && !turns),
  );
  const ports = entries.length + Number(leaves);
  const found = entries.findIndex(({ one }) => one === join);
  const at = ((found < 0 ? ports - 1 : found) + 1) / (ports + 1);
  const { y, height } = areaOf(layout, name);
  return y + height * (backward(buses) ? 1 - at : at);
}

/** Whether lines run up: those of gradients. @param {Bus[]} buses */
const backward = ([{ joins }]) => joins[0].kind === "gradient";
