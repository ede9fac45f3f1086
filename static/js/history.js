/** @import {State} from "./url-state.js" */

const MOST = 200;

/** The states one can go back to. A state never changes: every change makes another. */
export class History {
  /** @type {State[]} */ #past = [];
  /** @type {State} */ #present;

  /** @param {State} state */
  constructor(state) {
    this.#present = state;
  }

  get present() {
    return this.#present;
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  /** @param {State} state */
  push(state) {
    this.#past.push(this.#present);
    if (this.#past.length > MOST) this.#past.shift();
    this.#present = state;
  }

  /** Put another state in the place of the present one. @param {State} state */
  replace(state) {
    this.#present = state;
  }

  undo() {
    this.#present = this.#past.pop() ?? this.#present;
    return this.#present;
  }
}
