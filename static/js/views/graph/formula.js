import { boxAt, cellsOf } from "../../boxes.js";
import { math } from "../../dom.js";
import { fullText } from "../../format.js";
import { element } from "./letters.js";
import { shortText } from "./numbers.js";

/** @import {Model} from "../../model.js" */

/** @type {Record<string, string>} Letters that are named in words. */
const NAMES = { ε: "eps" };
const OPERATORS = "·⋅−+×/";

/**
 * A formula taken apart: what it gives, what stands before the sum, and a term of it; where there
 * is no sum, all is the term.
 *
 * @param {Element} source  A `math` element.
 */
export function partsOf(source) {
  const parts = [...source.children];
  const equals = parts.findIndex((part) => is(part, "="));
  const plus = parts[equals - 1] && is(parts[equals - 1], "+") ? 1 : 0;
  const isSum = (/** @type {Element} */ part) =>
    part.firstElementChild?.textContent === "∑";
  const sum = parts.findIndex((part, i) => i > equals && isSum(part));
  // One sum may stand in another.
  const last = parts.findLastIndex(isSum);
  return {
    left: parts.slice(0, equals - plus),
    before: sum < 0 ? [] : parts.slice(equals + 1, sum),
    signs: sum < 0 ? [] : parts.slice(sum, last + 1),
    term: parts.slice((sum < 0 ? equals : last) + 1),
  };
}

/** @param {Element} part @param {string} operator */
function is(part, operator) {
  return part.localName === "mo" && part.textContent === operator;
}

/**
 * A row of a formula in the colour of its route.
 *
 * @param {Element[]} parts
 * @param {string | null} route
 */
export function row(parts, route) {
  const made = element("mrow");
  if (route) made.dataset.route = route;
  made.append(...parts.map((part) => document.importNode(part, true)));
  return made;
}

/**
 * The right side of a phase's formula, in symbols.
 *
 * @param {Model} model
 * @param {number} phase
 */
export function rightOf(model, phase) {
  const { before, signs, term } = partsOf(
    math(model.phases[phase].formula.symbols),
  );
  return [...before, ...signs, ...term];
}

/**
 * A term of a phase with numbers in its slots.
 *
 * @param {Model} model
 * @param {number} phase
 * @param {number} turn
 * @param {number} at  Which of its terms.
 * @param {boolean} added  Whether a plus stands before it.
 */
export function termWith(model, phase, turn, at, added) {
  const { formula } = model.phases[phase];
  const { term } = partsOf(math(formula.numbers));
  const made = row(term, null);
  for (const slot of made.querySelectorAll("[data-slot]"))
    fill(slot, valueAt(model, phase, turn, at, slot), added);
  nameLetters(model, made);
  for (const digits of made.querySelectorAll("mrow > mn + mn"))
    digits.before(element("mo", "⋅")); // 2 times 3.5 is not 23.5
  return made;
}

/**
 * What stands before the sum, with numbers for letters that have one.
 *
 * @param {Model} model
 * @param {number} phase
 */
export function beforeSum(model, phase) {
  const { before } = partsOf(math(model.phases[phase].formula.numbers));
  const made = row(before, null);
  nameLetters(model, made);
  return made;
}

/**
 * @param {Model} model
 * @param {number} phase
 * @param {number} turn
 * @param {number} at
 * @param {Element} slot
 */
function valueAt(model, phase, turn, at, slot) {
  const rule = model.phases[phase];
  const symbol = slot.getAttribute("data-slot") ?? rule.writes;
  const name = rule.reads[symbol] ?? rule.writes;
  const { values, shape } = model.tensor(name);
  const cells = cellsOf(boxAt(rule, symbol, turn), shape);
  return values[cells[at] ?? cells[0]];
}

/**
 * Negative numbers stand in brackets behind an operator.
 *
 * @param {Element} slot
 * @param {number} value
 * @param {boolean} added  Whether a plus stands before the term.
 */
function fill(slot, value, added) {
  const text = shortText(value, 10);
  const first = added && !slot.previousElementSibling && isTop(slot);
  const before = first ? "+" : (slot.previousElementSibling?.textContent ?? "");
  const after = slot.nextElementSibling?.localName === "msup";
  const bare = !(before && OPERATORS.includes(before)) && !after;
  // "2 × 10⁻⁴" is no letter: a power or a minus takes hold of all of it.
  const based = slot.parentElement?.localName === "msup";
  const whole = (bare || value >= 0) && !(based && text.includes("×"));
  slot.textContent = whole ? text : `(${text})`;
}

/** Whether it stands at the top of its row. @param {Element} slot */
function isTop(slot) {
  return (
    slot.parentElement?.localName === "mrow" &&
    !slot.parentElement.parentElement
  );
}

/** Put numbers for the letters that have one: m and eps. @param {Model} model @param {Element} made */
function nameLetters(model, made) {
  for (const letter of made.querySelectorAll("mi")) {
    const text = letter.textContent ?? "";
    const value = model.names[NAMES[text] ?? text];
    if (value !== undefined) letter.replaceWith(element("mn", fullText(value)));
  }
}

/**
 * A piece of a formula that lines can be broken behind, its sign before it.
 *
 * @param {string} sign  "+", "=", "≈" or nothing.
 * @param {Element[]} parts
 * @param {string | null} [route]
 */
export function piece(sign, parts, route = null) {
  const formula = element("math");
  formula.setAttribute("displaystyle", "true");
  if (sign) formula.append(operator(sign));
  formula.append(row(parts, route));
  return formula;
}

/** @param {string} text */
function operator(text) {
  const sign = element("mo", text);
  for (const [name, value] of [
    ["form", "infix"],
    ["lspace", "0.25em"],
    ["rspace", "0.25em"],
  ])
    sign.setAttribute(name, value);
  return sign;
}
