import { set, svg } from "../../dom.js";
import { shareOf } from "./shares.js";
import { axisNames, facesOf, layersOf, solidOf } from "./solid.js";

/** @import {Share} from "./shares.js" */

/** Patterns that tell neighbouring shares apart without colour. */
const PATTERNS = {
  rising: "M-1 1L1 -1M0 8L8 0M7 9L9 7",
  dots: "M3 3h2v2h-2z",
  falling: "M-1 7L1 9M0 0L8 8M7 -1L9 1",
  lines: "M0 4H8",
};
const NAMES = Object.keys(PATTERNS);

/** The pattern of a share. @param {number} turn */
export const patternOf = (turn) => NAMES[turn % NAMES.length];

function patterns() {
  return svg(
    "defs",
    {},
    Object.entries(PATTERNS).map(([name, d]) =>
      svg(
        "pattern",
        {
          id: `maps-${name}`,
          width: 8,
          height: 8,
          patternUnits: "userSpaceOnUse",
        },
        [svg("path", { d, class: "maps-pattern" })],
      ),
    ),
  );
}

/** The tensor as a solid, in as many pieces as there are statistics. */
export class Cube {
  element = svg("svg", { class: "maps-cube", role: "img" });
  /** @type {SVGGElement[]} */ #columns = [];
  #ground = svg("g");
  #names = svg("g", { class: "axis-names" });
  #shape = "";
  /** @type {(index: number) => void} */ #pointed;

  /** @param {(index: number) => void} pointed  With the first cell of the column pointed at. */
  constructor(pointed) {
    this.#pointed = pointed;
    this.element.append(patterns(), this.#ground, this.#names);
    this.element.addEventListener("pointerover", (event) => {
      const target = /** @type {Element} */ (event.target);
      const first = target.closest("[data-first]")?.getAttribute("data-first");
      if (first) this.#pointed(Number(first));
    });
  }

  /**
   * @param {number[]} shape
   * @param {Share[]} shares
   * @param {string} label
   * @param {number} room  A larger solid is drawn smaller, but for its letters.
   */
  show(shape, shares, label, room) {
    const area = shape[2] * shape[3];
    const solid = solidOf(shape, shares);
    this.#build(shape, solid.high, solid.layer);
    set(this.element, {
      width: solid.width,
      height: solid.height,
      viewBox: `0 0 ${solid.width} ${solid.height}`,
      "aria-label": label,
    });
    const shrunk = Math.max(1, solid.width / room);
    this.element.style.setProperty("--shrunk", shrunk.toFixed(3));
    this.#columns.forEach((column, i) => {
      const share = shareOf(shares, i * area);
      const { x, y } = solid.at[i];
      column.style.transform = `translate(${x}px, ${y}px)`;
      column.dataset.turn = `${share.turn}`;
      const [patterned, letter] = [
        column.querySelector(".patterned"),
        column.querySelector("text"),
      ];
      patterned?.setAttribute("fill", `url(#maps-${patternOf(share.turn)})`);
      if (letter) letter.textContent = share.letter;
    });
    this.#names.replaceChildren(
      ...axisNames(shape, solid).map(({ name, x, y, end }) => {
        const text = svg("text", { x, y }, [name]);
        text.toggleAttribute("data-end", Boolean(end));
        return text;
      }),
    );
  }

  /** Light the columns of a share. @param {number} turn */
  light(turn) {
    for (const column of this.#columns)
      column.toggleAttribute("data-lit", column.dataset.turn === `${turn}`);
  }

  /** @param {number[]} shape @param {number} high @param {number} layer */
  #build(shape, high, layer) {
    if (`${shape}` === this.#shape) return;
    this.#shape = `${shape}`;
    const [samples, channels, rows, columns] = shape;
    const faces = facesOf(high);
    const area = rows * columns;
    this.#columns = Array.from({ length: samples * channels }, (_, i) =>
      svg("g", { class: "column", "data-first": i * area }, [
        svg("path", { class: "face", "data-face": "left", d: faces.left }),
        svg("path", { class: "face", "data-face": "right", d: faces.right }),
        svg("path", { class: "layers", d: layersOf(area, layer) }),
        svg("path", { class: "face", "data-face": "top", d: faces.top }),
        svg("path", { class: "patterned", d: faces.top }),
        svg("text", { ...faces.middle }),
      ]),
    );
    // Those farther away are drawn first.
    const order = this.#columns.map((column, i) => ({
      column,
      near: Math.floor(i / channels) + (i % channels),
    }));
    order.sort((a, b) => a.near - b.near);
    this.#ground.replaceChildren(...order.map(({ column }) => column));
  }
}
