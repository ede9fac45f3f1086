import { Player } from "../../player.js";

/** @import {Model} from "../../model.js" */
/** @import {Drawn} from "./variables.js" */

/**
 * The tensors before and after a move, and in between: cells whose terms have come in show what
 * they come to, the others what they were.
 */
export class Totals {
  #before;
  #after;
  #term = 0;

  /** @param {Model} model */
  constructor(model) {
    this.model = model;
    this.#before = new Player(model);
    this.#after = new Player(model);
  }

  /** Go to a position of the play. @param {Player} player */
  follow(player) {
    this.#term = player.complete ? Infinity : player.term;
    this.#after.seek(player.position);
    this.#before.seek(player.position - 1);
  }

  /** @param {string} name */
  before(name) {
    return this.#before.values(name);
  }

  /** @param {string} name */
  after(name) {
    return this.#after.values(name);
  }

  /**
   * How many of a phase's terms are in.
   *
   * @param {number} phase
   * @param {number} turn
   */
  reached(phase, turn) {
    return Math.min(this.#term, this.model.termsOf(phase, turn));
  }

  /**
   * What a tensor holds at this moment.
   *
   * @param {string} name
   * @returns {ArrayLike<number>}
   */
  now(name) {
    const { move } = this.#after;
    if (!move || this.#term === Infinity) return this.after(name);
    const index = move.group.find(
      (phase) => this.model.phases[phase].writes === name,
    );
    if (index === undefined) return this.after(name);
    const { combine } = this.model.phases[index];
    const all = this.model.termsOf(index, move.turn);
    const reached = this.reached(index, move.turn);
    const each = combine === "each";
    const cells = this.model.written(index, move.turn);
    const values = Float64Array.from(this.before(name));
    const after = this.after(name);
    cells
      .slice(0, each ? reached : reached === all ? cells.length : 0)
      .forEach((cell) => {
        values[cell] = after[cell];
      });
    return values;
  }

  /**
   * What a drawn tensor shows, its ring included: the padded one until what is left of it has
   * been taken over.
   *
   * @param {Drawn} drawn
   * @returns {ArrayLike<number>}
   */
  shown({ name, wide, ring }) {
    if (name === wide) return this.now(name);
    const values = this.now(wide);
    if (!this.#taken(name)) return values;
    const joined = Float64Array.from(values);
    const inner = this.now(name);
    const [rows, columns] = this.model.tensor(name).shape.slice(-2);
    const [top, bottom, left, right] = ring;
    const width = columns + left + right;
    const high = rows + top + bottom;
    for (let i = 0; i < inner.length; i++) {
      const plane = Math.floor(i / (rows * columns));
      const row = (Math.floor(i / columns) % rows) + top;
      joined[(plane * high + row) * width + (i % columns) + left] = inner[i];
    }
    return joined;
  }

  /** Whether a tensor is written, at this moment. @param {string} name */
  #taken(name) {
    const { moves, phases } = this.model;
    const first = moves.findIndex(({ group }) =>
      group.some((phase) => phases[phase].writes === name),
    );
    return (
      first >= 0 &&
      first < this.#after.position &&
      (first + 1 < this.#after.position || this.#term > 0)
    );
  }
}
