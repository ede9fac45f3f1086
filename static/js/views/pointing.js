import { relate } from "../tracing.js";
import { Readout, sentence } from "./readout.js";

/** @import {Model} from "../model.js" */
/** @import {Player} from "../player.js" */
/** @import {Scene} from "../scene.js" */
/** @import {Relations} from "../tracing.js" */
/** @import {CellRef} from "../types.js" */

const HINT = "Point at any cell to see what it belongs to; click to pin it";

/**
 * The cell that is pointed at and the one that is pinned, and what is said of them.
 *
 * Events: "change"; "value" (detail {tensor, index, value}); "go" (detail: the pinned step).
 */
export class Pointing extends EventTarget {
  /** @type {Relations | null} */ #pinned = null;
  /** @type {Relations | null} */ #pointed = null;
  /** The term that is pointed at, in the products or the chips. @type {number | null} */
  term = null;

  /**
   * @param {boolean} editable
   * @param {typeof relate} find  How the relations of a cell are found.
   */
  constructor(editable, find = relate) {
    super();
    this.editable = editable;
    this.find = find;
    this.readout = new Readout(
      editable ? `${HINT}, type to change it.` : `${HINT}.`,
    );
    const { element } = this.readout;
    element.addEventListener("release", () => this.release());
    element.addEventListener("go", () =>
      this.#emit("go", this.#pinned?.steps[0]),
    );
    element.addEventListener("value", (event) => {
      const { detail } = /** @type {CustomEvent} */ (event);
      if (this.#pinned)
        this.#emit("value", { ...this.#pinned.cell, value: detail });
    });
  }

  /** What is to be shown: the cell pointed at, else the pinned one. */
  get relations() {
    return this.#pointed ?? this.#pinned;
  }

  get pinned() {
    return this.#pinned;
  }

  /** @param {string} type @param {unknown} [detail] */
  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** @param {Model} model @param {CellRef | null} cell */
  point(model, cell) {
    const inProducts = cell !== null && cell.tensor === "";
    this.term = inProducts ? cell.index : null;
    this.#pointed = cell && !inProducts ? this.find(model, cell) : null;
    this.#emit("change");
  }

  /** Pin a cell, or let it go if it is pinned. @param {Model} model @param {CellRef} cell */
  pin(model, cell) {
    const { tensor, index } = this.#pinned?.cell ?? {};
    const same = tensor === cell.tensor && index === cell.index;
    this.#pinned = same ? null : this.find(model, cell);
    this.#pointed = null;
    this.#emit("change");
  }

  release() {
    this.#pinned = this.#pointed = this.term = null;
    this.#emit("change");
  }

  /** Another trace: what is pinned stays, if its cell is still there. @param {Model} model */
  renew(model) {
    this.#pointed = null;
    const cell = this.#pinned?.cell;
    const tensor = cell && model.tensors[cell.tensor];
    const there = cell && tensor && cell.index < tensor.values.length;
    this.#pinned = there ? this.find(model, cell) : null;
  }

  /**
   * The step of the output cell that is pointed at or pinned.
   *
   * @param {Scene} scene
   */
  stepOf(scene) {
    for (const relations of [this.#pointed, this.#pinned]) {
      if (
        relations?.cell.tensor === scene.phase.writes &&
        relations.steps.length
      ) {
        return relations.steps[0];
      }
    }
    return null;
  }

  /**
   * Say what is pointed at.
   *
   * @param {Scene} scene
   * @param {Player} player
   * @param {boolean} mayGo
   */
  tell(scene, player, mayGo) {
    const { relations } = this;
    if (!relations) {
      this.readout.show(null, null, {});
      return;
    }
    const { tensor, index } = relations.cell;
    const value = player.values(tensor)[index];
    const pinned = relations === this.#pinned;
    const output = tensor === scene.phase.writes;
    const editable = pinned && this.editable && !output;
    this.readout.show(
      sentence(scene, relations, value),
      editable ? value : null,
      {
        pinned,
        step: pinned && output && mayGo,
      },
    );
  }
}
