import { listPaths } from "./list-wires.js";

/** @import {Graph} from "../graph/structure.js" */
/** @import {Area, Layout} from "./layout.js" */

/**
 * @typedef {object} Wire
 * @property {string} from  A tensor.
 * @property {string} to  The tensor that it goes into.
 * @property {"value" | "gradient"} kind
 * @property {string} path
 * @property {number} edge  Of the graph.
 *
 * @typedef {Omit<Wire, "path"> & {turns: boolean}} Join  What a wire joins, and whether it leads from the last value to the first gradient.
 */

const NEAR = 8;
const TIP = 6;
/** Grids over each other with more between them have room for a straight line. */
const FAR = 60;

/**
 * The lines between the grids: along each edge forward, and its gradient back.
 *
 * @param {Graph} graph
 * @param {Layout} layout
 * @returns {Wire[]}
 */
export function wiresOf(graph, layout) {
  const joins = joinsOf(graph, layout);
  const listed = layout.tall ? listPaths(layout, joins) : null;
  return joins.flatMap((join) => {
    const path = listed ? listed.get(join) : pathOf(layout, join);
    const { turns, ...wire } = join;
    return path ? { ...wire, path } : [];
  });
}

/** @param {Graph} graph @param {Layout} layout @returns {Join[]} */
function joinsOf(graph, { places }) {
  return graph.edges.flatMap(({ from, to }, edge) => {
    const [source, target] = [to, from].map(
      (one) => graph.nodes.get(one)?.gradient,
    );
    const ends = !graph.outOf(to).length;
    /** @type {Join[]} */
    const joins = [{ from, to, kind: "value", edge, turns: false }];
    if (target && (source || ends))
      joins.push({
        ...{ from: source ?? to, to: target, kind: "gradient", edge },
        turns: !source,
      });
    return joins.filter((join) => places.has(join.from) && places.has(join.to));
  });
}

/**
 * From grid to grid: straight where nothing is between them, else around what is.
 *
 * @param {Layout} layout
 * @param {Join} join
 */
function pathOf(layout, join) {
  const [from, to] = [join.from, join.to].map(
    (name) => /** @type {Area} */ (layout.places.get(name)),
  );
  if (join.turns) return turn(layout, from, to);
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

/** From the end into the first gradient: down between the rows. @param {Layout} layout @param {Area} from @param {Area} to */
function turn(layout, from, to) {
  const x = from.x + NEAR + 2;
  const end = to.x + to.width - 14;
  return `M${x} ${from.y + from.height + 3}V${layout.lane}H${end}V${to.y - TIP}`;
}
