import { set, svg, write } from "../dom.js";
import { side } from "../measure.js";
import { CellView } from "./cell.js";
import { listen } from "./grid-keys.js";

/** @import {CellRef} from "../types.js" */

/**
 * A plane of a tensor as a grid of cells.
 *
 * @typedef {object} Plane
 * @property {string} label  The accessible name.
 * @property {string} [heading]  What stands over it, if not its label.
 * @property {string} [short]  The same where it would run into its neighbour.
 * @property {CellRef} first  Its first cell; the others follow row by row.
 * @property {number} rows
 * @property {number} columns
 * @property {boolean} editable
 * @property {[top: number, bottom: number, left: number, right: number]} ring
 *   Padding drawn around it; these cells are no gridcells.
 * @property {[down: number, across: number]} [gaps]
 *   From one cell to the next where padding is drawn between them as well.
 * @property {"bracket" | "below" | "none"} caption
 *   Where its heading stands: above a bracket, below the cells, or nowhere.
 *
 * What a grid tells the picture it stands in.
 *
 * @typedef {object} Host
 * @property {(cell: CellRef | null) => void} pointed
 * @property {(cell: CellRef) => void} pinned
 * @property {(cell: CellRef, typed: string | null) => void} edit
 * @property {() => void} released
 */

const GAP = 2;

/** About the width of a letter of a heading, and how far one may stand out. */
const [LETTER, ROOM] = [7.5, { bracket: 6, below: 16, none: 0 }];

export class GridView {
  // Chromium puts SVG that listens for focus into the tab order, unless it is told not to.
  element = svg("g", { class: "grid", tabindex: -1 });
  /** @type {CellView[]} Row by row, the ring included. */ #cells = [];
  #heading = svg("text", { class: "heading", "aria-hidden": "true" });
  /** @type {Map<string, Set<number>>} */ #marks = new Map();
  #focused = 0;
  #size = 0;
  #turned = false;

  /**
   * @param {Plane} plane
   * @param {Host} host
   */
  constructor(plane, host) {
    this.plane = plane;
    this.host = host;
    const [top, bottom, left, right] = plane.ring;
    this.gaps = plane.gaps ?? [1, 1];
    this.rows = (plane.rows - 1) * this.gaps[0] + 1 + top + bottom;
    this.columns = (plane.columns - 1) * this.gaps[1] + 1 + left + right;
    this.element.append(this.#heading, ...this.#build(top, left));
    listen(this);
  }

  /**
   * @param {number} top
   * @param {number} left
   */
  #build(top, left) {
    const { plane } = this;
    const [down, across] = this.gaps;
    const grid = svg("g", { role: "grid", "aria-label": plane.label });
    const ring = svg("g", { class: "ring", "aria-hidden": "true" });
    const inside = (/** @type {number} */ at, /** @type {number} */ size) =>
      Number.isInteger(at) && at >= 0 && at < size;
    for (let r = 0; r < this.rows; r++) {
      const row = (r - top) / down;
      const line = svg("g", { role: "row", "aria-label": `row ${row + 1}` });
      if (inside(row, plane.rows)) grid.append(line);
      for (let c = 0; c < this.columns; c++) {
        const column = (c - left) / across;
        const own = inside(row, plane.rows) && inside(column, plane.columns);
        const place = own ? row * plane.columns + column : -1;
        const name = `row ${row + 1}, column ${column + 1}`;
        const cell = new CellView(place, name, plane.editable);
        this.#cells.push(cell);
        (own ? line : ring).append(cell.g);
      }
    }
    return ring.firstChild ? [ring, grid] : [grid];
  }

