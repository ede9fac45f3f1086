/** @import {Model} from "../../model.js" */
/** @import {Contributions} from "./contributions.js" */
/** @import {Graph} from "./structure.js" */
/** @import {StopPlayer} from "./stop-player.js" */

/**
 * @typedef {"forward" | "single" | "context-1" | "context-2" | "context-3" | "1" | "2" | "3"} Look
 */

const WRITTEN_OUT = 4;

/** What of the graph can be seen: who is written, what is in hand, and for which samples. */
export class Shown {
  /**
   * @param {Model} model
   * @param {Graph} graph
   * @param {StopPlayer} player
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

  #values;

  /** The gradient in hand, chosen or played; else null. */
  get gradient() {
    return this.selected ?? (this.stop?.backward ? this.stop.tensor : null);
  }

  /** The node in hand. */
  get node() {
    const gradient = this.gradient;
    return gradient
      ? this.model.tensor(gradient).gradientOf
      : (this.stop?.of ?? null);
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

  /** @param {string} name */
  isWritten(name) {
    const { gradientOf } = this.model.tensor(name);
    if (this.model.given(name)) return !gradientOf || this.returning;
    return [...this.phases].some(
      (phase) => this.model.phases[phase].writes === name,
    );
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
    const routes = this.graph.routesTo(node);
    const at = routes.findIndex((route) => route.edge === edge);
    if (at >= 0) return routes.length > 1 ? lookOf(at) : "single";
    // The lane goes on: how the gradient came to where this route begins.
    const lane = routes.findIndex(
      (route) => route.edge.to === edge.from && !this.isMain(edge.from),
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
