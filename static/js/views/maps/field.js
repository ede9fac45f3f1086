import { largestOf } from "../../colour.js";
import { set, svg, write } from "../../dom.js";
import { cellText, isShown } from "../../format.js";
import { CellView } from "../cell.js";
import { listen } from "../grid-keys.js";
import { patternOf } from "./cube.js";
import { cellsStart, frameOf, indexAt, layoutOf, rasterOf } from "./layout.js";

/** @import {Tensor} from "../../types.js" */
/** @import {Host} from "../grid.js" */
/** @import {MapsLayout} from "./layout.js" */
/** @import {Share} from "./shares.js" */

/** A frame of this width has room for a number of six characters. */
const ROOMY = 112;

/** A tensor as little grids, samples downwards and channels across, framed by what they share. */
export class MapsField {
  // What listens to focus would be a stop of its own.
  element = svg("svg", { class: "picture maps-field", tabindex: -1 });
  /** Turned by no angle; what listens to the keys of a grid asks. */
  turned = false;
  #frames = svg("g", { class: "shares", "aria-hidden": "true" });
  #names = svg("g", { class: "maps-names", "aria-hidden": "true" });
  #grid = svg("g", { role: "grid", class: "grid", tabindex: -1 });
  /** @type {CellView[]} By their place in the raster. */ #cells = [];
  /** @type {number[]} */ #shape = [];
  /** @type {Map<string, Set<number>>} */ #marks = new Map();
  #focused = 0;

  /**
   * @param {string} tensor
   * @param {boolean} editable
   * @param {Host} host
   */
  constructor(tensor, editable, host) {
    this.tensor = tensor;
    this.host = host;
    this.plane = { rows: 0, columns: 0, editable };
    this.element.append(this.#frames, this.#names, this.#grid);
    listen(/** @type {any} */ (this));
  }

  /**
   * @param {Tensor} tensor
   * @param {string} label
   * @param {Share[]} shares
   * @param {number} room
   */
  show(tensor, label, shares, room) {
    const layout = layoutOf(tensor.shape, room);
    if (`${tensor.shape}` !== `${this.#shape}`) this.#build(tensor.shape);
    set(this.#grid, {
      "aria-label": label,
      "data-size":
        layout.cell >= 38 ? "large" : layout.cell >= 32 ? "medium" : "small",
    });
    const { width, height } = layout;
    set(this.element, { width, height, viewBox: `0 0 ${width} ${height}` });
    this.#place(layout);
    const largest = largestOf(tensor.values);
    this.#cells.forEach((cell, own) =>
      cell.show(tensor.values[indexAt(own, this.#shape)], largest),
    );
    this.#frames.replaceChildren(
      ...shares.map((share) => frame(share, layout)),
    );
    this.#name(layout);
  }

  /** @param {number[]} shape */
  #build(shape) {
    const [samples, channels, rows, columns] = shape;
    this.#shape = shape;
    this.#marks.clear();
    this.#focused = 0;
    Object.assign(this.plane, {
      rows: samples * rows,
      columns: channels * columns,
    });
    this.#cells = [];
    const lines = Array.from({ length: samples * rows }, (_, line) => {
      const [n, row] = [Math.floor(line / rows) + 1, (line % rows) + 1];
      const name = `sample ${n}, row ${row}`;
      const element = svg("g", { role: "row", "aria-label": name });
      for (let at = 0; at < channels * columns; at++) {
        const [c, column] = [Math.floor(at / columns) + 1, (at % columns) + 1];
        const cell = new CellView(
          this.#cells.length,
          `sample ${n}, channel ${c}, row ${row}, column ${column}`,
          this.plane.editable,
        );
        this.#cells.push(cell);
        element.append(cell.g);
      }
      return element;
    });
    this.#grid.replaceChildren(...lines);
  }

