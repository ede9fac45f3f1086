import { boxAt, cellsOf, unravel } from "../../boxes.js";
import { largestOf } from "../../colour.js";
import { CHOICES, planeSize, slicesOf } from "./planes.js";
import { fitted, placeBoard } from "./place.js";
import { columnsOf, gradientOf } from "./variables.js";

/** @import {Model} from "../../model.js" */
/** @import {Box, CellRef, Move} from "../../types.js" */
/** @import {Block, Places} from "./place.js" */
/** @import {Slice} from "./planes.js" */
/** @import {Drawn} from "./variables.js" */

/** A plane must keep this much a cell, else fewer planes are shown. */
const ENOUGH = 20;

/**
 * A tensor on the board: its planes and where they stand.
 *
 * @typedef {object} Group
 * @property {Drawn} drawn
 * @property {number} column
 * @property {"value" | "gradient"} row
 * @property {Slice[]} slices
 * @property {import("./place.js").Placed} at
 * @property {number} largest  For the tints.
 */

/** What the board shows of a trace, in a space, with some planes in hand. */
export class BoardScene {
  /** @type {Group[]} */ groups = [];
  /** @type {Places} */ places;
  /** Whether every plane is shown. */
  whole = true;

  /**
   * @param {Model} model
   * @param {{width: number, height: number}} space
   * @param {Record<string, number>} inHand  The index along axes where not all planes are shown.
   */
  constructor(model, space, inHand) {
    this.model = model;
    this.columns = columnsOf(model);
    let stands = this.#stands("all", inHand);
    const every = planesOf(stands);
    for (const choice of CHOICES) {
      stands = this.#stands(choice, inHand);
      this.whole = planesOf(stands) === every;
      const { size } = fitted(stands.map(blocks), space.width, space.height);
      if (size >= ENOUGH) break;
    }
    this.places = placeBoard(stands.map(blocks), space.width, space.height);
    this.groups = stands.flatMap((stand, column) =>
      /** @type {const} */ (["value", "gradient"]).flatMap((row) =>
        stand[row].map(({ drawn, slices }, i) => ({
          drawn,
          slices,
          column,
          row,
          at: this.places.columns[column][row][i],
          largest: largestOf(model.tensor(drawn.wide).values),
        })),
      ),
    );
  }

  /**
   * @param {(typeof CHOICES)[number]} choice
   * @param {Record<string, number>} inHand
   */
  #stands(choice, inHand) {
    const part = (/** @type {Drawn} */ drawn) => {
      const slices = slicesOf(this.model, drawn, choice, inHand);
      const [rows, columns] = planeSize(this.model.tensor(drawn.wide));
      const block = {
        rows,
        columns,
        planes: slices.length,
        tagged: slices.some(({ tag }) => tag !== ""),
        small: drawn.sign === "−",
      };
      return { drawn, slices, block };
    };
    return this.columns.map(({ value, gradient }) => ({
      value: value.map(part),
      gradient: gradient.map(part),
    }));
  }

  /** The group that shows a tensor. @param {string} tensor */
  groupOf(tensor) {
    return this.groups.find(
      ({ drawn }) => drawn.name === tensor || drawn.wide === tensor,
    );
  }

  /** How many channels the input has. */
  get channels() {
    const { axes, shape } = this.model.tensor(this.groups[0].drawn.name);
    const at = axes.indexOf("channel");
    return at < 0 ? 1 : shape[at];
  }

  /** All channels, where all are shown; else null. */
  get shownChannels() {
    const { length } = this.groups[0].slices;
    return length === this.channels ? [...Array(length).keys()] : null;
  }

  /**
   * The boxes of a move: what its phases read and write, and the same place on the variable of
   * each gradient.
   *
   * @param {Move} move
   * @returns {{tensor: string, box: Box, written: boolean}[]}
   */
  boxesOf({ group, turn }) {
    /** @type {Map<string, {tensor: string, box: Box, written: boolean}>} */
    const boxes = new Map();
    const add = (
      /** @type {string} */ tensor,
      /** @type {Box} */ box,
      /** @type {boolean} */ written,
    ) => {
      const key = `${tensor} ${box}`;
      if (!boxes.has(key)) boxes.set(key, { tensor, box, written });
    };
    for (const index of group) {
      const phase = this.model.phases[index];
      for (const [symbol, tensor] of Object.entries(phase.reads))
        add(tensor, boxAt(phase, symbol, turn), false);
      add(phase.writes, boxAt(phase, phase.writes, turn), true);
    }
    for (const { tensor, box } of [...boxes.values()]) {
      const value = this.model.tensor(tensor).gradientOf;
      if (value !== null && this.groupOf(value)) add(value, box, false);
    }
    return [...boxes.values()];
  }

  /**
   * Which term of a move a cell belongs to, or null.
   *
   * @param {Move} move
   * @param {CellRef} ref
   */
  termAt({ group, turn }, { tensor, index }) {
    const names = [tensor, this.twinOf(tensor)];
    for (const number of group) {
      const phase = this.model.phases[number];
      for (const symbol of [...Object.keys(phase.reads), phase.writes]) {
        const name = phase.reads[symbol] ?? phase.writes;
        const wide = this.groupOf(name)?.drawn;
        const { shape } = this.model.tensor(name);
        const cells = cellsOf(boxAt(phase, symbol, turn), shape);
        if (cells.length < 2) continue;
        for (const one of names) {
          const at =
            one === name ? index : this.widened(one, index, wide, name);
          const term = at === null ? -1 : cells.indexOf(at);
          if (term >= 0) return term;
        }
      }
    }
    return null;
  }

  /**
   * The cell of a padded tensor that is a cell of the one without padding.
   *
   * @param {string | null | undefined} tensor
   * @param {number} index
   * @param {Drawn | undefined} drawn
   * @param {string} wide
   */
  widened(tensor, index, drawn, wide) {
    if (!drawn || drawn.name !== tensor || drawn.wide !== wide) return null;
    const { shape } = this.model.tensor(drawn.name);
    const [top, , left] = drawn.ring;
    const place = unravel(index, shape);
    const sizes = this.model.tensor(wide).shape;
    const shift = [...Array(shape.length - 2).fill(0), top, left];
    return place.reduce(
      (flat, at, axis) => flat * sizes[axis] + at + shift[axis],
      0,
    );
  }

  /** The same place on the gradient of a variable, or on the variable. @param {string} tensor */
  twinOf(tensor) {
    return (
      this.model.tensor(tensor).gradientOf ?? gradientOf(this.model, tensor)
    );
  }
}

/** @param {{value: {block: Block}[], gradient: {block: Block}[]}} stand */
const blocks = ({ value, gradient }) => ({
  value: value.map(({ block }) => block),
  gradient: gradient.map(({ block }) => block),
});

/** @param {{value: {block: Block}[], gradient: {block: Block}[]}[]} stands */
const planesOf = (stands) =>
  stands
    .flatMap(({ value, gradient }) => [...value, ...gradient])
    .reduce((sum, { block }) => sum + block.planes, 0);
