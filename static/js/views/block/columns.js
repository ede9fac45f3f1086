/** @import {Model} from "../../model.js" */
/** @import {Graph} from "../graph/structure.js" */

/**
 * @typedef {object} Part  An operation of a chain.
 * @property {string} title
 * @property {string} formula  MathML.
 * @property {string[]} writes
 * @property {Record<string, number[]>} shut  Cells by tensor that let no gradient through.
 *
 * @typedef {object} Column
 * @property {string[]} names  The nodes in it, from top to bottom.
 * @property {boolean} main  Whether it is on the way from the input to the end.
 * @property {number} part  The operation it belongs to.
 */

/**
 * The nodes in columns: those on the main way one by one, and before each what it needs besides.
 *
 * @param {Graph} graph
 * @param {Part[]} parts
 * @returns {Column[]}
 */
export function columnsOf(graph, parts) {
  const { main, nodes } = graph;
  /** @type {string[][]} */
  const beside = main.map(() => []);
  for (const name of nodes.keys())
    if (!main.includes(name)) beside[reaches(graph, name)].push(name);
  let part = 0;
  return main.flatMap((name, i) => {
    const own = parts.findIndex(({ writes }) => writes.includes(name));
    part = Math.max(part, own);
    const column = { names: [name], main: true, part };
    if (!beside[i].length) return [column];
    return [{ names: beside[i], main: false, part }, column];
  });
}

/** Where on the main way a node comes in first. @param {Graph} graph @param {string} name @returns {number} */
function reaches(graph, name) {
  const places = graph.outOf(name).map(({ to }) => {
    const at = graph.main.indexOf(to);
    return at < 0 ? reaches(graph, to) : at;
  });
  return Math.min(graph.main.length - 1, ...places);
}

/**
 * What stands below the value of a node: its gradient; below the end, what it is compared with.
 *
 * @param {Graph} graph
 * @param {Column[]} columns
 * @returns {Column[]} Without the nodes that stand below others.
 */
export function pairedColumns(graph, columns) {
  const end = columns[columns.length - 1];
  const before = columns[columns.length - 2];
  if (!before || before.main || graph.nodes.get(end.names[0])?.gradient)
    return columns;
  const lone = before.names.every((name) => !graph.nodes.get(name)?.gradient);
  return lone && before.names.length === 1
    ? columns.filter((column) => column !== before)
    : columns;
}

/**
 * The tensor in the lower row of a column: the gradient of a node, or what was taken out above.
 *
 * @param {Graph} graph
 * @param {Column[]} columns  Those that are left.
 * @param {string} name
 * @returns {string | null}
 */
export function belowOf(graph, columns, name) {
  const own = graph.nodes.get(name)?.gradient;
  if (own) return own;
  const there = new Set(columns.flatMap(({ names }) => names));
  const lone = [...graph.nodes.keys()].filter((other) => !there.has(other));
  const reads = graph.into(name).map(({ from }) => from);
  return lone.find((other) => reads.includes(other)) ?? null;
}

/**
 * Rows and columns of a tensor's picture: planes stand beside each other.
 *
 * @param {Model} model
 * @param {string} name
 */
export function sizeOf(model, name) {
  const { axes, shape } = model.tensor(name);
  if (!axes.includes("row"))
    return { rows: 1, columns: shape.reduce((all, size) => all * size, 1) };
  const [rows, columns] = shape.slice(-2);
  return { rows, columns };
}
