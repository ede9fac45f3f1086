import { divisorOf, reached } from "../combine.js";
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
  const { words } = scene;
  const total = scene.termsAt(turn);
  const done = numbers !== null && term >= total;
  const sums = numbers?.running ?? [];
  const products = [...(numbers?.terms ?? []), ...sums.slice(0, total)];
  const decimals = decimalsFor(products);
  const before = (/** @type {number} */ value) => numberText(value, decimals);
  const after = sums.slice(total);
  const behind = decimalsFor([...after, ...(after.length ? [] : products)]);
  const exact = allExact(products, decimals) && allExact(after, behind);
  const all = total > 1 ? `all ${total} terms` : "the only term";
  const result = () =>
    numbers
      ? numberText(reached(numbers, term), done ? behind : decimals)
      : "…";
  return [
    ...channelLines(scene, numbers, term, turn, before),
    ...quotientLines(scene, numbers, total, done, before, behind),
    ...(scene.extra ? [biasLine(scene, turn, done)] : []),
    {
      label: done ? `${words.whole}${exact ? "" : " ≈"}` : words.soFar,
      value: term ? result() : words.nothing,
      kind: "total",
    },
    {
      label: done ? all : `term ${term} of ${total}`,
      value: "",
      kind: "note",
    },
  ];
}

/**
 * The sum before it is divided, and what it is divided by.
 *
 * @param {Scene} scene
 * @param {StepNumbers | null} numbers
 * @param {number} total  Terms of the step.
 * @param {boolean} done
 * @param {(value: number) => string} text
 * @param {number} decimals  Of the quotient.
 * @returns {Line[]}
 */
function quotientLines(
  { phase, weight },
  numbers,
  total,
  done,
  text,
  decimals,
) {
  if (divisorOf(phase, 2) === 1) return [];
  const sums = numbers?.running ?? [];
  const quotient = sums[total] ?? sums[total - 1];
  const divisor = numberText(divisorOf(phase, total));
  return [
    line(weight ? "sum of products" : "sum", text(sums[total - 1]), done),
    line(`÷ ${divisor}`, numberText(quotient, decimals), done),
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
  const map = scene.mapOf(turn);
  const label = scene.maps > 1 ? `bias ${map + 1}` : "bias";
  const bias = scene.read(/** @type {string} */ (scene.extra));
  const value = scene.maps > 4 ? numberText(bias.values[map]) : "";
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
