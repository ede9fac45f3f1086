/** @import {Graph} from "./structure.js" */

/**
 * @typedef {object} Segment  Nodes below the main line, side by side on one lane.
 * @property {string[]} nodes
 * @property {number} lane  Counted from 1, downwards.
 * @property {[number, number]} span  The columns it lies between.
 *
 * @typedef {object} Lanes
 * @property {Map<string, number>} columns
 * @property {string[]} main
 * @property {Segment[]} segments
 * @property {Map<string, string[]>} above  What feeds a node of the main line from above.
 */

/**
 * Where each node stands: on the main line, above what it feeds, or on a lane below by its depth.
 *
 * @param {Graph} graph
 * @returns {Lanes}
 */
export function lanesOf(graph) {
  const { main } = graph;
  /** @type {Map<string, string[]>} */
  const above = new Map();
  for (const { name, given } of graph.nodes.values()) {
    if (!given || main.includes(name)) continue;
    const feeds = graph.outOf(name)[0].to;
    above.set(feeds, [...(above.get(feeds) ?? []), name]);
  }
  const aside = new Set([...above.values()].flat());
  const chains = chainsOf(graph, aside);
  const columns = columnsOf(graph, chains, aside);
  return { columns, main, segments: place(graph, chains, columns), above };
}

/** @param {Lanes} lanes @param {string} name */
export function laneOf({ segments }, name) {
  return segments.find(({ nodes }) => nodes.includes(name))?.lane ?? 0;
}

/**
 * Nodes below the main line; one that is made of its predecessor alone stays on its lane.
 *
 * @param {Graph} graph
 * @param {Set<string>} aside
 */
function chainsOf(graph, aside) {
  /** @type {string[][]} */
  const chains = [];
  for (const { of, backward } of graph.stops) {
    if (backward || graph.main.includes(of) || aside.has(of)) continue;
    const into = graph.into(of);
    const chain = chains.find((one) => one.at(-1) === into[0].from);
    if (into.length === 1 && chain) chain.push(of);
    else chains.push([of]);
  }
  return chains;
}

/**
 * Columns by depth. A longer chain hangs between the two nodes of the main line that it joins:
 * its ends stand right below them.
 *
 * @param {Graph} graph
 * @param {string[][]} chains
 * @param {Set<string>} aside
 */
function columnsOf(graph, chains, aside) {
  const columns = new Map([[graph.main[0], 0]]);
  const below = (/** @type {string} */ from, /** @type {string} */ to) =>
    chains.some(
      (chain) =>
        chain.length > 1 &&
        ((chain[0] === to && graph.main.includes(from)) ||
          (chain.at(-1) === from && graph.main.includes(to))),
    );
  for (const { of, backward } of graph.stops) {
    if (backward) continue;
    const from = graph.into(of).filter((edge) => !aside.has(edge.from));
    const depths = from.map(
      (edge) => (columns.get(edge.from) ?? 0) + (below(edge.from, of) ? 0 : 1),
    );
    columns.set(of, Math.max(0, ...depths));
  }
  return columns;
}

/**
 * Give each chain the first lane that is free between the columns it joins.
 *
 * @param {Graph} graph
 * @param {string[][]} chains
 * @param {Map<string, number>} columns
 * @returns {Segment[]}
 */
function place(graph, chains, columns) {
  /** @type {Segment[]} */
  const segments = [];
  for (const nodes of chains) {
    const near = nodes.flatMap((name) => [
      name,
      ...graph.into(name).map(({ from }) => from),
      ...graph.outOf(name).map(({ to }) => to),
    ]);
    const at = near.map((name) => columns.get(name) ?? 0);
    /** @type {[number, number]} */
    const span = [Math.min(...at), Math.max(...at)];
    const taken = segments.filter(
      (one) => one.span[0] <= span[1] && one.span[1] >= span[0],
    );
    const lane = Math.max(0, ...taken.map((one) => one.lane)) + 1;
    segments.push({ nodes, lane, span });
  }
  return segments;
}
