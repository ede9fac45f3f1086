/** @import {Model} from "../../model.js" */
/** @import {Phase, Tensor} from "../../types.js" */

/**
 * @typedef {object} GraphNode
 * @property {string} name  Of its tensor.
 * @property {boolean} perSample  Whether it has one value a sample.
 * @property {string} role
 * @property {boolean} given  Whether no phase writes it.
 * @property {string | null} gradient  The tensor that holds its gradient.
 *
 * @typedef {object} GraphEdge
 * @property {string} from
 * @property {string} to
 * @property {number} forward  The phase that reads `from` and writes `to`.
 * @property {number[]} backward  The phases that bring a gradient along it in reverse.
 *
 * @typedef {object} Stop  The moves that write one tensor, one after the other.
 * @property {string} tensor
 * @property {string} of  The node it belongs to.
 * @property {boolean} backward
 * @property {number[]} phases
 * @property {number} end  Moves made when it is done.
 */

/** The computational graph of a trace: who is made of whom, and how gradients come back. */
export class Graph {
  /** @type {Map<string, number[]>} */ #writing = new Map();

  /** @param {Model} model */
  constructor(model) {
    const { tensors, phases } = model;
    this.edges = edgesOf(tensors, phases);
    this.nodes = nodesOf(model, this.edges);
    phases.forEach(({ writes }, phase) =>
      this.#writing.set(writes, [...(this.#writing.get(writes) ?? []), phase]),
    );
    this.stops = stopsOf(model).filter(({ of }) => this.nodes.has(of));
    /** How many of the stops go forward; they come first. */
    this.forward = this.stops.filter(({ backward }) => !backward).length;
    phases.forEach((phase, index) => this.#route(tensors, phase, index));
    this.main = mainLine(this);
    /** What must agree for two replies to have the same picture. */
    this.shape = [
      ...this.edges.map(({ from, to }) => `${from}>${to}`),
      ...[...this.nodes.keys()].map((name) => tensors[name].shape.join()),
      ...this.stops.map(({ tensor }) => tensor),
    ].join(" ");
  }

  /** The phases that write a tensor, if only a part of it. @param {string} name */
  writing(name) {
    return this.#writing.get(name) ?? [];
  }

  /** Whether a tensor is the value of a node, or its gradient. @param {string} tensor */
  has(tensor) {
    const all = [...this.nodes.values()];
    return all.some((node) => [node.name, node.gradient].includes(tensor));
  }

  /** The edges into a node. @param {string} name */
  into(name) {
    return this.edges.filter(({ to }) => to === name);
  }

  /** The edges out of a node. @param {string} name */
  outOf(name) {
    return this.edges.filter(({ from }) => from === name);
  }

  /**
   * The routes on which a gradient comes to a node, in the order in which they add up.
   *
   * @param {string | null} name  Of the node.
   * @returns {{phase: number, edge: GraphEdge}[]}
   */
  routesTo(name) {
    return this.edges
      .filter(({ from }) => from === name)
      .flatMap((edge) => edge.backward.map((phase) => ({ phase, edge })))
      .sort((a, b) => a.phase - b.phase);
  }

  /**
   * Lay a backward phase on the edge it walks in reverse: from the node whose gradient it reads;
   * where it reads none, from the end of the graph.
   *
   * @param {Record<string, Tensor>} tensors
   * @param {Phase} phase
   * @param {number} index
   */
  #route(tensors, phase, index) {
    const of = tensors[phase.writes].gradientOf;
    if (!of) return;
    const read = new Set(
      Object.values(phase.reads).map((name) => origin(tensors, name)),
    );
    const edge =
      this.outOf(of).find(({ to }) => read.has(to)) ??
      this.outOf(of).find(({ to }) => !this.outOf(to).length);
    edge?.backward.push(index);
  }
}

/**
 * The node that a gradient belongs to, if only by way of what it extends.
 *
 * @param {Record<string, Tensor>} tensors
 * @param {string} name
 */
function origin(tensors, name) {
  const { gradientOf, extends: inner } = tensors[name];
  return gradientOf ?? (inner ? tensors[inner].gradientOf : null);
}

/**
 * @param {Record<string, Tensor>} tensors
 * @param {Phase[]} phases
 * @returns {GraphEdge[]}
 */
function edgesOf(tensors, phases) {
  return phases.flatMap(({ reads, writes }, forward) => {
    if (tensors[writes].gradientOf) return [];
    const read = Object.values(reads).filter(
      (name) => !tensors[name].gradientOf,
    );
    return [...new Set(read)].map((from) => ({
      from,
      to: writes,
      forward,
      backward: [],
    }));
  });
}

/**
 * @param {Model} model
 * @param {GraphEdge[]} edges
 * @returns {Map<string, GraphNode>}
 */
function nodesOf(model, edges) {
  const names = new Set(edges.flatMap(({ from, to }) => [from, to]));
  const gradients = new Map(
    Object.entries(model.tensors).map(([name, { gradientOf }]) => [
      gradientOf,
      name,
    ]),
  );
  return new Map(
    [...names].map((name) => [
      name,
      {
        name,
        perSample: model.tensor(name).axes.includes("sample"),
        role: model.tensor(name).role,
        given: model.given(name),
        gradient: gradients.get(name) ?? null,
      },
    ]),
  );
}

/** @param {Model} model @returns {Stop[]} */
function stopsOf(model) {
  /** @type {Stop[]} */
  const stops = [];
  model.moves.forEach(({ phase }, move) => {
    const tensor = model.phases[phase].writes;
    const { gradientOf: of, role } = model.tensor(tensor);
    // What is only spread out belongs to the stop that reads it.
    if (role === "gradient" && !of) return;
    let stop = stops.at(-1);
    if (stop?.tensor !== tensor) {
      stop = {
        tensor,
        of: of ?? tensor,
        backward: of !== null,
        phases: [],
        end: 0,
      };
      stops.push(stop);
    }
    if (!stop.phases.includes(phase)) stop.phases.push(phase);
    stop.end = move + 1;
  });
  return stops;
}

/**
 * The straight line: the shortest way from the input that lies furthest back to the end.
 *
 * @param {Graph} graph
 * @returns {string[]}
 */
function mainLine(graph) {
  /** @type {Map<string, {far: number, way: string[]}>} */
  const known = new Map();
  /** @param {string} name @returns {{far: number, way: string[]}} */
  const visit = (name) => {
    const found = known.get(name);
    if (found) return found;
    const next = graph.outOf(name).map(({ to }) => visit(to));
    const far = Math.max(-1, ...next.map((one) => one.far)) + 1;
    const ways = next.map(({ way }) => way);
    ways.sort((a, b) => a.length - b.length);
    const all = { far, way: [name, ...(ways[0] ?? [])] };
    known.set(name, all);
    return all;
  };
  const given = [...graph.nodes.values()].filter((node) => node.given);
  // Of a weight and an input that lie as far back, the input.
  given.sort((a, b) => Number(b.role === "input") - Number(a.role === "input"));
  const from = given.map(({ name }) => visit(name));
  return from.reduce((a, b) => (b.far > a.far ? b : a), from[0])?.way ?? [];
}
