import { largestOf } from "../colour.js";
import { partialOf, pickOf } from "../combine.js";
import { motion, set, svg } from "../dom.js";
import { cellText } from "../format.js";
import { Scene } from "../scene.js";
import { drawMarks } from "./marks.js";
import { patterns } from "./patterns.js";
import { ResultsView, resultLines } from "./results.js";
import { Sliding } from "./sliding.js";
import { Stage } from "./stage.js";
import { showFaint, showRelations } from "./traced.js";

/** @import {Model} from "../model.js" */
/** @import {Player} from "../player.js" */
/** @import {Relations} from "../tracing.js" */
/** @import {Border, CellRef, Part, StepNumbers} from "../types.js" */
/** @import {Host} from "./grid.js" */

/**
 * What the picture shows besides the values: the step in view, how many of its terms are added,
 * the term in hand, the relations of the cell that is pointed at, and how long the window may
 * take to move.
 *
 * @typedef {object} View
 * @property {number | null} turn
 * @property {number} term
 * @property {number | null} now
 * @property {Relations | null} relations
 * @property {number} slide
 */

/** Input, filter, products, sum and output of a sliding window, in one SVG. */
export class Picture {
  element = svg("svg", {
    class: "picture",
    "data-waiting": "",
    role: "group",
    "aria-label": "The computation",
  });
  /** @type {Scene} */ scene;
  #stage;
  #sliding;
  #results = new ResultsView();
  #marks = svg("g");
  /** @type {number[]} Where the terms of the step in view stand among the products. */ #places =
    [];

