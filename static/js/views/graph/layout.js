import { laneOf, lanesOf } from "./lanes.js";
import { endsOf, fansOf, totalsOf } from "./places.js";
import { roomyOf } from "./room.js";

/** @import {Graph, GraphEdge} from "./structure.js" */
/** @import {Lanes} from "./lanes.js" */

/**
 * @typedef {[x: number, y: number]} Point
 * @typedef {{x: number, y: number, width: number, height: number}} Box  Around its middle.
 *
 * @typedef {object} Label  Where the value (above) and the gradient (below) of an edge stand.
 * @property {number} x
 * @property {number} y
 * @property {"middle" | "start" | "end"} anchor
 * @property {number} room  Pixels for a text.
 *
 * @typedef {object} Wire
 * @property {GraphEdge} edge
 * @property {Point[]} points  From the node that is read to the one that is written.
 * @property {Label} label
 *
 * @typedef {object} Layout
 * @property {number} width
 * @property {number} height
 * @property {boolean} dense  Whether letters must be small.
 * @property {Map<string, Box>} boxes
 * @property {Wire[]} wires
 * @property {Map<string, Box>} totals  Where the sum of a node's routes stands.
 * @property {Map<string, Box>} fans  Where the other samples come into a statistic.
 * @property {Set<Wire>} roomy  Edges with room for the terms of a sum below their numbers.
 * @property {Map<string, Label>} ends  The values of nodes that feed nothing.
 * @property {{left: number, top: number}} corner  The free corner, at the lower right.
 * @property {number} free  Pixels that are free at the upper left.
 */

/** Where the main line is, how far above it weights stand, and how far apart lanes are. */
const HEIGHTS = { line: 232, above: 144, lane: 112, foot: 74 };
const PORT = 17;
const LEFT = 68;
const LABEL = 74;

/**
 * A planar map of the graph: the main line straight, lanes below it, bends at right angles.
 *
 * @param {Graph} graph
 * @param {number} room  Pixels that are there; where they are too few, the map is wider.
 * @param {boolean} [narrow]  Whether it should leave much of them to the formula.
 * @returns {Layout}
 */
export function layoutOf(graph, room, narrow = false) {
  const lanes = lanesOf(graph);
  const last = Math.max(...lanes.columns.values());
  const dense = last > 6;
  const node = dense ? { width: 52, height: 36 } : { width: 76, height: 40 };
  const after = dense ? 118 : 154;
  const gap = (room - LEFT - after) / last;
  const [least, most] = dense ? [118, narrow ? 124 : 200] : [164, 200];
  const spacing = Math.max(least, Math.min(most, Math.floor(gap)));
  const boxes = boxesOf(lanes, spacing, node);
  const wires = graph.edges.map((edge) => wireOf(graph, lanes, boxes, edge));
  const deepest = Math.max(0, ...lanes.segments.map(({ lane }) => lane));
  const right = Math.max(...[...boxes.values()].map((box) => box.x));
  const ports = wires.flatMap(({ points }) => points.map(([x]) => x));
  const lower = lanes.segments.flatMap(({ span }) => span[1]);
  const past = LEFT + Math.max(0, ...lower) * spacing + node.width / 2;
  const left = [...lanes.above.values()].flat().map((name) => {
    return /** @type {Box} */ (boxes.get(name)).x - node.width / 2 - LABEL;
  });
  const layout = {
    width: Math.max(right + after, ...ports),
    height: HEIGHTS.line + deepest * HEIGHTS.lane + HEIGHTS.foot,
    dense,
    boxes,
    wires,
    totals: totalsOf(graph, boxes),
    fans: fansOf(graph, lanes, boxes),
    ends: endsOf(graph, boxes),
    corner: { left: past + 28, top: HEIGHTS.line + 44 },
    free: Math.min(right, ...left) - 28,
  };
  return { ...layout, roomy: roomyOf(layout) };
}

/**
 * @param {Lanes} lanes
 * @param {number} spacing
 * @param {{width: number, height: number}} node
 */
function boxesOf(lanes, spacing, node) {
  const { line, above, lane } = HEIGHTS;
  /** @type {Map<string, Box>} */
  const boxes = new Map();
  for (const [name, column] of lanes.columns)
    boxes.set(name, {
      x: LEFT + column * spacing,
      y: line + laneOf(lanes, name) * lane,
      ...node,
    });
  for (const [feeds, names] of lanes.above) {
    const { x } = /** @type {Box} */ (boxes.get(feeds));
    names.forEach((name, i) => {
      const aside = (i - (names.length - 1) / 2) * (node.width + 20);
      boxes.set(name, { x: x + aside, y: line - above, ...node });
    });
  }
  return boxes;
}

/**
 * @param {Graph} graph
 * @param {Lanes} lanes
 * @param {Map<string, Box>} boxes
 * @param {GraphEdge} edge
 * @returns {Wire}
 */
