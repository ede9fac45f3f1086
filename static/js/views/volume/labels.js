import { svg, write } from "../../dom.js";
import { numberText } from "../../format.js";
import { measures, words } from "./measures.js";
import { depthOf, shifted } from "./projection.js";
import { added, biasOf, resultOf, sumsOf } from "./sums.js";

/** @import {Scene} from "../../scene.js" */
/** @import {StepNumbers} from "../../types.js" */
/** @import {Folded, Unfolded} from "./fold-layout.js" */
/** @import {Point, Solid} from "./projection.js" */

const FLAT = { x: 0, y: 0 };
const ABOVE = { x: 0, y: -10 };
const LINE = { x: 0, y: 20 };

/** What is written around the boxes of a layer, folded or not. */
export class Labels {
  element = svg("g", { class: "labels" });
  #folded = svg("g", { class: "of-folded" });
  #flat = svg("g", { class: "of-unfolded" });
  /** @type {SVGTextElement[]} */ #sums = [];
  /** @type {SVGTextElement[]} */ #headings = [];
  /** @type {SVGTextElement[]} */ #slices = [];
  #map = words("", FLAT);
  #bias = words("", FLAT, "partial");
  #result = words("", FLAT, "result");

  /** @param {Scene} scene */
  constructor(scene) {
    this.scene = scene;
    this.element.append(this.#folded, this.#flat);
  }

  /** @param {Folded} folded @param {Unfolded} flat */
  place(folded, flat) {
    const { input, output, filters } = this.#solids(folded);
    this.#folded.replaceChildren(
      ...this.#ofInput(input, folded.cell),
      ...this.#ofOutput(output),
      ...(filters.length ? this.#ofFilters(filters) : []),
    );
    const at = (/** @type {Point[]} */ points, kind = "heading", by = ABOVE) =>
      points.map((point) => words("", shifted(point, by), kind));
    this.#headings = at(flat.channels);
    this.#slices = this.scene.weight ? at(flat.slices, "note") : [];
    this.#sums = at(flat.sums, "partial", FLAT);
    [this.#map] = at([flat.out]);
    [this.#bias] = at([flat.result], "partial", FLAT);
    [this.#result] = at([flat.result], "result", LINE);
    const lines = [this.#map, this.#bias, this.#result];
    this.#flat.replaceChildren(
      ...this.#headings,
      ...this.#slices,
      ...this.#sums,
      ...lines,
    );
  }

  /** @param {Folded} folded */
  #solids({ cell, input, filters, stack }) {
    const { scene } = this;
    const box = (
      /** @type {Point} */ at,
      /** @type {number[]} */ [rows, columns],
      /** @type {number} */ depth,
    ) => ({
      ...at,
      width: columns * cell,
      height: rows * cell,
      depth: depthOf(depth - 1, cell),
    });
    const size = scene.output.shape.slice(-2);
    return {
      input: box(input, scene.padded.shape.slice(-2), scene.channels),
      output: box(stack, size, scene.maps),
      filters: filters.map((at) => box(at, scene.windowSize, scene.depth)),
    };
  }

  /**
   * @param {Solid} whole
   * @param {number} cell
   */
  #ofInput(whole, cell) {
    const { scene } = this;
    const [top, , left] = scene.ring;
    const [high, wide] = scene.inner;
    const [rows, columns] = scene.input.shape.slice(-2);
    const across = { ...whole, x: whole.x + left * cell, width: wide * cell };
    const down = { ...whole, y: whole.y + top * cell, height: high * cell };
    return [
      ...measures("x", across, { width: `W₁ = ${columns}` }),
      ...measures("x", down, { height: `H₁ = ${rows}` }),
      ...measures("x", whole, { depth: `D₁ = ${scene.channels}` }),
    ];
  }

  /** @param {Solid} solid */
  #ofOutput(solid) {
    const { output, maps, weight } = this.scene;
    const [rows, columns] = output.shape.slice(-2);
    return measures("y", solid, {
      width: `W₂ = ${columns}`,
      height: `H₂ = ${rows}`,
      depth: `${weight ? "D₂ = K" : "D₂"} = ${maps}`,
    });
  }

  /** @param {Solid[]} solids */
  #ofFilters(solids) {
    const [rows, columns] = this.scene.windowSize;
    const [first] = solids;
    const lowest = Math.max(...solids.map(({ y, height }) => y + height));
    const below = { x: first.x, y: lowest + 22 };
    const above = { x: first.x, y: first.y + first.depth.y - 8 };
    return [
      ...measures("w", first, {
        height: `F = ${rows === columns ? rows : `${rows}×${columns}`}`,
      }),
      words(`K = ${solids.length}`, below, "count"),
      ...(this.scene.turned ? [words("turned", above, "note")] : []),
    ];
  }

  /**
   * @param {number | null} turn
   * @param {StepNumbers | null} numbers  Of a finished step; null while it goes on.
   */
  render(turn, numbers) {
    const { scene } = this;
    const first = turn === null ? 0 : scene.firstChannel(turn);
    const map = turn === null ? 0 : scene.mapOf(turn);
    this.#headings.forEach((text, c) =>
      write(text, `Channel ${first + c + 1}`),
    );
    const [sign, turned] = scene.turned ? ["∗", ", turned"] : ["⋆", ""];
    for (const text of this.#slices)
      write(text, `${sign} filter ${map + 1}${turned}`);
    const sums =
      numbers && turn !== null ? sumsOf(numbers, scene.areaAt(turn)) : [];
    this.#sums.forEach((text, c) =>
      write(text, c in sums ? `= ${numberText(sums[c])}` : ""),
    );
    write(this.#map, `Map ${map + 1}`);
    const bias = numbers && turn !== null ? biasOf(scene, turn) : null;
    write(this.#bias, bias === null ? "" : `${added(bias)} (bias)`);
    write(this.#result, numbers ? `= ${numberText(resultOf(numbers))}` : "");
  }
}
