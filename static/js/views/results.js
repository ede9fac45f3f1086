import { svg, write } from "../dom.js";
import { allExact, decimalsFor, numberText } from "../format.js";

import { LINE } from "../layout.js";

/** @import {Scene} from "../scene.js" */
/** @import {StepNumbers} from "../types.js" */

/**
 * What a step's sum consists of: a line for each channel, the division, the bias, the total.
 *
 * @typedef {{label: string, value: string, kind: "part" | "pending" | "total" | "note"}} Line
 */

/**
 * @param {Scene} scene
 * @param {StepNumbers | null} numbers  Null while they are fetched.
 * @param {number} term  Terms added so far.
 * @param {number} turn
 * @returns {Line[]}
 */
export function resultLines(scene, numbers, term, turn) {
  const total = scene.area * scene.depth;
  const done = numbers !== null && term >= total;
  const sums = numbers?.running ?? [];
  const products = [...(numbers?.terms ?? []), ...sums.slice(0, total)];
  const decimals = decimalsFor(products);
  const before = (/** @type {number} */ value) => numberText(value, decimals);
  const after = sums.slice(total);
  const behind = decimalsFor([...after, ...(after.length ? [] : products)]);
  const result = done ? sums[sums.length - 1] : term ? sums[term - 1] : 0;
  const exact = allExact(products, decimals) && allExact(after, behind);
  const part = (/** @type {string} */ label, /** @type {string} */ value) =>
    line(label, value, done);
  return [
    ...channelLines(scene, numbers, term, turn, before),
    ...(scene.phase.divisor === 1
      ? []
      : [
          part("sum of products", before(sums[total - 1])),
          part(
            `÷ ${numberText(scene.phase.divisor)}`,
            numberText(sums[total], behind),
          ),
        ]),
    ...(scene.extra ? [biasLine(scene, turn, done)] : []),
    {
      label: done ? (exact ? "sum" : "sum ≈") : "running sum",
      value: numbers ? numberText(result, done ? behind : decimals) : "…",
      kind: "total",
    },
    {
      label: done ? `all ${total} terms` : `term ${term} of ${total}`,
      value: "",
      kind: "note",
    },
  ];
}

/**
 * @param {string} label
 * @param {string} value
 * @param {boolean} known
 * @returns {Line}
 */
function line(label, value, known) {
  return {
    label,
    value: known ? value : "to come",
    kind: known ? "part" : "pending",
  };
}

/**
 * The bias has its own cell in the line, or under it where there are many.
 *
 * @param {Scene} scene
 * @param {number} turn
 * @param {boolean} done
 * @returns {Line}
 */
function biasLine(scene, turn, done) {
  const filter = scene.filterOf(turn);
  const label = scene.maps > 1 ? `bias ${filter + 1}` : "bias";
  const bias = scene.read(/** @type {string} */ (scene.extra));
  const value = scene.maps > 4 ? numberText(bias.values[filter]) : "";
  return { label, value, kind: done ? "part" : "pending" };
}

/**
 * @param {Scene} scene
 * @param {StepNumbers | null} numbers
 * @param {number} term
 * @param {number} turn
 * @param {(value: number) => string} text
 * @returns {Line[]}
 */
function channelLines(scene, numbers, term, turn, text) {
  const { phase, area, depth } = scene;
  if (!phase.subtotals || depth === 1) return [];
  const first = scene.firstChannel(turn);
  return Array.from({ length: depth }, (_, channel) => {
    const added = Math.min(area, term - channel * area);
    const name = `channel ${first + channel + 1}`;
    const known = numbers !== null && added > 0;
    const value = known
      ? text(numbers.partial[channel * area + added - 1])
      : "";
    return line(known && added < area ? `${name}, so far` : name, value, known);
  });
}

/** The list of partial sums, beside the picture. */
export class ResultsView {
  element = svg("g", { class: "results", "aria-hidden": "true" });
  /** @type {{label: SVGTextElement, value: SVGTextElement, group: SVGGElement}[]} */ #lines =
    [];
  #rule = svg("path", { class: "rule" });
  #width = 0;

  /** @param {{x: number, y: number, width: number}} place */
  place({ x, y, width }) {
    this.element.setAttribute("transform", `translate(${x} ${y})`);
    if (width !== this.#width) this.#lines = [];
    this.#width = width;
  }

  /** @param {Line[]} lines */
  show(lines) {
    if (this.#lines.length !== lines.length) this.#build(lines.length);
    lines.forEach((line, i) => {
      const row = this.#lines[i];
      write(row.label, line.label);
      write(row.value, line.value);
      row.group.setAttribute("data-kind", line.kind);
      if (line.kind === "total")
        this.#rule.setAttribute("d", `M0 ${i * LINE - 1}H${this.#width}`);
    });
  }

  /** @param {number} count */
  #build(count) {
    this.#lines = Array.from({ length: count }, (_, i) => {
      const label = svg("text", { x: 0, y: i * LINE + 10 });
      const value = svg("text", {
        class: "number",
        x: this.#width,
        y: i * LINE + 10,
        "text-anchor": "end",
      });
      return { label, value, group: svg("g", {}, [label, value]) };
    });
    this.element.replaceChildren(
      this.#rule,
      ...this.#lines.map((line) => line.group),
    );
  }
}
