import { motion, svg } from "../dom.js";
import { side } from "../measure.js";
import { Lens, SumLine } from "./lines.js";
import { WindowView } from "./window.js";

/** @import {Stage} from "./stage.js" */

/** What moves from step to step: windows, lenses, the frame of the filter, the cell written. */
export class Sliding {
  lines = svg("g");
  outlines = svg("g", { class: "outlines" });
  sum = new SumLine();
  #written = new WindowView("y");
  /** @type {WindowView[]} */ #windows = [];
  /** @type {WindowView[]} */ #frames = [];
  /** @type {Lens[]} */ #lenses = [];
  /** @type {{x: number, y: number} | null} */ #at = null;
  /** @type {[number, number]} Rows and columns of the window. */ #size = [
    1, 1,
  ];
  #frame = 0;

  /** @param {Stage} stage */
  constructor(stage) {
    this.stage = stage;
  }

  /** One window, lens and frame a shown channel, and the signs between the grids. */
  build() {
    const { inputs, layout, scene, products, map } = this.stage;
    cancelAnimationFrame(this.#frame);
    this.#windows = inputs.map(
      (_, i) => this.#windows[i] ?? new WindowView("x"),
    );
    this.#frames = inputs.map((_, i) => this.#frames[i] ?? new WindowView("w"));
    this.#lenses = inputs.map((_, i) => this.#lenses[i] ?? new Lens());
    const lenses = this.#lenses.map((lens) => lens.element);
    this.lines.replaceChildren(this.sum.element, ...lenses);
    const frames = [...this.#windows, ...this.#frames, this.#written];
    this.outlines.replaceChildren(...frames.map((frame) => frame.element));
    const shown = products.map((grid) => grid !== null);
    const product = this.#productSize();
    const weighted = scene.weight !== null;
    const reader = `${weighted ? "Filter" : "Map"} ${map + 1}`;
    const { sign } = scene.words;
    this.sum.signs(layout, shown, weighted, product, sign, reader);
  }

  #productSize() {
    const { layout, scene } = this.stage;
    const [rows, columns] = scene.windowSize;
    const { filter } = layout.cell;
    return { width: side(columns, filter), height: side(rows, filter) };
  }

  /**
   * Show a step, or none.
   *
   * @param {number | null} turn
   * @param {number} duration  Milliseconds for the window to move, 0 to jump.
   */
  show(turn, duration) {
    const { scene, layout, products, maps } = this.stage;
    const read = products.some((grid) => grid !== null);
    this.sum.show(turn !== null && layout.joined && read);
    this.#written.show(turn !== null);
    this.#windows.forEach((window, i) => {
      const inside = turn !== null && products[i] !== null;
      window.show(inside);
      this.#lenses[i].show(inside);
      this.#frames[i].show(inside && scene.weight !== null);
    });
    if (turn === null) return;
    this.#size = scene.windowAt(turn);
    this.#shape();
    const written = scene.box(scene.phase.writes, turn);
    const [row, column] = written.slice(-2).map(([start]) => start);
    const map = scene.mapOf(turn);
    const at = layout.maps[map];
    const pitch = layout.cell.map + 2;
    this.#written.move(at.x + column * pitch, at.y + row * pitch);
    this.sum.draw(layout, this.#productSize(), maps[map], at, row);
    const [[top], [left]] = scene.box(scene.source, turn).slice(-2);
    const step = layout.cell.input + 2;
    this.#slide(left * step, top * step, duration);
  }

  #shape() {
    const { scene, layout } = this.stage;
    this.#written.shape(layout.cell.map, [1, 1], [1, 1]);
    this.#windows.forEach((window, i) => {
      window.shape(layout.cell.input, this.#size, scene.dilation);
      this.#frames[i].shape(layout.cell.filter, scene.windowSize, [1, 1]);
      if (scene.weight) {
        this.#frames[i].move(layout.filters[i].x, layout.filters[i].y);
      }
    });
  }

  /**
   * Move the windows and their lenses, in a glide or at once.
   *
   * @param {number} x
   * @param {number} y
   * @param {number} duration
   */
  #slide(x, y, duration) {
    cancelAnimationFrame(this.#frame);
    const from = this.#at;
    if (duration <= 0 || !from || !motion()) {
      this.#moveTo(x, y);
      return;
    }
    const began = performance.now();
    const move = (/** @type {number} */ time) => {
      const part = Math.min(1, Math.max(0, (time - began) / duration));
      const eased = 1 - (1 - part) ** 3;
      this.#moveTo(
        from.x + (x - from.x) * eased,
        from.y + (y - from.y) * eased,
      );
      if (part < 1) this.#frame = requestAnimationFrame(move);
    };
    this.#frame = requestAnimationFrame(move);
  }

  /**
   * @param {number} x
   * @param {number} y
   */
  #moveTo(x, y) {
    this.#at = { x, y };
    const { scene, layout, inputs, products } = this.stage;
    const [rows, columns] = this.#size;
    const [down, across] = scene.dilation;
    const cell = layout.cell.input;
    const size = {
      width: side((columns - 1) * across + 1, cell),
      height: side((rows - 1) * down + 1, cell),
    };
    const target = this.#productSize();
    const places = scene.weight ? layout.filters : layout.products;
    inputs.forEach((grid, i) => {
      if (!products[i]) return;
      const at = layout.inputs[i];
      this.#windows[i].move(at.x + x, at.y + y);
      this.#lenses[i].draw(
        layout.kind,
        { x: at.x + x, y: at.y + y, ...size },
        { ...at, width: grid.width, height: grid.height },
        { ...places[i], ...target },
      );
    });
  }
}
