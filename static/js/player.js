/** @import {Model} from "./model.js" */

/**
 * One position in a trace: how many moves are made, and how far the sum of the last one has come.
 * It folds steps with set and add, and knows nothing of the page.
 *
 * Events: "change" (position, term or model), "play" (playing or speed).
 */
export class Player extends EventTarget {
  /** @type {Model} */ #model;
  #position = 0;
  #term = 0;
  #playing = false;
  #speed = 1;
  /** @type {{position: number, values: Map<string, Float64Array>}} */ #folded;

  /**
   * @param {Model} model
   * @param {number} [position]
   */
  constructor(model, position = 0) {
    super();
    this.#model = model;
    this.#folded = { position: 0, values: emptied(model) };
    this.seek(position);
  }

  get model() {
    return this.#model;
  }

  /** Another trace in the same place: the position is kept as far as there are moves. */
  set model(model) {
    const finished = this.#position === this.length;
    this.#model = model;
    this.#folded = { position: 0, values: emptied(model) };
    this.#position = Math.min(this.#position, this.length);
    if (finished && this.#position > 0) this.#position = this.length;
    this.#term = this.terms;
    this.#emit("change");
  }

  get length() {
    return this.#model.moves.length;
  }

  /** Moves made: 0 is before the first, 1 has made the first. */
  get position() {
    return this.#position;
  }

  /** The move just made, or null at the start. */
  get move() {
    return this.#position ? this.#model.moves[this.#position - 1] : null;
  }

  get term() {
    return this.#term;
  }

  /** Terms of the current move: of whichever of its phases has most. */
  get terms() {
    const { group, turn } = this.move ?? { group: [], turn: 0 };
    return group.reduce(
      (most, phase) => Math.max(most, this.#model.termsOf(phase, turn)),
      0,
    );
  }

  get complete() {
    return this.#term >= this.terms;
  }

  get playing() {
    return this.#playing;
  }

  get speed() {
    return this.#speed;
  }

  set speed(speed) {
    this.#speed = speed;
    this.#emit("play");
  }

  /** @param {number} position */
  seek(position) {
    this.#position = Math.max(
      0,
      Math.min(this.length, Math.round(position) || 0),
    );
    this.#term = this.terms;
    this.#emit("change");
  }

  /** Go to where a step has just been made. @param {{phase: number, turn: number}} step */
  goTo({ phase, turn }) {
    const at = this.#model.moves.findIndex(
      (move) => move.turn === turn && move.group.includes(phase),
    );
    if (at >= 0) this.seek(at + 1);
  }

  /**
   * Show the current sum up to so many terms.
   *
   * @param {number} term
   */
  seekTerm(term) {
    const next = Math.max(0, Math.min(this.terms, Math.round(term)));
    if (next === this.#term) return;
    this.#term = next;
    this.#emit("change");
  }

  next() {
    if (this.#position < this.length) this.seek(this.#position + 1);
  }

  previous() {
    this.seek(this.complete ? this.#position - 1 : this.#position);
  }

  play() {
    if (this.#playing || !this.length) return;
    if (this.#position === this.length && this.complete) this.seek(0);
    this.#playing = true;
    this.#emit("play");
  }

  pause() {
    if (!this.#playing) return;
    this.#playing = false;
    this.#emit("play");
  }

  /** Begin the next move with none of its terms; at the end, stop. */
  begin() {
    if (this.#position === this.length) {
      this.pause();
      return;
    }
    this.#position += 1;
    this.#term = 0;
    this.#emit("change");
  }

  /**
   * The values of a tensor at this position; NaN is a cell that nothing has written yet.
   *
   * @param {string} name
   * @returns {ArrayLike<number>}
   */
  values(name) {
    const finished = this.#model.tensor(name).values;
    if (!this.#model.playable) return finished;
    this.#fold(this.complete ? this.#position : this.#position - 1);
    return this.#folded.values.get(name) ?? finished;
  }

  /** @param {number} position */
  #fold(position) {
    if (position < this.#folded.position) {
      this.#folded = { position: 0, values: emptied(this.#model) };
    }
    while (this.#folded.position < position) {
      const { group, turn } = this.#model.moves[this.#folded.position];
      for (const phase of group) this.#write(phase, turn);
      this.#folded.position += 1;
    }
  }

  /** @param {number} phase @param {number} turn */
  #write(phase, turn) {
    const { phases } = this.#model;
    const { writes, adds, steps } = phases[phase];
    const values = /** @type {Float64Array} */ (
      this.#folded.values.get(writes)
    );
    const results = this.#model.results(phase, turn);
    this.#model.written(phase, turn).forEach((cell, at) => {
      values[cell] = adds ? (values[cell] || 0) + results[at] : results[at];
    });
    // Rounded shares that cancel leave a rest, of which the finished tensor is free.
    const last = phases.findLastIndex((each) => each.writes === writes);
    if (adds && phase === last && turn === steps - 1)
      values.set(this.#model.tensor(writes).values);
  }

  /** @param {string} type */
  #emit(type) {
    this.dispatchEvent(new Event(type));
  }
}

/**
 * @param {Model} model
 * @returns {Map<string, Float64Array>} The tensors that are played, before the first move.
 */
function emptied(model) {
  const values = new Map();
  for (const phase of model.phases) {
    if (phase.setup) continue;
    const tensor = model.tensor(phase.writes);
    values.set(
      phase.writes,
      new Float64Array(tensor.values.length).fill(tensor.fill ?? NaN),
    );
  }
  return values;
}
