import { math, write } from "./dom.js";
import { numberText } from "./format.js";

/** @import {TraceReply, Typeset} from "./types.js" */

/**
 * A formula with slots for numbers, without the result and the sign behind it: what is computed
 * is said elsewhere.
 *
 * @param {Typeset} formula
 */
export function rightSide(formula) {
  const numbers = math(formula.numbers);
  const [result, equals] = [...numbers.children];
  result.remove();
  equals.remove();
  return numbers;
}

/**
 * Write the values of a trace of scalars into the slots of its formulas.
 *
 * @param {Element} element
 * @param {TraceReply} trace
 */
export function fillSlots(element, trace) {
  for (const slot of element.querySelectorAll("[data-slot]")) {
    const tensor = trace.tensors[slot.getAttribute("data-slot") ?? ""];
    if (tensor) write(slot, numberText(tensor.values[0]));
  }
}