  /**
   * @param {Model} model
   * @param {Host} host
   */
  constructor(model, host) {
    this.scene = new Scene(model);
    this.#stage = new Stage(this.scene, {
      ...host,
      pointed: (cell) => host.pointed(this.#termOf(cell)),
    });
    this.#sliding = new Sliding(this.#stage);
    this.element.append(
      patterns(),
      this.#sliding.lines,
      this.#stage.element,
      this.#marks,
      this.#sliding.outlines,
      this.#results.element,
    );
  }

  /**
   * Build for a trace: called when the trace, the size or the shown channel changes.
   *
   * @param {Model} model
   * @param {Border | null} border
   * @param {{width: number, height: number, channel: number}} space
   */
  build(model, border, space) {
    const scene = (this.scene = new Scene(model));
    const stage = this.#stage;
    const leftOver = Boolean(border?.columns.length);
    stage.build(scene, space, leftOver);
    this.#sliding.build();
    this.#results.place(stage.layout.results);
    this.#marks.replaceChildren(...drawMarks(stage, border));
    const height = Math.ceil(stage.layout.height);
    set(this.element, {
      viewBox: `-6 0 ${space.width} ${height}`,
      width: space.width,
      height,
    });
  }

  /** A product that is pointed at is known by its term. @param {CellRef | null} cell */
  #termOf(cell) {
    if (!cell || cell.tensor) return cell;
    const index = this.#places.indexOf(cell.index);
    return index < 0 ? null : { ...cell, index };
  }

  get channels() {
    return this.#stage.layout.channels;
  }

  get grids() {
    return this.#stage.grids;
  }

  /**
   * Show values and the step in view.
   *
   * @param {Player} player
   * @param {View} view
   */
  render(player, view) {
    const { scene } = this;
    const { turn, slide } = view;
    if (turn !== null) {
      const { map } = this.#stage;
      this.#stage.showMap(scene.mapOf(turn));
      if (map !== this.#stage.map) this.#sliding.build();
    }
    this.#places = turn === null ? [] : scene.placesAt(turn);
    this.#showValues(player, view);
    this.#showTerms(player, view);
    this.#showWindow(player, view);
    this.#sliding.show(turn, slide);
    showRelations(this.#stage, view.relations);
    showFaint(this.element, this.#stage, view.relations);
  }

  /**
   * @param {Player} player
   * @param {View} view
   */
  #showValues(player, { turn }) {
    const { scene } = this;
    const { inputs, filters, maps, bias, layout } = this.#stage;
    const padded = player.values(scene.phase.reads[scene.source]);
    const { input, weight, output } = scene.largest;
    inputs.forEach((grid, i) => {
      grid.show(padded, layout.channels[i] * scene.paddedArea, input);
    });
    for (const grid of [...filters, bias]) {
      const { tensor, index } = grid?.plane.first ?? { tensor: "", index: 0 };
      grid?.show(player.values(tensor), index, weight);
    }
    const written = player.values(scene.phase.writes);
    for (const grid of maps) grid.show(written, grid.plane.first.index, output);
    const map = turn === null ? -1 : scene.mapOf(turn);
    maps.forEach((grid, k) => {
      grid.element.toggleAttribute("data-current", k === map);
    });
    for (const mark of ["data-in", "data-added"])
      bias?.mark(mark, map < 0 || maps.length < 2 ? [] : [map]);
    bias?.element.toggleAttribute("data-dimmed", map >= 0 && maps.length > 1);
  }

  /**
   * Products, partial sums, the list of results.
   *
   * @param {Player} player
   * @param {View} view
   */
  #showTerms(player, { turn, term }) {
    const { scene } = this;
    const { products, layout, firstChannel } = this.#stage;
    const numbers =
      turn === null ? null : player.model.numbers(scene.phaseIndex, turn);
    const terms = this.#terms(numbers, turn);
    const shown = new Array(products.length * scene.area).fill(NaN);
    terms.slice(0, term).forEach((value, i) => {
      shown[this.#places[i]] = value;
    });
    const largest =
      (scene.weight ? scene.largest.terms : scene.largest.input) ||
      largestOf(terms);
    for (const grid of products) {
      grid?.show(shown, grid.plane.first.index, largest);
    }
    const area = turn === null ? 0 : scene.areaAt(turn);
    this.#sliding.sum.partials = layout.channels.map((channel) => {
      const slice = channel - firstChannel;
      const read = slice >= 0 && slice < scene.depth;
      const partial = numbers && read && partialOf(numbers, area, slice, term);
      return typeof partial === "number" ? cellText(partial) : "";
    });
    if (turn === null) {
      this.#results.show([]);
      return;
    }
    this.#results.show(resultLines(scene, numbers, term, turn));
  }

  /**
   * What stands where the window meets the filter: products, or without one its own cells.
   *
   * @param {StepNumbers | null} numbers
   * @param {number | null} turn
   */
  #terms(numbers, turn) {
    if (!numbers || turn === null) return [];
    const { scene } = this;
    return scene.weight
      ? numbers.terms
      : scene.operands(scene.source, turn).values;
  }

  /**
   * Which cells the window covers, and which belong to the term in hand or to the one that decides.
   *
   * @param {Player} player
   * @param {View} view
   */
  #showWindow(player, { turn, term, now, relations }) {
    const { scene } = this;
    const numbers =
      turn === null ? null : player.model.numbers(scene.phaseIndex, turn);
    const pick = numbers && pickOf(scene.phase, numbers, term);
    const { inputs, filters, products, layout, firstChannel } = this.#stage;
    const columns = scene.padded.shape[scene.padded.shape.length - 1];
    const cells =
      turn === null
        ? []
        : windowCells(scene.box(scene.source, turn).slice(-2), columns);
    this.#showStop(turn);
    const area = turn === null ? 0 : scene.areaAt(turn);
    const places = this.#places;
    inputs.forEach((grid, i) => {
      const read = turn !== null && products[i] !== null;
      grid.mark("data-in", read ? cells : []);
      const dim = turn !== null && !relations?.into.size;
      grid.element.toggleAttribute("data-dimmed", dim);
      const first = (layout.channels[i] - firstChannel) * area;
      const mine = (/** @type {number | null} */ term) =>
        read && term !== null && term >= first && term < first + area;
      const taps = (/** @type {number | null} */ term) =>
        mine(term) ? [places[/** @type {number} */ (term)] % scene.area] : [];
      const under = (/** @type {number | null} */ term) =>
        mine(term) ? [cells[/** @type {number} */ (term) - first]] : [];
      grid.mark("data-now", under(now));
      grid.mark("data-pick", under(pick));
      products[i]?.mark("data-now", taps(now));
      products[i]?.mark("data-pick", taps(pick));
      const turned = (/** @type {number} */ tap) =>
        scene.turned ? scene.area - 1 - tap : tap;
      filters[i]?.mark("data-now", taps(now).map(turned));
    });
  }

  /** Fill the bar of the stop that the window is at. @param {number | null} turn */
  #showStop(turn) {
    const { scene } = this;
    const start =
      turn === null ? -1 : scene.box(scene.source, turn).slice(-1)[0][0];
    const stop = scene.starts(1).indexOf(start);
    for (const bar of this.#marks.querySelectorAll(".stop")) {
      bar.toggleAttribute(
        "data-current",
        bar.getAttribute("data-stop") === `${stop}`,
      );
    }
  }

  /** Show what some sizes of the output formula count. @param {string[]} names */
  measure(names) {
    this.element.dataset.measured = names.join(" ");
  }

  /** Show the filter turning by half a turn. */
  turnFilter() {
    if (!motion()) return;
    for (const grid of this.#stage.filters) {
      const cells = grid?.element.querySelector("[role=grid]");
      if (!grid || !cells) continue;
      const transformOrigin = `${grid.width / 2}px ${grid.height / 2}px`;
      const frames = ["rotate(-180deg)", "rotate(0deg)"].map((transform) => ({
        transform,
        transformOrigin,
      }));
      cells.animate(frames, { duration: 400, easing: "ease-in-out" });
    }
  }
}

/**
 * @param {Part[]} parts  Of the rows and of the columns.
 * @param {number} width
 */
function windowCells([row, column], width) {
  const cells = [];
  for (let r = 0; r < row[1]; r++) {
    for (let c = 0; c < column[1]; c++) {
      const at = (row[0] + r * row[2]) * width;
      cells.push(at + column[0] + c * column[2]);
    }
  }
  return cells;
}
