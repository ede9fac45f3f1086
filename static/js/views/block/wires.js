/** @import {Graph} from "../graph/structure.js" */
/** @import {Area, Layout} from "./layout.js" */

/**
 * @typedef {object} Wire
 * @property {string} from  A tensor.
 * @property {string} to  The tensor that it goes into.
 * @property {"value" | "gradient"} kind
 * @property {string} path
 * @property {number} edge  Of the graph.
 */

const NEAR = 8;
const TIP = 6;
/** Grids over each other with more between them have room for a straight line. */
const FAR = 60;
/** Where lines of a list run, right of the letters over its grids. */
const LANE = 66;

/**
 * The lines between the grids: along each edge forward, and its gradient back.
 *
 * @param {Graph} graph
 * @param {Layout} layout
 * @returns {Wire[]}
 */
export function wiresOf(graph, layout) {
  const find = (/** @type {string | null | undefined} */ name) =>
    name ? layout.places.get(name) : undefined;
  return graph.edges.flatMap(({ from, to }, edge) => {
    const gradients = [to, from].map((one) => graph.nodes.get(one)?.gradient);
    /** @type {Wire[]} */
    const wires = [];
    const join = pathOf(layout, find(from), find(to));
    if (join) wires.push({ from, to, kind: "value", path: join, edge });
    const [source, target] = gradients;
    const back = source
      ? pathOf(layout, find(source), find(target))
      : graph.outOf(to).length
        ? ""
        : turn(layout, find(to), find(target));
    if (back && target)
      wires.push({
        from: source ?? to,
        to: target,
        kind: "gradient",
        path: back,
        edge,
      });
    return wires;
  });
}

/**
 * From grid to grid: straight where nothing is between them, else around what is.
 *
 * @param {Layout} layout
 * @param {Area | undefined} from
 * @param {Area | undefined} to
 */
function pathOf(layout, from, to) {
  if (!from || !to) return "";
  if (layout.tall) return down(layout, from, to);
  const right = to.x > from.x;
  const across = right
    ? { x: from.x + from.width + 4, end: to.x - TIP }
    : { x: from.x - 4, end: to.x + to.width + TIP };
  if (overlaps(from.x, from.width, to.x, to.width)) return beside(from, to);
  const left = right ? from : to;
  const gap = right ? [from, to] : [to, from];
  const between = [...layout.places.values()].filter(
    (area) =>
      area.x > gap[0].x + gap[0].width &&
      area.x + area.width < gap[1].x &&
      overlaps(area.y, area.height, left.y, left.height),
  );
  if (between.length) return under(layout, from, to, between);
  const y = meeting(from, to);
  return `M${across.x} ${y}H${across.end}`;
}

/** @param {number} a @param {number} size @param {number} b @param {number} other */
const overlaps = (a, size, b, other) => a < b + other && b < a + size;

/** The height at which a straight line meets both. @param {Area} from @param {Area} to */
function meeting(from, to) {
  const small = from.height <= to.height ? from : to;
  return small.y + small.height / 2;
}

/** One over the other: around their side. @param {Area} from @param {Area} to */
function beside(from, to) {
  const [upper, lower] = from.y < to.y ? [from, to] : [to, from];
  if (lower.y - upper.y - upper.height > FAR) {
    const x = Math.min(from.x + from.width, to.x + to.width) - NEAR;
    const up = to === upper;
    return up
      ? `M${x} ${from.y - 4}V${to.y + to.height + TIP}`
      : `M${x} ${from.y + from.height + 4}V${to.y - TIP}`;
  }
  const x = Math.max(from.x + from.width, to.x + to.width);
  const [start, end] =
    from.y < to.y
      ? [from.y + from.height - NEAR, to.y + NEAR]
      : [from.y + NEAR, to.y + to.height - NEAR];
  return `M${from.x + from.width + 2} ${start}H${x + NEAR + 6}V${end}H${to.x + to.width + TIP - 2}`;
}

/** @param {Layout} layout @param {Area} from @param {Area} to @param {Area[]} between */
function under(layout, from, to, between) {
  const bottom = Math.max(
    ...[from, to, ...between].map(({ y, height }) => y + height),
  );
  const way = to.x > from.x ? 1 : -1;
  const inset = (/** @type {Area} */ { width }) => Math.min(14, width / 2);
  const start =
    way > 0 ? from.x + from.width - inset(from) : from.x + inset(from);
  const end = way > 0 ? to.x + inset(to) : to.x + to.width - inset(to);
  return `M${start} ${from.y + from.height + 3}V${bottom + NEAR + 2}H${end}V${to.y + to.height + TIP}`;
}

/** From the end into the first gradient: down between the rows. @param {Layout} layout @param {Area | undefined} from @param {Area | undefined} to */
function turn(layout, from, to) {
  if (!from || !to) return "";
  if (layout.tall) return "";
  const x = from.x + NEAR + 2;
  const end = to.x + to.width - 14;
  return `M${x} ${from.y + from.height + 3}V${layout.lane}H${end}V${to.y - TIP}`;
}

/** In a list: into the next row below, or from it. @param {Layout} layout @param {Area} from @param {Area} to */
function down({ places }, from, to) {
  if (overlaps(from.y, from.height, to.y, to.height))
    return `M${from.x - 4} ${meeting(from, to)}H${to.x + to.width + TIP}`;
  const lower = from.y > to.y ? from : to;
  const upper = lower === from ? to : from;
  const same = [...places.values()].filter(
    ({ x, y }) => x === upper.x && y > upper.y && y < lower.y,
  );
  if (same.length) return "";
  const lane = upper.x + LANE;
  return `M${leaves(from, lane, from === upper)}${enters(to, lane, to === lower)}`;
}

/** Where a line leaves a grid of a list for the lane. @param {Area} area @param {number} lane @param {boolean} below */
function leaves({ x, y, width, height }, lane, below) {
  if (x + width < lane) return `${x + width + 3} ${y + height / 2}H${lane}`;
  return `${lane} ${below ? y + height + 2 : y - 3}`;
}

/** Where it comes in. @param {Area} area @param {number} lane @param {boolean} above */
function enters({ x, y, width, height }, lane, above) {
  if (x + width < lane) return `V${y + height / 2}H${x + width + TIP}`;
  return `V${above ? y - TIP : y + height + TIP}`;
}
