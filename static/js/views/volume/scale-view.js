import { set, svg } from "../../dom.js";
import { measures, words } from "./measures.js";
import { shifted } from "./projection.js";
import { toScale } from "./scale-layout.js";
import { SolidView } from "./solid.js";
import { Stops } from "./stops.js";

/** @import {Layer, ScaleLayout} from "./scale-layout.js" */
/** @import {Point, Solid} from "./projection.js" */

/**
 * @typedef {[map: number, row: number, column: number]} Place
 * @typedef {Layer & {starts: {row: number[], column: number[]}}} ScaleLayer
 */

/** Pixels that a window and a cell have at least. */
const SMALLEST = 5;

/** @param {Solid} solid @param {string} text */
const head = ({ x, y, depth }, text) => words(text, { x, y: y + depth.y - 12 });

/**
 * A layer at its true proportions: a window to be dragged over the input, the stops it makes
 * counted along the edges, and the cell it gives in the output.
 */
export class ScaleView extends EventTarget {
  element = svg("svg", {
    class: "volume to-scale",
    role: "group",
    "aria-label": "Layer to scale",
  });
  #input = new SolidView("x", "solid");
  #own = svg("rect", { class: "plate-inner" });
  #filter = new SolidView("w", "solid");
  #output = new SolidView("y", "solid");
  #window = new SolidView("w", "prism");
  #stops = new Stops();
  #map = svg("rect", { class: "map-plane" });
  #cell = svg("rect", { class: "map-cell" });
  #labels = svg("g");
  /** @type {ScaleLayer | null} */ #layer = null;
  /** @type {ScaleLayout | null} */ #layout = null;
  /** @type {Place} */ #at = [0, 0, 0];