  /** @param {MapsLayout} layout */
  #place(layout) {
    const [, channels, rows, columns] = this.#shape;
    const { tile, step, cell: size } = layout;
    const start = cellsStart(layout, columns);
    this.#cells.forEach((cell, own) => {
      const line = Math.floor(own / (channels * columns));
      const at = own % (channels * columns);
      const x = Math.floor(at / columns) * step.x + (at % columns) * (size + 2);
      const y = Math.floor(line / rows) * step.y + (line % rows) * (size + 2);
      cell.place(tile.x + start.x + x, tile.y + start.y + y, size);
    });
  }

  /** @param {MapsLayout} layout */
  #name({ tile, step, compact }) {
    const [samples, channels] = this.#shape;
    const said = (/** @type {string} */ letter, /** @type {number} */ n) =>
      tile.x < 40 ? `${n}` : `${letter} = ${n}`;
    const across = Array.from({ length: channels }, (_, c) =>
      svg("text", { x: tile.x + c * step.x + tile.width / 2, y: 10 }, [
        compact ? `c ${c + 1}` : `c = ${c + 1}`,
      ]),
    );
    const down = Array.from({ length: samples }, (_, n) =>
      svg(
        "text",
        {
          x: tile.x - 8,
          y: tile.y + n * step.y + tile.height / 2,
          class: "down",
        },
        [said("n", n + 1)],
      ),
    );
    this.#names.replaceChildren(...across, ...down);
  }

  /**
   * Set a mark on some cells, and take it from all others that had it.
   *
   * @param {string} name
   * @param {Iterable<number>} indices  Of the flattened tensor.
   */
  mark(name, indices) {
    const marked = new Set([...indices].map((at) => rasterOf(at, this.#shape)));
    for (const own of this.#marks.get(name) ?? [])
      if (!marked.has(own)) this.#cells[own]?.g.removeAttribute(name);
    for (const own of marked) this.#cells[own]?.g.setAttribute(name, "");
    this.#marks.set(name, marked);
  }

  /** Light the frame of a share. @param {number} turn */
  light(turn) {
    for (const one of this.#frames.children)
      one.toggleAttribute(
        "data-lit",
        one.getAttribute("data-turn") === `${turn}`,
      );
  }

  /** The cell at a place of the raster. @param {number} own */
  ref(own) {
    return { tensor: this.tensor, index: indexAt(own, this.#shape) };
  }

  /** @param {number} own */
  focus(own) {
    const next = this.#cells[own];
    if (!next || document.activeElement === next.g) return;
    this.#cells[this.#focused]?.g.setAttribute("tabindex", "-1");
    this.#focused = own;
    next.g.setAttribute("tabindex", "0");
    next.g.focus();
  }

  /** The element of a cell. @param {number} index */
  at(index) {
    return this.#cells[rasterOf(index, this.#shape)].g;
  }

  /** @param {number} index */
  focusOn(index) {
    this.focus(rasterOf(index, this.#shape));
  }
}

/** @param {Share} share @param {MapsLayout} layout */
function frame(share, layout) {
  const rect = { ...frameOf(layout, share), rx: 9 };
  const { x, y } = rect;
  const wide = 9 + 8 * share.letter.length;
  const text = cellText(share.value, rect.width < ROOMY ? 4 : 5);
  const sign = isShown(share.value, text) ? "=" : "≈";
  const number = svg("text", {
    class: "statistic",
    x: x + wide + 11,
    y: y + 11.5,
  });
  const alone = sign === "=" ? text : `≈${text}`;
  write(number, layout.compact ? alone : `μ ${sign} ${text}`);
  return svg("g", { class: "share", "data-turn": share.turn }, [
    svg("rect", {
      ...rect,
      class: "ground",
      fill: `url(#maps-${patternOf(share.turn)})`,
    }),
    svg("rect", { ...rect, class: "outline" }),
    svg("rect", {
      class: "badge",
      x: x + 5,
      y: y + 3,
      width: wide,
      height: 17,
      rx: 5,
    }),
    svg("text", { class: "letter", x: x + 5 + wide / 2, y: y + 11.5 }, [
      share.letter,
    ]),
    svg("rect", {
      class: "tag",
      x: x + wide + 8,
      y: y + 4,
      width: 6.9 * number.textContent.length + 6,
      height: 15,
      rx: 4,
    }),
    number,
  ]);
}