function wireOf(graph, lanes, boxes, edge) {
  const from = /** @type {Box} */ (boxes.get(edge.from));
  const to = /** @type {Box} */ (boxes.get(edge.to));
  const [high, low] = [laneOf(lanes, edge.from), laneOf(lanes, edge.to)];
  const above = lanes.above.get(edge.to);
  if (above?.includes(edge.from)) return fromAbove(edge, from, to, above);
  if (high === low && Math.abs(from.y - to.y) < 1)
    return straight(edge, from, to);
  if (high && low) return between(edge, from, to);
  const port = (/** @type {Box} */ box, /** @type {string} */ name) =>
    box.x + portOf(graph, lanes, name, edge);
  if (low) return down(edge, from, to, port(from, edge.from));
  return up(edge, from, to, port(to, edge.to));
}

/**
 * How far from its middle an edge touches a node of the main line from below. What comes in is
 * left of what goes out; of two lanes that come in the deeper is further right, of two that go
 * out further left, so that none crosses another.
 *
 * @param {Graph} graph
 * @param {Lanes} lanes
 * @param {string} name
 * @param {GraphEdge} edge
 */
function portOf(graph, lanes, name, edge) {
  const depth = (/** @type {string} */ other) => laneOf(lanes, other);
  const into = graph
    .into(name)
    .filter(({ from }) => depth(from))
    .sort((a, b) => depth(a.from) - depth(b.from));
  const out = graph
    .outOf(name)
    .filter(({ to }) => depth(to))
    .sort((a, b) => depth(b.to) - depth(a.to));
  const all = [...into, ...out];
  return (all.indexOf(edge) - (all.length - 1) / 2) * 2 * PORT;
}

/** @param {GraphEdge} edge @param {Box} from @param {Box} to @returns {Wire} */
function straight(edge, from, to) {
  const [x1, x2] = [from.x + from.width / 2, to.x - to.width / 2];
  return {
    edge,
    points: [
      [x1, from.y],
      [x2, from.y],
    ],
    label: along(x1, x2, from.y),
  };
}

/** From a lane to a deeper one. @param {GraphEdge} edge @param {Box} from @param {Box} to @returns {Wire} */
function between(edge, from, to) {
  const y = (from.y + to.y) / 2;
  return {
    edge,
    points: [
      [from.x, from.y + from.height / 2],
      [from.x, y],
      [to.x, y],
      [to.x, to.y - to.height / 2],
    ],
    label: along(from.x, to.x, y),
  };
}

/** @param {GraphEdge} edge @param {Box} from @param {Box} to @param {number} x @returns {Wire} */
function down(edge, from, to, x) {
  const top = from.y + from.height / 2;
  if (Math.abs(from.x - to.x) < 1)
    return upright(edge, x, top, to.y - to.height / 2);
  const x2 = to.x - to.width / 2;
  return {
    edge,
    points: [
      [x, top],
      [x, to.y],
      [x2, to.y],
    ],
    label: along(x, x2, to.y),
  };
}

/** @param {GraphEdge} edge @param {Box} from @param {Box} to @param {number} x @returns {Wire} */
function up(edge, from, to, x) {
  const bottom = to.y + to.height / 2;
  if (Math.abs(from.x - to.x) < 1)
    return leftOf(upright(edge, x, from.y - from.height / 2, bottom));
  const x1 = from.x + from.width / 2;
  return {
    edge,
    points: [
      [x1, from.y],
      [x, from.y],
      [x, bottom],
    ],
    label: along(x1, x, from.y),
  };
}

/** @param {GraphEdge} edge @param {Box} from @param {Box} to @param {string[]} all @returns {Wire} */
function fromAbove(edge, from, to, all) {
  const at = all.indexOf(edge.from) - (all.length - 1) / 2;
  const x = to.x + at * 2 * PORT;
  const [top, end] = [from.y + from.height / 2, to.y - to.height / 2];
  const wire = upright(edge, from.x, top, end - 36);
  const bend = end - 22;
  const points =
    Math.abs(x - from.x) < 1
      ? /** @type {Point[]} */ ([wire.points[0], [x, end]])
      : /** @type {Point[]} */ ([
          wire.points[0],
          [from.x, bend],
          [x, bend],
          [x, end],
        ]);
  return { ...(at < 0 ? leftOf(wire) : wire), points };
}

/** @param {GraphEdge} edge @param {number} x @param {number} y1 @param {number} y2 @returns {Wire} */
function upright(edge, x, y1, y2) {
  return {
    edge,
    points: [
      [x, y1],
      [x, y2],
    ],
    label: { x: x + 9, y: (y1 + y2) / 2, anchor: "start", room: 104 },
  };
}

/** With its numbers on the other side of the line. @param {Wire} wire @returns {Wire} */
function leftOf(wire) {
  const [[x]] = wire.points;
  return { ...wire, label: { ...wire.label, x: x - 9, anchor: "end" } };
}

/** A place near the node that is read. @param {number} x1 @param {number} x2 @param {number} y @returns {Label} */
function along(x1, x2, y) {
  const half = Math.min((x2 - x1) / 2, LABEL);
  return { x: x1 + half, y, anchor: "middle", room: 2 * half - 2 };
}
