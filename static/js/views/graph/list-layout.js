import { laneOf, lanesOf } from "./lanes.js";

/** @import {Graph, GraphEdge} from "./structure.js" */
/** @import {Lanes} from "./lanes.js" */
/** @import {Box, Point} from "./layout.js" */

/**
 * @typedef {object} ListLayout
 * @property {number} width
 * @property {number} height
 * @property {Map<string, Box>} boxes
 * @property {{edge: GraphEdge, points: Point[]}[]} wires
 */

const ROW = 50;
const LEFT = 24;
const LANE = 42;
const NODE = { width: 40, height: 34 };
const PORT = 7;

/**
 * The graph from the loss down to the input, one node a row: the main line at the left, lanes
 * beside it, the deepest nearest.
 *
 * @param {Graph} graph
 * @returns {ListLayout}
 */
export function listLayoutOf(graph) {
  const lanes = lanesOf(graph);
  const order = orderOf(graph, lanes);
  const deepest = Math.max(0, ...lanes.segments.map(({ lane }) => lane));
  /** @type {Map<string, Box>} */
  const boxes = new Map();
  const aside = new Set([...lanes.above.values()].flat());
  order.forEach((name, row) => {
    const lane = laneOf(lanes, name);
    const column = aside.has(name) ? 1 : lane ? deepest - lane + 1 : 0;
    const [x, y] = [LEFT + column * LANE, ROW * (row + 0.5)];
    boxes.set(name, { x, y, ...NODE });
  });
  const wires = graph.edges.map((edge) => ({
    edge,
    points: pointsOf(graph, lanes, boxes, edge),
  }));
  return {
    width: LEFT + deepest * LANE + NODE.width / 2 + 2,
    height: ROW * order.length,
    boxes,
    wires,
  };
}

/** @param {Graph} graph @param {Lanes} lanes */
function orderOf(graph, lanes) {
  /** @type {string[]} */
  const order = [];
  const made = graph.stops.filter(({ backward }) => !backward);
  const written = made.map(({ of }) => of).reverse();
  for (const name of [...written, graph.main[0]])
    order.push(name, ...(lanes.above.get(name) ?? []));
  return order;
}

/**
 * @param {Graph} graph
 * @param {Lanes} lanes
 * @param {Map<string, Box>} boxes
 * @param {GraphEdge} edge
 * @returns {Point[]}
 */
function pointsOf(graph, lanes, boxes, edge) {
  const from = /** @type {Box} */ (boxes.get(edge.from));
  const to = /** @type {Box} */ (boxes.get(edge.to));
  const [high, low] = [laneOf(lanes, edge.from), laneOf(lanes, edge.to)];
  const half = NODE.height / 2;
  const above = lanes.above.get(edge.to) ?? [];
  if (above.includes(edge.from)) {
    // The upper one turns further out, so that the line of the lower one passes.
    const x = to.x + PORT * (above.length - above.indexOf(edge.from));
    return [
      [from.x - NODE.width / 2, from.y],
      [x, from.y],
      [x, to.y + half],
    ];
  }
  if (from.x === to.x)
    return [
      [from.x, from.y - half],
      [to.x, to.y + half],
    ];
  const sides = NODE.width / 2;
  if (!high) {
    const y = from.y + turnOf(graph, lanes, edge.from, edge) * PORT;
    return [
      [from.x + sides, y],
      [to.x, y],
      [to.x, to.y + half],
    ];
  }
  if (!low) {
    const y = to.y - turnOf(graph, lanes, edge.to, edge) * PORT;
    return [
      [from.x, from.y - half],
      [from.x, y],
      [to.x + sides, y],
    ];
  }
  return sideways(from, to);
}

/** From the side of a node on one lane to that of a node on another. @param {Box} from @param {Box} to @returns {Point[]} */
function sideways(from, to) {
  const x = (from.x + to.x) / 2;
  const side = Math.sign(to.x - from.x) * (NODE.width / 2);
  return [
    [from.x + side, from.y],
    [x, from.y],
    [x, to.y],
    [to.x - side, to.y],
  ];
}

/**
 * How far from the middle of its side an edge touches a node of the main line: of several on the
 * way down the outer lane is the upper one, on the way up the lower.
 *
 * @param {Graph} graph
 * @param {Lanes} lanes
 * @param {string} name
 * @param {GraphEdge} edge
 */
function turnOf(graph, lanes, name, edge) {
  const other = (/** @type {GraphEdge} */ one) =>
    laneOf(lanes, one.from === name ? one.to : one.from);
  const same = edge.from === name ? graph.outOf(name) : graph.into(name);
  const all = same.filter((one) => other(one));
  all.sort((a, b) => other(b) - other(a));
  return (all.indexOf(edge) - (all.length - 1) / 2) * 2;
}
