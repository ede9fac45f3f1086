/** @import {Model} from "../../model.js" */
/** @import {Contributions} from "./contributions.js" */
/** @import {Graph} from "./structure.js" */
/** @import {StopPlayer} from "./stop-player.js" */

/**
 * @typedef {"forward" | "single" | "context-1" | "context-2" | "context-3" | "1" | "2" | "3"} Look
 */

/** @typedef {Pick<StopPlayer, "stop" | "arriving" | "written" | "backward" | "values">} At  Where a player is. */

const WRITTEN_OUT = 4;

/** What of the graph can be seen: who is written, what is in hand, and for which samples. */
export class Shown {
  /**
   * @param {Model} model
   * @param {Graph} graph
   * @param {At} player
   * @param {{sample: number | null, selected: string | null}} choice
   * @param {Contributions} given
   */
  constructor(model, graph, player, { sample, selected }, given) {
    this.model = model;
    this.graph = graph;
    this.sample = sample;
    this.selected = selected;
    this.given = given;
    this.stop = player.stop;
    this.arriving = player.arriving;
    /** @type {Set<number>} */
    this.phases = new Set();
    graph.stops.slice(0, player.written).forEach(({ phases }) => {
      for (const phase of phases) this.phases.add(phase);
    });
    this.#values = player;
    this.returning = player.backward;
  }

  /** All routes by which the gradient in hand comes. */
  get routes() {
    return (this.#routes ??= this.graph.routesTo(this.gradient && this.node));
  }

  /**
   * Those of them that it has come by so far, and those that are just drawn; all, where one that is
   * chosen has not come at all.
   */
  get come() {
    const come = this.routes.filter(
      ({ phase }) =>
        this.phases.has(phase) || (this.stop?.phases.includes(phase) ?? false),
    );
    return come.length ? come : this.routes;
  }

  /** The phases that give what is in hand, so far as they have come. */
  get giving() {
    if (this.gradient) return this.come.map(({ phase }) => phase);
    return this.tensor ? this.graph.writing(this.tensor) : [];
  }

  #values;
  /** @type {ReturnType<Graph["routesTo"]> | null} */ #routes = null;

  /** The tensor in hand, a value or a gradient, chosen or played; else null. */
  get tensor() {
    return this.selected ?? this.stop?.tensor ?? null;
  }

  /** The same where it is a gradient. */
  get gradient() {
    const { tensor } = this;
    return tensor && this.model.tensor(tensor).gradientOf ? tensor : null;
  }

  /** The node in hand. */
  get node() {
    const { tensor } = this;
    return tensor && (this.model.tensor(tensor).gradientOf ?? tensor);
  }

  /** How many samples there are. */
  get samples() {
    for (const { name, perSample } of this.graph.nodes.values())
      if (perSample) return this.model.tensor(name).values.length;
    return 1;
  }

  /**
   * The cells of a tensor that are shown: those of the sample, or all.
   *
   * @param {string} name
   * @returns {number[]}
   */
  cells(name) {
    const { length } = this.model.tensor(name).values;
    if (this.sample !== null && length > 1 && this.perSample(name))
      return [Math.min(this.sample, length - 1)];
    return Array.from({ length }, (_, cell) => cell);
  }

  /** @param {string} name  Of a node or its gradient. */
  perSample(name) {
    return this.model.tensor(name).axes.includes("sample");
  }

  /** The values of a tensor, NaN where they are not there yet. @param {string} name */
  values(name) {
    const there = this.isWritten(name);
    const values = this.#values.values(name);
    return this.cells(name).map((cell) => (there ? values[cell] : NaN));
  }

  /** Whether a tensor is there, with all that is added up to it. @param {string} name */
  isWritten(name) {
    const { gradientOf } = this.model.tensor(name);
    const writing = this.graph.writing(name);
    if (!writing.length) return !gradientOf || this.returning;
    return writing.every((phase) => this.phases.has(phase));
  }

  /**
   * What comes back along a route to the cells that are shown.
   *
   * @param {number} phase
   */
  route(phase) {
    const { writes } = this.model.phases[phase];
    const there = this.phases.has(phase);
    const cells = this.cells(writes);
    return {
      values: cells.map((cell) =>
        there ? this.given.value(phase, cell) : NaN,
      ),
      cancels: there && cells.every((cell) => this.given.cancels(phase, cell)),
    };
  }

  /**
   * What phases come to in a cell: all that write it, or one of them.
   *
   * @param {string} tensor
   * @param {number[]} phases
   * @param {number} cell
   */
  total(tensor, phases, cell) {
    if (phases.length === this.graph.writing(tensor).length)
      return this.model.tensor(tensor).values[cell];
    return phases.length === 1
      ? this.given.value(phases[0], cell)
      : this.#values.values(tensor)[cell];
  }

  /** The look of a phase that is one of several routes in hand, else null. @param {number} phase */
  lookOf(phase) {
    const { routes } = this;
    const at = routes.findIndex((route) => route.phase === phase);
    return routes.length > 1 && at >= 0 ? lookOf(at) : null;
  }

  /** Whether a gradient is summed over the batch on this route. @param {number} phase */
  sums(phase) {
    const { combine, writes, reads } = this.model.phases[phase];
    const read = Object.values(reads).some((name) => this.perSample(name));
    return combine !== "each" && read && !this.perSample(writes);
  }

  /** How many terms of a sum are written out, with all that each is made of. @param {number} _phase */
  most(_phase) {
    return WRITTEN_OUT;
  }

  /** Whether the gradient of a node is a sum over the batch. @param {string} node */
  isSum(node) {
    return this.graph.routesTo(node).some(({ phase }) => this.sums(phase));
  }

  /**
   * How the edge looks that stands at a place in the list.
   *
   * @param {number} index
   * @returns {Look | null}
   */
  look(index) {
    const edge = this.graph.edges[index];
    const { node, gradient } = this;
    if (!node) return null;
    if (!gradient) return edge.to === node ? "forward" : null;
    const { routes, come } = this;
    const at = routes.findIndex((route) => route.edge === edge);
    if (at >= 0 && !come.includes(routes[at])) return null;
    if (at >= 0) return routes.length > 1 ? lookOf(at) : "single";
    // The lane goes on: how the gradient came to where this route begins.
    const lane = routes.findIndex(
      (route) =>
        come.includes(route) &&
        route.edge.to === edge.from &&
        !this.isMain(edge.from),
    );
    const first = this.graph.routesTo(edge.from)[0];
    return lane >= 0 && routes.length > 1 && first?.edge === edge
      ? /** @type {Look} */ (`context-${lookOf(lane)}`)
      : null;
  }

  /** @param {string} name */
  isMain(name) {
    return this.graph.main.includes(name);
  }
}

/** @param {number} route @returns {"1" | "2" | "3"} */
export function lookOf(route) {
  return /** @type {"1" | "2" | "3"} */ (`${Math.min(route, 2) + 1}`);
}
