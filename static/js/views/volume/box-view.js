import { motion, set, svg } from "../../dom.js";
import { Scene } from "../../scene.js";
import { slideTime } from "../playback.js";
import { fold, unfold } from "./fold-layout.js";
import { Labels } from "./labels.js";
import { Plates, sizesOf } from "./plates.js";
import { depthOf, shifted } from "./projection.js";
import { SolidView } from "./solid.js";

/** @import {Model} from "../../model.js" */
/** @import {Player} from "../../player.js" */
/** @import {StepNumbers} from "../../types.js" */
/** @import {Folded, Unfolded} from "./fold-layout.js" */
/** @import {Plate} from "./plate.js" */
/** @import {Select} from "./plates.js" */

/** Milliseconds after which folding is surely over. */
const FOLDING = 800;

/** Below this width a page scrolls anyway. */
const NARROW = 640;

/**
 * A layer as boxes: channels one behind the other, the filter through all that it spans, maps
 * that stack. Unfolded, the channels stand beside each other over the slices of the filter.
 */
export class BoxView {
  element = svg("svg", {
    class: "volume",
    role: "group",
    "aria-label": "Volume",
  });
  #unfolded = false;
  #centre = svg("g", { class: "centre" });
  #width = 800;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #folding;
  #plates;
  #labels;
  #edges = new SolidView("x", "box-edges");
  #prism = new SolidView("w", "prism");
  #slot = svg("rect", { class: "slot" });
  #prismSize = "";
  /** @type {Folded} */ #folded;
  /** @type {Unfolded} */ #flat;

