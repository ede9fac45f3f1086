/** @import {Model} from "../../model.js" */
/** @import {Graph} from "./structure.js" */

/** What each phase gives to each cell of the tensor that it writes. */
export class Contributions {
  /** @type {Map<number, {values: number[], turns: number[], cancels: Set<number>}>} */
  #given = new Map();
  #model;

  /** @param {Model} model @param {Graph} graph */
  constructor(model, graph) {
    this.#model = model;
    for (const { phases } of graph.stops)
      for (const phase of phases) this.#given.set(phase, this.#read(phase));
  }

  /** @param {number} phase @param {number} cell */
  value(phase, cell) {
    return this.#given.get(phase)?.values[cell] ?? NaN;
  }

  /** Whether what it gives is a sum that is zero but for rounding. @param {number} phase @param {number} cell */
  cancels(phase, cell) {
    const given = this.#given.get(phase);
    if (!given || given.values[cell]) return false;
    return given.cancels.has(cell) || this.terms(phase, cell).some(Boolean);
  }

  /** The step that writes a cell. @param {number} phase @param {number} cell */
  turn(phase, cell) {
    return this.#given.get(phase)?.turns[cell] ?? 0;
  }

  /** The terms of that step. @param {number} phase @param {number} cell */
  terms(phase, cell) {
    return this.#model.numbers(phase, this.turn(phase, cell))?.terms ?? [];
  }

  /** @param {number} phase */
  #read(phase) {
    const { steps, numbers } = this.#model.phases[phase];
    /** @type {number[]} */ const values = [];
    /** @type {number[]} */ const turns = [];
    const cancels = new Set();
    for (let turn = 0; turn < steps; turn++) {
      const results = this.#model.results(phase, turn);
      this.#model.written(phase, turn).forEach((cell, at) => {
        const zero = numbers?.cancels.includes(turn) ?? false;
        values[cell] = zero ? 0 : results[at];
        turns[cell] = turn;
        if (zero) cancels.add(cell);
      });
    }
    return { values, turns, cancels };
  }
}
