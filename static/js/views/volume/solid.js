import { set, svg } from "../../dom.js";
import { facesOf } from "./projection.js";

/** @import {Solid} from "./projection.js" */

/** @typedef {keyof ReturnType<typeof facesOf>} Face */

/** @type {Face[]} */
const FACES = ["hidden", "side", "top", "front"];

/** A box with the faces that are seen, and the edges behind them. */
export class SolidView {
  element = svg("g", { class: "solid" });
  /** @type {[Face, SVGPathElement][]} */ #faces = FACES.map((face) => [
    face,
    svg("path", { class: "face", "data-face": face }),
  ]);

  /** @param {string} role  "x", "w" or "y". @param {string} kind  A class. */
  constructor(role, kind) {
    set(this.element, { class: kind, "data-role": role });
    this.element.append(...this.#faces.map(([, path]) => path));
  }

  /** @param {Solid} solid */
  draw(solid) {
    const paths = facesOf(solid);
    for (const [face, path] of this.#faces) set(path, { d: paths[face] });
  }

  /** @param {{x: number, y: number}} at */
  move({ x, y }) {
    this.element.style.transform = `translate(${x}px, ${y}px)`;
  }
}
