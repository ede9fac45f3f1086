import { laneOf } from "./lanes.js";

/** @import {Graph} from "./structure.js" */
/** @import {Lanes} from "./lanes.js" */
/** @import {Box, Label} from "./layout.js" */

/**
 * Above each node that several routes reach, a place for what they come to.
 *
 * @param {Graph} graph
 * @param {Map<string, Box>} boxes
 */
export function totalsOf(graph, boxes) {
  /** @type {Map<string, Box>} */
  const totals = new Map();
  for (const [name, box] of boxes) {
    if (graph.routesTo(name).length < 2) continue;
    const width = graph.nodes.get(name)?.perSample ? 144 : 128;
    const x = Math.max(box.x, width / 2 + 2);
    const y = box.y - box.height / 2 - 19;
    totals.set(name, { x, y, width, height: 24 });
  }
  return totals;
}

/**
 * Below each statistic of the lanes, a place for the other samples that it is made of.
 *
 * @param {Graph} graph
 * @param {Lanes} lanes
 * @param {Map<string, Box>} boxes
 */
export function fansOf(graph, lanes, boxes) {
  /** @type {Map<string, Box>} */
  const fans = new Map();
  for (const [name, box] of boxes) {
    const sums = graph
      .into(name)
      .some(({ from }) => graph.nodes.get(from)?.perSample);
    if (graph.nodes.get(name)?.perSample || !sums || !laneOf(lanes, name))
      continue;
    // A line to a deeper lane leaves from the middle.
    const own = laneOf(lanes, name);
    const leaves = graph.outOf(name).some(({ to }) => laneOf(lanes, to) > own);
    const x = box.x - (leaves ? 62 : 0);
    fans.set(name, { x, y: box.y + 50, width: 108, height: 24 });
  }
  return fans;
}

/**
 * Behind a node that feeds nothing, a place for its value.
 *
 * @param {Graph} graph
 * @param {Map<string, Box>} boxes
 */
export function endsOf(graph, boxes) {
  /** @type {Map<string, Label>} */
  const ends = new Map();
  for (const [name, box] of boxes)
    if (!graph.outOf(name).length)
      ends.set(name, {
        x: box.x + box.width / 2 + 9,
        y: box.y,
        anchor: "start",
        room: 104,
      });
  return ends;
}
