import { boxAt, cellsOf, sizeOf } from "./boxes.js";

/** @import {Phase, Reply, StepNumbers, Tensor, TraceReply} from "./types.js" */

/** A trace as it came, with what follows from it: its moves in order, and the numbers of each. */
export class Model {
  /** @param {TraceReply | Reply} reply */
  constructor(reply) {
    this.op = reply.op;
    this.tensors = reply.tensors;
    this.phases = reply.phases;
    this.playable = reply.playable;
    /** @type {Map<string, StepNumbers>} Steps explained singly, for traces too large to play. */
    this.fetched = new Map();
    this.moves = orderOf(reply.phases);
  }

  /** The phase that the picture is about: the first one that is played. */
  get main() {
    return this.phases.findIndex((phase) => !phase.setup);
  }

  /**
   * @param {string} name
   * @returns {Tensor}
   */
  tensor(name) {
    return this.tensors[name];
  }

  /**
   * The cells of the written tensor that a step sets, as places in the flattened tensor.
   *
   * @param {number} phase
   * @param {number} turn
   */
  written(phase, turn) {
    const rule = this.phases[phase];
    return cellsOf(
      boxAt(rule, rule.writes, turn),
      this.tensors[rule.writes].shape,
    );
  }

  /**
   * The numbers of one step, or null while they have not been fetched.
   *
   * @param {number} phase
   * @param {number} turn
   * @returns {StepNumbers | null}
   */
  numbers(phase, turn) {
    const all = this.phases[phase].numbers;
    if (!all) return this.fetched.get(`${phase}:${turn}`) ?? null;
    const part = (/** @type {number[]} */ values) => {
      const each = values.length / this.phases[phase].steps;
      return values.slice(turn * each, (turn + 1) * each);
    };
    return {
      terms: part(all.terms),
      running: part(all.running),
      partial: part(all.partial),
    };
  }

  /**
   * How many terms a step of a phase has.
   *
   * @param {number} phase
   */
  termsOf(phase) {
    const rule = this.phases[phase];
    return Math.max(
      ...Object.keys(rule.reads)
        .filter((symbol) => !rule.extra.includes(symbol))
        .map((symbol) => sizeOf(boxAt(rule, symbol, 0))),
    );
  }
}

/**
 * The moves of the play: phases one after the other, those of a group step by step together.
 *
 * @param {Phase[]} phases
 * @returns {{phase: number, turn: number}[]}
 */
function orderOf(phases) {
  const moves = [];
  for (let first = 0; first < phases.length;) {
    let end = first + 1;
    while (phases[first].group && phases[end]?.group === phases[first].group)
      end++;
    for (let turn = 0; turn < phases[first].steps; turn++) {
      for (let phase = first; phase < end; phase++) {
        if (!phases[phase].setup) moves.push({ phase, turn });
      }
    }
    first = end;
  }
  return moves;
}
