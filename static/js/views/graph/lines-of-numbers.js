import { divisorOf } from "../../combine.js";
import { html } from "../../dom.js";
import { beforeSum, piece, termWith } from "./formula.js";
import { element } from "./letters.js";
import { areExact, numberOf, sumOf } from "./numbers.js";
import { lookOf } from "./shown.js";
import { numberParts } from "./typeset.js";

/** @import {Shown} from "./shown.js" */

const MINUS = "\u2212";
const GIVEN = "It is given.";
const ARRIVES = "It is given: the gradient that arrives from behind.";
const ALIKE = "For every sample i alike. Choose one above to see its numbers.";

/**
 * The formula in numbers, and the sum that it comes to.
 *
 * @param {Shown} shown
 * @param {string} tensor
 * @param {number[]} phases
 * @returns {HTMLElement[]}
 */
export function linesOf(shown, tensor, phases) {
  const cells = shown.cells(tensor);
  const given = shown.gradient ? ARRIVES : GIVEN;
  if (!phases.length) return [html("p", { class: "muted" }, [given])];
  if (cells.length > 1) return [html("p", { class: "muted" }, [ALIKE])];
  const [cell] = cells;
  const sums = phases.some(
    (phase) => shown.given.terms(phase, cell).length > 1,
  );
  if (sums) return batchLines(shown, tensor, phases, cell);
  const values = phases.map((phase) => shown.given.value(phase, cell));
  const total = shown.total(tensor, phases, cell);
  const exact = sumOf(values, total).exact;
  const pieces = phases.map((phase, i) => {
    const turn = shown.given.turn(phase, cell);
    const term = termWith(shown.model, phase, turn, 0, i > 0);
    return piece(i ? "+" : exact ? "=" : "≈", [term], shown.lookOf(phase));
  });
  return [
    html("div", { class: "graph-numbers" }, pieces),
    sumLine(values, total, phases.length > 1),
  ];
}

/**
 * Of sums over the batch: the terms written out, and what they come to.
 *
 * @param {Shown} shown
 * @param {string} tensor
 * @param {number[]} phases
 * @param {number} cell
 */
function batchLines(shown, tensor, phases, cell) {
  const { given } = shown;
  const lines = phases.flatMap((phase) => {
    const route = shown.lookOf(phase);
    const written = [
      writtenOut(shown, phase, cell),
      comesTo(shown, phase, cell),
    ];
    for (const line of written) if (route) line.dataset.route = route;
    return written;
  });
  if (phases.length < 2) return lines;
  const values = phases.map((phase) => given.value(phase, cell));
  const total = shown.total(tensor, phases, cell);
  return [...lines, sumLine(values, total, true)];
}

/**
 * The terms added up, and divided where there is a divisor.
 *
 * @param {Shown} shown
 * @param {number} phase
 * @param {number} cell
 */
function comesTo({ model, given }, phase, cell) {
  const terms = given.terms(phase, cell);
  const running = model.numbers(phase, given.turn(phase, cell))?.running ?? [];
  const total = running[terms.length - 1] ?? terms[0];
  const line = sumLine(terms, total, false, given.cancels(phase, cell));
  const divisor = divisorOf(model.phases[phase], terms.length);
  if (divisor === 1) return line;
  const quotient = /** @type {number} */ (running.at(-1));
  const { full, exact } = numberOf(quotient);
  line.append(
    ` ÷ ${divisor} ${exact ? "=" : "≈"} `,
    html("strong", {}, numberParts(full)),
  );
  return line;
}

/**
 * The terms of a sum with their numbers: all of a few, else one of many.
 *
 * @param {Shown} shown
 * @param {number} phase
 * @param {number} cell
 */
function writtenOut(shown, phase, cell) {
  const { model, given, sample } = shown;
  const count = given.terms(phase, cell).length;
  const turn = given.turn(phase, cell);
  const line = html("div", { class: "graph-numbers" });
  if (count > shown.most(phase)) {
    const at = Math.min(sample ?? 0, count - 1);
    const term = termWith(model, phase, turn, at, false);
    line.append(`term ${at + 1} of ${count}: `, piece("", [term]));
    return line;
  }
  const before = beforeSum(model, phase);
  const framed = before.childElementCount > 0;
  // The numbers within a term are rounded wherever what it comes to is.
  const terms = given.terms(phase, cell);
  const equals = areExact(terms) ? "=" : "≈";
  for (let at = 0; at < count; at++) {
    const term = termWith(model, phase, turn, at, at > 0);
    const parts = [term];
    if (framed && !at) parts.unshift(before, element("mo", "("));
    if (framed && at === count - 1) parts.push(element("mo", ")"));
    line.append(piece(at ? "+" : equals, parts));
  }
  return line;
}

/**
 * "≈ 0.1309 − 0.0109 − 0.0764 = 0.0436", or "≈ (1.309 − 0.109) × 10⁻⁶ = 1.200 × 10⁻⁶".
 *
 * @param {number[]} values
 * @param {number} total
 * @param {boolean} routes  Whether each is a route.
 * @param {boolean} [cancels]
 */
function sumLine(values, total, routes, cancels = false) {
  const sum = sumOf(values, total, cancels);
  const line = html("p", { class: "graph-line-of-sum" });
  line.append(sum.exact ? "= " : "≈ ");
  const times = values.length > 1 ? sum.times : "";
  if (times) line.append("(");
  if (values.length > 1)
    sum.terms.forEach(({ text }, i) => {
      const minus = text.startsWith(MINUS);
      const sign = i ? (minus ? ` ${MINUS} ` : " + ") : "";
      const term = html("span", {}, [i && minus ? text.slice(1) : text]);
      if (routes) term.dataset.route = lookOf(i);
      line.append(sign, term);
    });
  if (times) line.append(...numberParts(`)${times}`));
  const equals = values.length > 1 ? (sum.within ? " ≈ " : " = ") : "";
  line.append(equals, html("strong", {}, numberParts(sum.total.full)));
  if (sum.within)
    line.append(
      " ",
      html("span", { class: "muted" }, numberParts(`(${sum.within})`)),
    );
  return line;
}
