import { largestOf } from "../colour.js";
import { motion, svg } from "../dom.js";
import { cellText } from "../format.js";
import { Scene } from "../scene.js";
import { drawMarks, patterns } from "./marks.js";
import { ResultsView, resultLines } from "./results.js";
import { Sliding } from "./sliding.js";
import { Stage } from "./stage.js";

/** @import {Model} from "../model.js" */
/** @import {Player} from "../player.js" */
/** @import {Relations} from "../tracing.js" */
/** @import {Border, Part} from "../types.js" */
/** @import {GridView, Host} from "./grid.js" */

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
    role: "group",
    "aria-label": "The computation",
  });
  /** @type {Scene} */ scene;
  #stage;
  #sliding;
  #results = new ResultsView();
  #marks = svg("g");

  /**
   * @param {Model} model
   * @param {Host} host
   */
  constructor(model, host) {
    this.scene = new Scene(model);
    this.#stage = new Stage(this.scene, host);
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
    this.element.setAttribute("viewBox", `-6 0 ${space.width} ${height}`);
    this.element.setAttribute("width", `${space.width}`);
    this.element.setAttribute("height", `${height}`);
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
      const filter = this.#stage.filter;
      this.#stage.showFilter(scene.filterOf(turn));
      if (filter !== this.#stage.filter) this.#sliding.build();
    }
    this.#showValues(player, view);
    this.#showTerms(player, view);
    this.#showWindow(view);
    this.#sliding.show(turn, slide);
    this.#showRelations(view.relations);
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
    const terms = numbers?.terms.map((n, i) => (i < term ? n : NaN)) ?? [];
    const largest = scene.largest.terms || largestOf(numbers?.terms ?? []);
    for (const grid of products) {
      grid?.show(terms, grid.plane.first.index, largest);
    }
    this.#sliding.sum.partials = layout.channels.map((channel) => {
      const first = (channel - firstChannel) * scene.area;
      const added = Math.min(scene.area, term - first);
      const partial =
        added > 0 ? numbers?.partial[first + added - 1] : undefined;
      return partial === undefined ? "" : cellText(partial);
    });
    if (turn === null) {
      this.#results.show([]);
      return;
    }
    this.#results.show(resultLines(scene, numbers, term, turn));
  }

  /**
   * Which cells the window covers, and which belong to the term in hand.
   *
   * @param {View} view
   */
  #showWindow({ turn, now, relations }) {
    const { scene } = this;
    const { inputs, filters, products, layout, firstChannel } = this.#stage;
    const columns = scene.padded.shape[scene.padded.shape.length - 1];
    const cells =
      turn === null
        ? []
        : windowCells(scene.box(scene.source, turn).slice(-2), columns);
    this.#showStop(turn);
    inputs.forEach((grid, i) => {
      const read = turn !== null && products[i] !== null;
      grid.mark("data-in", read ? cells : []);
      const dim = turn !== null && !relations?.into.size;
      grid.element.toggleAttribute("data-dimmed", dim);
      const first = (layout.channels[i] - firstChannel) * scene.area;
      const place = now === null ? -1 : now - first;
      const mine = read && place >= 0 && place < scene.area;
      grid.mark("data-now", mine ? [cells[place]] : []);
      products[i]?.mark("data-now", mine ? [place] : []);
      const tap = scene.turned ? scene.area - 1 - place : place;
      filters[i]?.mark("data-now", mine ? [tap] : []);
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

  /** @param {Relations | null} relations */
  #showRelations(relations) {
    const { scene } = this;
    const { inputs, filters, maps, bias, layout } = this.#stage;
    const padded = scene.phase.reads[scene.source];
    inputs.forEach((grid, i) => {
      const first = layout.channels[i] * scene.paddedArea;
      const met = relations?.meets.get(padded);
      grid.mark("data-meets", within(met, first, scene.paddedArea));
      grid.mark("data-pointed", pointedAt(grid, relations));
    });
    for (const grid of [...filters, ...maps, bias]) {
      if (!grid) continue;
      const { tensor, index } = grid.plane.first;
      const count = grid.plane.rows * grid.plane.columns;
      grid.mark("data-into", within(relations?.into.get(tensor), index, count));
      grid.mark(
        "data-meets",
        within(relations?.meets.get(tensor), index, count),
      );
      grid.mark("data-pointed", pointedAt(grid, relations));
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
 * The cells of a plane among those of its tensor.
 *
 * @param {Set<number> | undefined} cells
 * @param {number} first
 * @param {number} count
 */
function within(cells, first, count) {
  return [...(cells ?? [])]
    .map((cell) => cell - first)
    .filter((place) => place >= 0 && place < count);
}

/**
 * @param {GridView} grid
 * @param {Relations | null} relations
 */
function pointedAt(grid, relations) {
  const { tensor, index } = grid.plane.first;
  const own = (relations?.cell.index ?? -1) - index;
  const count = grid.plane.rows * grid.plane.columns;
  if (relations?.cell.tensor !== tensor || own < 0 || own >= count) return [];
  return [grid.placeOf(own)];
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
