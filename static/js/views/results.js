import { svg, write } from "../dom.js";
import { allExact, decimalsFor, numberText } from "../format.js";

import { LINE } from "../layout.js";

/** @import {Scene} from "../scene.js" */
/** @import {StepNumbers} from "../types.js" */

/**
 * What a step's sum consists of: a line for each channel, the division, the bias, the total.
 *
 * @typedef {{label: string, value: string, kind: string}} Line
 */

/**
 * @param {Scene} scene
 * @param {StepNumbers | null} numbers
 * @param {number} term  Terms added so far.
 * @param {number} turn
 * @param {number | null} bias
 * @returns {Line[]}
 */
export function resultLines(scene, numbers, term, turn, bias) {
  const { phase, area, depth } = scene;
  const total = area * depth;
  const done = numbers !== null && term >= total;
  const decimals = numbers
    ? decimalsFor([...numbers.terms, ...numbers.running])
    : 0;
  const text = (/** @type {number} */ value) => numberText(value, decimals);
  /** @type {Line[]} */
  const lines = [];
  if (phase.subtotals && depth > 1) {
    const first = scene.firstChannel(turn);
    for (let channel = 0; channel < depth; channel++) {
      const added = Math.min(area, Math.max(0, term - channel * area));
      const so = added > 0 && added < area;
      lines.push({
        label: `channel ${first + channel + 1}${so ? ", so far" : ""}`,
        value:
          numbers && added
            ? text(numbers.partial[channel * area + added - 1])
            : "to come",
        kind: added ? "part" : "pending",
      });
    }
  }
  let at = total;
  if (phase.divisor !== 1) {
    lines.push({
      label: "sum of products",
      value: done ? text(numbers.running[at - 1]) : "to come",
      kind: done ? "part" : "pending",
    });
    const label = `÷ ${numberText(phase.divisor)}`;
    lines.push({
      label,
      value: done ? text(numbers.running[at]) : "to come",
      kind: done ? "part" : "pending",
    });
    at += 1;
  }
  if (scene.extra) {
    const label = `bias${scene.maps > 1 ? ` ${scene.filterOf(turn) + 1}` : ""}`;
    const value = scene.maps > 4 && bias !== null ? numberText(bias) : "";
    lines.push({ label, value, kind: done ? "part" : "pending" });
  }
  const last = numbers
    ? done
      ? numbers.running[numbers.running.length - 1]
      : term
        ? numbers.running[term - 1]
        : 0
    : null;
  const rounded =
    numbers !== null &&
    !allExact([...numbers.terms, ...numbers.running], decimals);
  lines.push({
    label: done ? (rounded ? "sum ≈" : "sum") : "running sum",
    value: last === null ? "…" : text(last),
    kind: "total",
  });
  lines.push({
    label: done ? `all ${total} terms` : `term ${term} of ${total}`,
    value: "",
    kind: "note",
  });
  return lines;
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