  /**
   * @param {Model} model
   * @param {Select} select
   */
  constructor(model, select) {
    this.scene = new Scene(model);
    this.#folded = fold(sizesOf(this.scene), 800, 400);
    this.#flat = unfold(sizesOf(this.scene), 800, 400);
    this.#labels = new Labels(this.scene);
    this.#plates = new Plates(this.scene, select);
    const behind = (/** @type {Plate[]} */ plates) =>
      svg("g", {}, plates.map(({ element }) => element).reverse());
    this.#centre.append(
      this.#edges.element,
      behind(this.#plates.channels),
      this.#prism.element,
      ...this.#plates.filters.map(behind),
      this.#slot,
      behind(this.#plates.maps),
      this.#labels.element,
    );
    this.element.append(this.#centre);
  }

  /** Unfold the boxes, or fold them: everything glides to where it belongs. @param {boolean} unfolded */
  fold(unfolded) {
    if (unfolded === this.#unfolded) return;
    this.#unfolded = unfolded;
    this.#stretch();
    this.element.toggleAttribute("data-folding", true);
    clearTimeout(this.#folding);
    this.#folding = setTimeout(
      () => this.element.removeAttribute("data-folding"),
      FOLDING,
    );
  }

  /** @param {number} width @param {number} height */
  place(width, height) {
    this.#width = width;
    const sizes = sizesOf(this.scene);
    const spanned = { ...sizes, channels: sizes.depth };
    const { cell, input } = (this.#folded = fold(sizes, width, height));
    this.#flat = unfold(spanned, width, height);
    this.#labels.place(this.#folded, this.#flat);
    this.#edges.draw({
      ...input,
      width: sizes.columns * cell,
      height: sizes.rows * cell,
      depth: depthOf(sizes.channels - 1, cell),
    });
    this.#prismSize = "";
    this.#stretch();
  }

  /** Be as large as it is folded and unfolded; where little fits beside it, as large as it is now. */
  #stretch() {
    const shown = this.#unfolded ? this.#flat : this.#folded;
    const all = [this.#folded, this.#flat];
    const width = Math.max(this.#width, ...all.map((plan) => plan.width));
    const height =
      this.#width < NARROW
        ? shown.height
        : Math.max(...all.map((plan) => plan.height));
    set(this.element, { width, height, viewBox: `0 0 ${width} ${height}` });
  }

  /**
   * @param {Player} player
   * @param {number | null} turn  The step in view.
   * @param {StepNumbers | null} numbers  Of a finished step.
   */
  render(player, turn, numbers) {
    const { width, cell } = this.#unfolded ? this.#flat : this.#folded;
    const left = Math.max(0, (this.#width - width) / 2);
    this.#centre.style.transform = `translateX(${left}px)`;
    const glide = motion() ? slideTime(player) : 0;
    this.element.style.setProperty("--slide", `${glide}ms`);
    this.element.toggleAttribute("data-unfolded", this.#unfolded);
    const map = turn === null ? -1 : this.scene.mapOf(turn);
    const done = player.position === player.length && player.complete;
    this.#plates.show(player, map, cell, this.#unfolded);
    this.#putWindow(turn);
    this.#putFilters(map);
    this.#putMaps(map, done && this.#plates.maps.length > 1);
    this.#putWritten(turn, map);
    this.#labels.render(turn, numbers);
  }

  /** Rows and columns at which a box begins. @param {string} symbol @param {number} turn */
  #cornerOf(symbol, turn) {
    const parts = this.scene.box(symbol, turn).slice(-2);
    return parts.map(([start, count, step]) =>
      Math.min(start, start + (count - 1) * step),
    );
  }

  /** The channels, their windows, and the prism through them. @param {number | null} turn */
  #putWindow(turn) {
    const { scene } = this;
    const { channels, windows } = this.#plates;
    const first = turn === null ? 0 : scene.firstChannel(turn);
    const corner = turn === null ? [0, 0] : this.#cornerOf(scene.source, turn);
    const taps = turn === null ? scene.windowSize : scene.windowAt(turn);
    const last = scene.depth - 1;
    channels.forEach((plate, c) => {
      const spanned = c >= first && c <= first + last;
      const window = windows[c];
      plate.element.toggleAttribute("data-away", this.#unfolded && !spanned);
      const seen = turn !== null && (this.#unfolded ? spanned : c === first);
      window.element.toggleAttribute("data-away", !seen);
      window.shape(taps, scene.dilation);
      window.put(corner[0], corner[1]);
      const place = Math.max(0, Math.min(c - first, last));
      this.#put(plate, this.#flat.channels[place], this.#folded.input, c);
    });
    this.#putPrism(first, corner, taps, turn !== null);
  }

  /**
   * Put a plate where it belongs: unfolded, or so deep in its stack.
   *
   * @param {Plate} plate
   * @param {{x: number, y: number} | null} flat  Null where it stays in its stack.
   * @param {{x: number, y: number}} near
   * @param {number} depth
   */
  #put(plate, flat, near, depth) {
    const { cell } = this.#folded;
    if (this.#unfolded && flat) plate.put(flat, this.#flat.cell);
    else plate.put(shifted(near, depthOf(1, cell), depth), cell);
  }

  /**
   * @param {number} first  The first channel of the window.
   * @param {number[]} corner
   * @param {[number, number]} taps
   * @param {boolean} shown
   */
  #putPrism(first, [top, left], [rows, columns], shown) {
    const { cell, input } = this.#folded;
    const [down, across] = this.scene.dilation;
    const size = {
      width: ((columns - 1) * across + 1) * cell,
      height: ((rows - 1) * down + 1) * cell,
    };
    const key = `${size.width} ${size.height}`;
    if (key !== this.#prismSize) {
      const depth = depthOf(this.scene.depth - 1, cell);
      this.#prism.draw({ x: 0, y: 0, ...size, depth });
    }
    this.#prismSize = key;
    this.#prism.element.toggleAttribute("data-away", !shown);
    const { x, y } = shifted(input, depthOf(1, cell), first);
    this.#prism.move({ x: x + left * cell, y: y + top * cell });
  }

  /** @param {number} current */
  #putFilters(current) {
    const { filters } = this.#folded;
    this.#plates.filters.forEach((slices, map) => {
      const own = map === current;
      slices.forEach((plate, c) => {
        plate.element.toggleAttribute("data-away", this.#unfolded && !own);
        plate.element.toggleAttribute("data-own", own);
        this.#put(plate, own ? this.#flat.slices[c] : null, filters[map], c);
      });
    });
  }

  /** @param {number} current @param {boolean} done  Whether all of them are in their stack. */
  #putMaps(current, done) {
    const { cell, stack, out } = this.#folded;
    const { rows, columns } = this.#plates.maps[0];
    const free = shifted(stack, depthOf(1, cell), Math.max(0, current));
    set(this.#slot, { ...free, width: columns * cell, height: rows * cell });
    this.#plates.maps.forEach((plate, map) => {
      const { element } = plate;
      const own = map === current;
      element.toggleAttribute("data-own", own);
      element.toggleAttribute("data-away", this.#unfolded && !own);
      set(element, {
        "aria-pressed": `${own}`,
        tabindex: this.#unfolded && !own ? -1 : 0,
      });
      const apart = own && !done;
      const depth = apart ? 0 : map;
      this.#put(plate, own ? this.#flat.out : null, apart ? out : stack, depth);
    });
  }

  /** The frame of the cell that is written. @param {number | null} turn @param {number} map */
  #putWritten(turn, map) {
    const { written } = this.#plates;
    written.element.toggleAttribute("data-away", turn === null);
    if (turn === null) return;
    const [row, column] = this.#cornerOf(this.scene.phase.writes, turn);
    this.#plates.write(map, row, column);
  }
}
