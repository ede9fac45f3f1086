import { html } from "../../dom.js";
import {
  counted,
  decimalsFor,
  equalsText,
  isWhole,
  valueText,
} from "../../format.js";

/** @import {Model} from "../../model.js" */

/** Decimals of terms: as many as the sums beside them have. */
const MOST = 4;
/** So many terms are read; of more, those at the ends are shown, and the one in hand. */
const MANY = 32;
const ENDS = { first: 6, last: 2 };

/**
 * A mean with all of its terms, in numbers: (1 + 2 − 4) ÷ 3 = −1 ÷ 3 ≈ −0.3333.
 *
 * @param {Model} model
 * @param {number} phase
 * @param {number} turn
 * @returns {{parts: (HTMLElement | string)[], rounded: boolean}}
 */
export function meanParts(model, phase, turn) {
  const numbers = model.numbers(phase, turn);
  if (!numbers)
    return { parts: [resultOf(model, phase, turn)], rounded: false };
  const { terms, running } = numbers;
  const decimals = decimalsFor(terms, MOST);
  const rounded = !terms.every((term) => isWhole(term, decimals));
  const chips = terms.map((term, i) =>
    html("span", { class: "term", "data-term": i }, [
      signed(term, decimals, i === 0),
    ]),
  );
  const spaced = chips.flatMap((chip, i) => (i ? [" ", chip] : [chip]));
  const result = equalsText(/** @type {number} */ (running.at(-1)));
  const first = rounded ? "≈ " : "= ";
  if (terms.length === 1) return { parts: [first, ...chips], rounded };
  const sum = equalsText(running[terms.length - 1]);
  return {
    parts: [
      `${first}(`,
      ...spaced,
      `) ÷ ${terms.length} `,
      html("span", { class: "whole" }, [
        `${sum} ÷ ${terms.length} `,
        html("b", {}, [result]),
      ]),
    ],
    rounded,
  };
}

/**
 * Where a trace is too long for its terms to be sent.
 *
 * @param {Model} model
 * @param {number} phase
 * @param {number} turn
 */
function resultOf(model, phase, turn) {
  const { values } = model.tensor(model.phases[phase].writes);
  const terms = counted(model.termsOf(phase, turn), "term");
  const result = equalsText(values[model.written(phase, turn)[0]]);
  return html("b", { title: `Of ${terms}: too many for all to be sent.` }, [
    result,
  ]);
}

/**
 * A term with the sign that adds it.
 *
 * @param {number} value
 * @param {number} decimals
 * @param {boolean} first
 */
export function signed(value, decimals, first) {
  if (first) return valueText(value, decimals);
  const size = valueText(Math.abs(value), decimals);
  return `${value < 0 ? "\u2212" : "+"} ${size}`;
}

/**
 * The right side of a formula with its numbers in place; negative ones behind a sign in brackets.
 *
 * @param {Element} numbers  With a slot for each number.
 * @param {(symbol: string) => number} valueOf
 * @returns {boolean} Whether all are shown unrounded.
 */
export function fillIn(numbers, valueOf) {
  let exact = true;
  for (const slot of numbers.querySelectorAll("[data-slot]")) {
    const value = valueOf(slot.getAttribute("data-slot") ?? "");
    const decimals = decimalsFor([value], MOST);
    const text = valueText(value, decimals);
    exact &&= isWhole(value, decimals);
    const behind = slot.previousElementSibling !== null;
    slot.textContent = value < 0 && behind ? `(${text})` : text;
  }
  return exact;
}

/**
 * The terms of a long sum that stand for all.
 *
 * @param {number} count
 * @param {number} own  The one in hand; -1 for none.
 * @returns {number[]}
 */
export function shownTerms(count, own) {
  const { first, last } = ENDS;
  const terms = Array.from({ length: count }, (_, i) => i);
  if (count <= MANY) return terms;
  return terms.filter((i) => i < first || i >= count - last || i === own);
}

/** @param {number} others */
export const othersText = (others) =>
  others ? `with ${counted(others, "other cell")}` : "with no other cell";
