import { divisorOf } from "../../combine.js";
import { numberText } from "../../format.js";

/** @import {Scene} from "../../scene.js" */
/** @import {StepNumbers} from "../../types.js" */

const MINUS = "\u2212";

/** A number with its sign before it, as it is added. @param {number} value */
export function added(value) {
  const text = numberText(value);
  return text.startsWith(MINUS) ? `${MINUS} ${text.slice(1)}` : `+ ${text}`;
}

/** Numbers as a sum: "2 + 1 − 3". @param {number[]} values */
export function sumText([first, ...rest]) {
  return [numberText(first), ...rest.map(added)].join(" ");
}

/**
 * What each channel of a finished step came to, as the server added it up; nothing where there is
 * only one.
 *
 * @param {StepNumbers} numbers
 * @param {number} area  Terms of one channel.
 */
export function sumsOf({ partial }, area) {
  return partial.filter((_, place) => (place + 1) % area === 0);
}

/** What a finished step gives. @param {StepNumbers} numbers */
export function resultOf({ terms, running }) {
  return /** @type {number} */ ((running.length ? running : terms).at(-1));
}

/** The bias of a step, or null. @param {Scene} scene @param {number} turn */
export function biasOf(scene, turn) {
  if (!scene.extra) return null;
  return scene.operands(scene.extra, turn).values[0];
}

/**
 * How a finished step comes about: the sums of its channels, the bias, the result.
 *
 * @param {Scene} scene
 * @param {number} turn
 * @param {StepNumbers} numbers
 */
export function told(scene, turn, numbers) {
  const result = numberText(resultOf(numbers));
  const area = scene.areaAt(turn);
  const sums = sumsOf(numbers, area);
  const bias = biasOf(scene, turn);
  if (!sums.length && bias === null) return result;
  const by = divisorOf(scene.phase, numbers.terms.length);
  const all = sums.length ? sums : [numbers.running[numbers.terms.length - 1]];
  const whole = sumText(all);
  const divided = by === 1 ? whole : `(${whole}) : ${numberText(by)}`;
  const last = bias === null ? "" : ` ${added(bias)} (bias)`;
  return `${divided}${last} = ${result}`;
}
