import { set, svg, write } from "../../dom.js";
import { grouped } from "../../format.js";

/** @import {Point, Solid} from "./projection.js" */

/** Stops closer than this are drawn as a band. */
const CLOSEST = 2.5;

/** The stops of a window, counted along the lower edge and the left one. */
export class Stops {
  element = svg("g", { class: "stops-of", "aria-hidden": "true" });
  #ticks = svg("path", { class: "ticks" });
  #now = svg("path", { class: "tick" });
  #under = svg("text", { class: "stop" });
  #beside = svg("text", { class: "stop", "text-anchor": "end" });
  /** @type {{x: number, y: number, width: number, height: number}} */ #input =
    {
      x: 0,
      y: 0,
      width: 0,
      height: 0,
    };

  constructor() {
    this.element.append(this.#ticks, this.#now, this.#under, this.#beside);
  }

  /**
   * One mark for each stop.
   *
   * @param {Solid} input
   * @param {number} cell  Pixels of one cell.
   * @param {{row: number[], column: number[]}} starts  First, how many, distance.
   */
  draw(input, cell, { row, column }) {
    this.#input = input;
    const { x, y, height } = input;
    const bottom = y + height;
    const marks = (/** @type {number[]} */ [, count, step]) => {
      const pitch = step * cell;
      if (pitch < CLOSEST) return null;
      return Array.from({ length: count }, (_, i) => i * pitch);
    };
    const long = (/** @type {number[]} */ [, count, step]) =>
      (count - 1) * step * cell + 1;
    const across = marks(column)?.map((at) => `M${x + at} ${bottom + 4}v7`);
    const down = marks(row)?.map((at) => `M${x - 4} ${y + at}h-7`);
    set(this.#ticks, {
      d: [
        ...(across ?? [`M${x} ${bottom + 7}h${long(column)}`]),
        ...(down ?? [`M${x - 7} ${y}v${long(row)}`]),
      ].join(""),
    });
  }

  /**
   * Number the stops at which the window stands.
   *
   * @param {Point} corner
   * @param {[number, number]} at  Row and column.
   * @param {number} columns  Stops along a row.
   */
  show(corner, [row, column], columns) {
    const { x, y, width, height } = this.#input;
    const bottom = y + height;
    set(this.#now, {
      d: `M${corner.x} ${bottom + 3}v12M${x - 3} ${corner.y}h-12`,
    });
    write(this.#under, `stop ${column + 1} of ${grouped(columns)}`);
    write(this.#beside, grouped(row + 1));
    const left = Math.max(x, Math.min(corner.x - 4, x + width - 90));
    set(this.#under, { x: left, y: bottom + 23 });
    set(this.#beside, { x: x - 20, y: corner.y });
  }
}
