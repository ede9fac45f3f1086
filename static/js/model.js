import { boxAt, cellsOf, sizeOf } from "./boxes.js";

/** @import {Move, Phase, Reply, StepNumbers, Tensor, TraceReply} from "./types.js" */

/** A trace as it came, with what follows from it: its moves in order, and the numbers of each. */
export class Model {
  /** @type {Counts[]} */ #counted = [];

  /** @param {TraceReply | Reply} reply */
  constructor(reply) {
    this.op = reply.op;
    this.tensors = reply.tensors;
    this.phases = reply.phases;
    this.playable = reply.playable;
    /** @type {Record<string, number>} Sizes by the lecture's letters. */
    this.names = "names" in reply ? reply.names : {};
    /** @type {Map<string, StepNumbers>} Steps explained singly, for traces too large to play. */
    this.fetched = new Map();
    this.moves = orderOf(reply.phases);
  }

  /** The phase that the picture is about: the first one that is played. */
  get main() {
    return this.phases.findIndex((phase) => !phase.setup);
  }

  /** Whether a tensor is written by no phase. @param {string} name */
  given(name) {
    return this.phases.every(({ writes }) => writes !== name);
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
    const counts = this.#counts(phase);
    const part = (/** @type {"terms" | "running" | "partial"} */ name) =>
      all[name].slice(...counts.range(name, turn));
    return {
      terms: part("terms"),
      running: part("running"),
      partial: part("partial"),
      picks: all.picks.slice(turn, turn + 1),
    };
  }

  /**
   * What a step gives to the cells it writes: its terms one by one, or their sum.
   *
   * @param {number} phase
   * @param {number} turn
   * @returns {number[]}
   */
  results(phase, turn) {
    const { combine, numbers } = this.phases[phase];
    if (!numbers) return [];
    const each = combine === "each";
    const [start, end] = this.#counts(phase).range(
      each ? "terms" : "running",
      turn,
    );
    return each
      ? numbers.terms.slice(start, end)
      : numbers.running.slice(end - 1, end);
  }

  /**
   * How many terms a step of a phase has.
   *
   * @param {number} phase
   * @param {number} turn
   */
  termsOf(phase, turn) {
    return termsAt(this.phases[phase], turn);
  }

  /** @param {number} phase */
  #counts(phase) {
    return (this.#counted[phase] ??= new Counts(
      this.phases[phase],
      this.tensors,
    ));
  }
}

/** Where the numbers of each step of a phase lie in its flat lists. */
class Counts {
  /** @type {Record<string, number[]>} Where each step begins, and the end; one size if all are alike. */
  #starts;

  /**
   * @param {Phase} phase
   * @param {Record<string, Tensor>} tensors
   */
  constructor(phase, tensors) {
    this.#starts = { terms: [0], running: [0], partial: [0] };
    const steps = phase.boxes.length ? phase.steps : 1;
    for (let turn = 0; turn < steps; turn++) {
      const counts = countsAt(phase, tensors, turn);
      for (const [name, starts] of Object.entries(this.#starts))
        starts.push(starts[turn] + counts[name]);
    }
  }

  /**
   * @param {string} name
   * @param {number} turn
   * @returns {[start: number, end: number]}
   */
  range(name, turn) {
    const starts = this.#starts[name];
    if (starts.length > 2) return [starts[turn], starts[turn + 1]];
    return [turn * starts[1], (turn + 1) * starts[1]];
  }
}

/**
 * How many numbers of each kind a step has; what `app/wire.py` sends of it.
 *
 * @param {Phase} phase
 * @param {Record<string, Tensor>} tensors
 * @param {number} turn
 * @returns {Record<string, number>}
 */
function countsAt(phase, tensors, turn) {
  const terms = termsAt(phase, turn);
  if (phase.combine === "each") return { terms, running: 0, partial: 0 };
  if (phase.combine === "max") return { terms, running: terms, partial: 0 };
  const divided = phase.combine === "mean" ? terms > 1 : phase.divisor !== 1;
  const first = factorsOf(phase)[0];
  const axis = tensors[phase.reads[first]].axes.indexOf(phase.subtotals ?? "");
  const parts = axis < 0 ? 1 : boxAt(phase, first, turn)[axis][1];
  return {
    terms,
    running: terms + Number(divided) + phase.extra.length,
    partial: parts > 1 ? terms : 0,
  };
}

/** The symbols that make up a term. @param {Phase} phase */
function factorsOf({ reads, extra }) {
  return Object.keys(reads).filter((symbol) => !extra.includes(symbol));
}

/** @param {Phase} phase @param {number} turn */
function termsAt(phase, turn) {
  const sizes = factorsOf(phase).map((symbol) =>
    sizeOf(boxAt(phase, symbol, turn)),
  );
  return Math.max(...sizes);
}

/**
 * The moves of the play: phases one after the other, those of a group in one move.
 *
 * @param {Phase[]} phases
 * @returns {Move[]}
 */
function orderOf(phases) {
  const moves = [];
  for (let first = 0; first < phases.length;) {
    let end = first + 1;
    while (phases[first].group && phases[end]?.group === phases[first].group)
      end++;
    const group = [];
    for (let phase = first; phase < end; phase++)
      if (!phases[phase].setup) group.push(phase);
    const steps = group.length ? phases[group[0]].steps : 0;
    for (let turn = 0; turn < steps; turn++)
      moves.push({ phase: group[0], turn, group });
    first = end;
  }
  return moves;
}