  constructor() {
    super();
    set(this.#window.element, {
      role: "slider",
      tabindex: 0,
      "aria-label": "Window",
      "aria-valuemin": 1,
    });
    this.element.append(
      this.#input.element,
      this.#own,
      this.#stops.element,
      this.#filter.element,
      this.#output.element,
      this.#map,
      this.#cell,
      this.#labels,
      this.#window.element,
    );
    this.#drag(this.#input.element, (point) => this.#stopAt(point));
    this.#drag(this.#window.element, (point) => this.#stopAt(point));
    this.#drag(this.#output.element, (point) => this.#cellAt(point));
    this.#window.element.addEventListener("keydown", (event) =>
      this.#keyed(event),
    );
  }

  /** @param {ScaleLayer} layer @param {number} width @param {number} height */
  place(layer, width, height) {
    this.#layer = layer;
    const layout = (this.#layout = toScale(layer, width, height));
    set(this.element, {
      width: layout.width,
      height: layout.height,
      viewBox: `0 0 ${layout.width} ${layout.height}`,
    });
    this.#input.draw(layout.input);
    this.#filter.draw(layout.filter);
    this.#output.draw(layout.output);
    const { x, y, width: across, height: down } = layout.own;
    set(this.#own, { x, y, width: across, height: down });
    this.#own.toggleAttribute(
      "hidden",
      layout.own.width === layout.input.width &&
        layout.own.height === layout.input.height,
    );
    this.#stops.draw(layout.input, layout.cell, layer.starts);
    this.#labels.replaceChildren(...this.#named(layer, layout));
  }

  /** @param {ScaleLayer} layer @param {ScaleLayout} layout */
  #named({ names, padding }, { narrow, own, input, filter, output }) {
    const { W1, H1, D1, Fw, Fh, K, W2, H2 } = names;
    const flat = { x: 0, y: 0 };
    const taps = Fw === Fh ? `F = ${Fw}` : `F = ${Fh}×${Fw}`;
    return [
      head(
        input,
        padding.flat().some(Boolean) ? "Input in its padding" : "Input",
      ),
      head(filter, "Filter"),
      head(output, "Output"),
      ...measures(
        "x",
        { ...own, y: input.y, height: input.height + 30, depth: flat },
        { width: `W₁ = ${W1}` },
      ),
      ...measures(
        "x",
        { ...own, x: input.x - 36, depth: flat },
        { height: `H₁ = ${H1}` },
      ),
      ...measures("x", input, { depth: `D₁ = ${D1}` }),
      ...measures("w", filter, {
        height: taps,
        depth: narrow ? "" : `D₁ = ${D1}`,
      }),
      words(
        `K = ${K}`,
        { x: filter.x, y: filter.y + filter.height + (narrow ? 62 : 50) },
        "count",
      ),
      ...measures("y", output, {
        width: `W₂ = ${W2}`,
        height: `H₂ = ${H2}`,
        depth: `D₂ = K = ${K}`,
      }),
    ];
  }

  /** Show a place of the output, and the window that gives it. @param {Place} at */
  move(at) {
    this.#at = at;
    if (!this.#layer || !this.#layout) return;
    const { input, output, cell } = this.#layout;
    const [map, row, column] = at;
    const { starts, extent, names } = this.#layer;
    const corner = {
      x: input.x + column * starts.column[2] * cell,
      y: input.y + row * starts.row[2] * cell,
    };
    const size = (/** @type {number} */ cells) =>
      Math.max(SMALLEST, cells * cell);
    this.#window.draw({
      ...corner,
      width: size(extent[1]),
      height: size(extent[0]),
      depth: input.depth,
    });
    this.#stops.show(corner, [row, column], names.W2);
    this.#say(at);
    const plane = shifted(output, output.depth, map / names.K);
    set(this.#map, { ...plane, width: output.width, height: output.height });
    const side = Math.max(SMALLEST, cell);
    set(this.#cell, {
      x: plane.x + column * cell - (side - cell) / 2,
      y: plane.y + row * cell - (side - cell) / 2,
      width: side,
      height: side,
    });
  }

  /** @param {Place} at */
  #say([, row, column]) {
    const { H2, W2 } = /** @type {ScaleLayer} */ (this.#layer).names;
    set(this.#window.element, {
      "aria-valuemax": W2,
      "aria-valuenow": column + 1,
      "aria-valuetext": `row ${row + 1} of ${H2}, column ${column + 1} of ${W2}`,
    });
  }

  /** The stop whose window is nearest around a point of the input. @param {Point} point @returns {Place} */
  #stopAt({ x, y }) {
    const { starts, extent } = /** @type {ScaleLayer} */ (this.#layer);
    const { input, cell } = /** @type {ScaleLayout} */ (this.#layout);
    const near = (
      /** @type {number} */ at,
      /** @type {number} */ span,
      /** @type {number[]} */ [, count, step],
    ) =>
      Math.max(
        0,
        Math.min(count - 1, Math.round((at / cell - span / 2) / step)),
      );
    return [
      this.#at[0],
      near(y - input.y, extent[0], starts.row),
      near(x - input.x, extent[1], starts.column),
    ];
  }

  /** The cell of the shown map nearest to a point of the output. @param {Point} point @returns {Place} */
  #cellAt({ x, y }) {
    const { names } = /** @type {ScaleLayer} */ (this.#layer);
    const { output, cell } = /** @type {ScaleLayout} */ (this.#layout);
    const plane = shifted(output, output.depth, this.#at[0] / names.K);
    const near = (/** @type {number} */ at, /** @type {number} */ count) =>
      Math.max(0, Math.min(count - 1, Math.floor(at / cell)));
    return [
      this.#at[0],
      near(y - plane.y, names.H2),
      near(x - plane.x, names.W2),
    ];
  }

  /**
   * @param {SVGElement} element
   * @param {(point: Point) => Place} place
   */
  #drag(element, place) {
    const go = (/** @type {PointerEvent} */ event) => {
      const { left, top } = this.element.getBoundingClientRect();
      this.#go(place({ x: event.clientX - left, y: event.clientY - top }));
    };
    element.addEventListener("pointerdown", (event) => {
      event.preventDefault();
      element.setPointerCapture(event.pointerId);
      this.#window.element.focus({ preventScroll: true });
      go(event);
    });
    element.addEventListener("pointermove", (event) => {
      if (element.hasPointerCapture(event.pointerId)) go(event);
    });
  }

  /** @param {KeyboardEvent} event */
  #keyed(event) {
    if (!this.#layer || event.ctrlKey || event.altKey || event.metaKey) return;
    const { W2, H2, K } = this.#layer.names;
    const [map, row, column] = this.#at;
    /** @type {Record<string, Place>} */
    const keys = {
      ArrowLeft: [map, row, column - 1],
      ArrowRight: [map, row, column + 1],
      ArrowUp: [map, row - 1, column],
      ArrowDown: [map, row + 1, column],
      Home: [map, row, 0],
      End: [map, row, W2 - 1],
      PageUp: [map - 1, row, column],
      PageDown: [map + 1, row, column],
    };
    const next = keys[event.key];
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    const most = [K, H2, W2];
    if (next.every((n, axis) => n >= 0 && n < most[axis])) this.#go(next);
  }

  /** @param {Place} at */
  #go(at) {
    if (at.join() !== this.#at.join())
      this.dispatchEvent(new CustomEvent("at", { detail: at }));
  }
}