  /**
   * Put every cell in its place.
   *
   * @param {{x: number, y: number, plain?: boolean}} at  Plain: no bracket stands over it.
   * @param {number} size  Side of a cell.
   * @param {boolean} turned  By 180 degrees.
   */
  place(at, size, turned = false) {
    set(this.element, { transform: `translate(${at.x} ${at.y})` });
    if (this.plane.caption === "bracket")
      set(this.#heading, { y: at.plain ? -14 : -34 });
    if (size === this.#size && turned === this.#turned) return;
    this.#size = size;
    this.#turned = turned;
    const last = this.#cells.length - 1;
    this.#cells.forEach((cell, i) => {
      const place = turned ? last - i : i;
      const row = Math.floor(place / this.columns);
      const column = place % this.columns;
      cell.place(column * (size + GAP), row * (size + GAP), size);
    });
    const sizes = { large: 38, medium: 32, small: 25, tiny: 0 };
    const name = Object.entries(sizes).find(([, least]) => size >= least);
    this.element.setAttribute("data-size", name?.[0] ?? "tiny");
    const { caption, label, heading = label, short = heading } = this.plane;
    const fits = heading.length * LETTER <= this.width + ROOM[caption];
    write(this.#heading, fits ? heading : short);
    this.#heading.toggleAttribute("hidden", caption === "none");
    if (caption !== "bracket") set(this.#heading, { y: this.height + 13 });
  }

  get turned() {
    return this.#turned;
  }

  get size() {
    return this.#size;
  }

  get width() {
    return side(this.columns, this.#size);
  }

  get height() {
    return side(this.rows, this.#size);
  }

  /** The cell at a place of the plane with its ring. @param {number} place */
  at(place) {
    return this.#cells[place];
  }

  /**
   * Show values, touching only the cells that differ.
   *
   * @param {ArrayLike<number>} values  NaN is empty.
   * @param {number} first  Where those of this plane begin, the ring included.
   * @param {number} largest
   */
  show(values, first, largest) {
    this.#cells.forEach((cell, i) => cell.show(values[first + i], largest));
  }

  /**
   * Cross out the cells that no window ever visits.
   *
   * @param {(row: number, column: number) => boolean} never  Rows and columns without the ring.
   */
  cross(never) {
    const [top, , left] = this.plane.ring;
    this.#cells.forEach((cell, i) => {
      const row = Math.floor(i / this.columns) - top;
      const crossed = never(row, (i % this.columns) - left);
      if (crossed === cell.g.hasAttribute("data-never")) return;
      cell.g.toggleAttribute("data-never", crossed);
      cell.overlay(crossed ? "cross" : cell.own < 0 ? "hatch" : null);
    });
  }

  /**
   * Set a mark on some cells, and take it from all others that had it.
   *
   * @param {string} name
   * @param {Iterable<number>} places  Of the plane with its ring.
   */
  mark(name, places) {
    const marked = new Set(places);
    for (const place of this.#marks.get(name) ?? []) {
      if (!marked.has(place)) this.#cells[place].g.removeAttribute(name);
    }
    for (const place of marked) this.#cells[place]?.g.setAttribute(name, "");
    this.#marks.set(name, marked);
  }

  /** The place, with the ring, of a cell of the plane. @param {number} own */
  placeOf(own) {
    const [top, , left] = this.plane.ring;
    const [down, across] = this.gaps;
    const row = Math.floor(own / this.plane.columns) * down + top;
    return row * this.columns + (own % this.plane.columns) * across + left;
  }

  /** @param {number} own */
  focus(own) {
    const next = this.#cells[this.placeOf(own)];
    if (!next || document.activeElement === next.g) return;
    this.#cells[this.placeOf(this.#focused)].g.setAttribute("tabindex", "-1");
    this.#focused = own;
    next.g.setAttribute("tabindex", "0");
    next.g.focus();
  }

  /** Whether a cell of a tensor is in this plane. @param {CellRef} cell */
  holds({ tensor, index }) {
    const { first, rows, columns } = this.plane;
    const own = index - first.index;
    return tensor === first.tensor && own >= 0 && own < rows * columns;
  }

  /** @param {number} own @returns {CellRef} */
  ref(own) {
    return {
      tensor: this.plane.first.tensor,
      index: this.plane.first.index + own,
    };
  }
}
