import { svg, write } from "../../dom.js";
import { shifted } from "./projection.js";

/** @import {Point} from "./projection.js" */

const AWAY = 10;

/** A measured length: a line beside what it measures, and its name. */
export class Measure {
  element = svg("g", { class: "measure", "aria-hidden": "true" });
  #line = svg("path", { class: "measure-line" });
  #text = svg("text");

  /** @param {string} role  "x", "w" or "y". */
  constructor(role) {
    this.element.setAttribute("data-role", role);
    this.element.append(this.#line, this.#text);
  }

  /**
   * @param {Point} from
   * @param {Point} to
   * @param {"below" | "left" | "right"} side
   * @param {string} name
   */
  put(from, to, side, name) {
    const by = {
      below: { x: 0, y: 1 },
      left: { x: -1, y: 0 },
      right: { x: 0.7, y: 0.7 },
    }[side];
    const [start, end] = [shifted(from, by, AWAY), shifted(to, by, AWAY)];
    const foot = (/** @type {Point} */ at) => {
      const [a, b] = [shifted(at, by, -4), shifted(at, by, 4)];
      return `M${a.x} ${a.y}L${b.x} ${b.y}`;
    };
    // One cell of depth has no length to be measured.
    const long = start.x !== end.x || start.y !== end.y;
    const line = `M${start.x} ${start.y}L${end.x} ${end.y}${foot(start)}${foot(end)}`;
    this.#line.setAttribute("d", long ? line : "");
    const middle = { x: (start.x + end.x) / 2, y: (start.y + end.y) / 2 };
    const at = shifted(middle, by, side === "left" ? 8 : 14);
    this.#text.setAttribute("x", `${at.x}`);
    this.#text.setAttribute("y", `${at.y}`);
    this.#text.setAttribute(
      "text-anchor",
      { below: "middle", left: "end", right: "start" }[side],
    );
    write(this.#text, name);
  }
}

/**
 * The measures of a box: its width below, its height at the left, its depth along the edge.
 *
 * @param {string} role
 * @param {{x: number, y: number, width: number, height: number, depth: Point}} solid
 * @param {{width?: string, height?: string, depth?: string}} names
 */
export function measures(role, { x, y, width, height, depth }, names) {
  const corner = { x, y: y + height };
  const right = { x: x + width, y: y + height };
  /** @type {SVGElement[]} */
  const made = [];
  const add = (
    /** @type {Point} */ from,
    /** @type {Point} */ to,
    /** @type {"below" | "left" | "right"} */ side,
    /** @type {string | undefined} */ name,
  ) => {
    if (!name) return;
    const measure = new Measure(role);
    measure.put(from, to, side, name);
    made.push(measure.element);
  };
  add(corner, right, "below", names.width);
  add({ x, y }, corner, "left", names.height);
  add(right, shifted(right, depth), "right", names.depth);
  return made;
}

/** @param {string} text @param {Point} at @param {string} [kind] */
export function words(text, { x, y }, kind = "heading") {
  return svg("text", { class: kind, x, y, "aria-hidden": "true" }, [text]);
}
