import { svg, write } from "../dom.js";
import { valueAt } from "./picture.js";

/** @import {Picture} from "./picture.js" */
/** @import {Point} from "./surface.js" */

/** @typedef {{fill: SVGRectElement, text: SVGTextElement, value: number | null | undefined}} Cell */

/** Pixels along a side. */
export const SEEN = 11;
const MIDDLE = (SEEN - 1) / 2;
const CELL = 32;

/** The pixels around a point with their numbers, and the window of the filter over them. */
export class Magnifier {
  element = svg("svg", {
    role: "img",
    viewBox: `-4 -4 ${SEEN * CELL + 8} ${SEEN * CELL + 8}`,
  });
  #caption;
  /** @type {Cell[]} */ #cells = [];
  #casing = svg("rect", { class: "casing" });
  #outline = svg("rect", { class: "window" });
  /** @type {Point} */ #point = { row: 0, column: 0 };

  /**
   * @param {(point: Point) => void} chosen  Called with a cell that was clicked.
   */
  constructor(chosen) {
    this.#caption = this.element.appendChild(svg("title"));
    const line = svg("path", { d: "M-1 1 1 -1M0 8 8 0M7 9 9 7" });
    const pattern = {
      id: "beyond",
      width: 8,
      height: 8,
      patternUnits: "userSpaceOnUse",
    };
    this.element.append(svg("defs", {}, [svg("pattern", pattern, [line])]));
    for (let at = 0; at < SEEN * SEEN; at++) {
      const x = (at % SEEN) * CELL;
      const y = Math.floor(at / SEEN) * CELL;
      const fill = svg("rect", {
        x: x + 0.5,
        y: y + 0.5,
        width: CELL - 1,
        height: CELL - 1,
      });
      const text = svg("text", { x: x + CELL / 2, y: y + CELL / 2 });
      fill.setAttribute("data-at", `${at}`);
      this.#cells.push({ fill, text, value: undefined });
      this.element.append(fill, text);
    }
    this.element.append(this.#casing, this.#outline);
    this.element.append(
      svg("rect", {
        class: "middle",
        x: MIDDLE * CELL + 3,
        y: MIDDLE * CELL + 3,
        width: CELL - 6,
        height: CELL - 6,
      }),
    );
    this.element.addEventListener("click", (event) => {
      const at = /** @type {Element} */ (event.target).getAttribute("data-at");
      if (at !== null) chosen(this.#place(Number(at)));
    });
  }

  /**
   * @param {number} at
   * @returns {Point}
   */
  #place(at) {
    return {
      row: this.#point.row - MIDDLE + Math.floor(at / SEEN),
      column: this.#point.column - MIDDLE + (at % SEEN),
    };
  }

  /**
   * @param {Picture} picture
   * @param {Point} point
   * @param {number} channel
   * @param {{rows: number, columns: number}} filter
   */
  show(picture, point, channel, filter) {
    this.#point = point;
    this.#cells.forEach((cell, at) => {
      const { row, column } = this.#place(at);
      paint(cell, valueAt(picture, row, column, channel));
    });
    for (const rect of [this.#casing, this.#outline]) {
      rect.setAttribute(
        "x",
        `${(MIDDLE - Math.floor((filter.columns - 1) / 2)) * CELL}`,
      );
      rect.setAttribute(
        "y",
        `${(MIDDLE - Math.floor((filter.rows - 1) / 2)) * CELL}`,
      );
      rect.setAttribute("width", `${filter.columns * CELL}`);
      rect.setAttribute("height", `${filter.rows * CELL}`);
    }
    const where = `row ${point.row + 1}, column ${point.column + 1}`;
    write(this.#caption, `${picture.channels[channel]} values around ${where}`);
  }
}

/**
 * @param {Cell} cell
 * @param {number | null} value
 */
function paint(cell, value) {
  if (cell.value === value) return;
  cell.value = value;
  const { fill, text } = cell;
  fill.setAttribute("class", value === null ? "beyond" : "pixel");
  fill.style.fill = value === null ? "" : grey(value);
  text.style.fill = value === null ? "" : inkOn(value);
  write(text, value === null ? "" : `${value}`);
}

/**
 * The colour of a grey level.
 *
 * @param {number} value
 */
export function grey(value) {
  return `rgb(${value} ${value} ${value})`;
}

/**
 * Black or white: whichever is at least 4.5 : 1 on that grey level.
 *
 * @param {number} value
 */
export function inkOn(value) {
  return value < 119 ? "#fff" : "#000";
}
