/** @import {Phase, StepNumbers} from "./types.js" */

/**
 * How people speak of the way in which a phase makes one number of its terms.
 *
 * @typedef {object} Words
 * @property {string} whole  What the terms come to.
 * @property {string} soFar  The same before all of them are in.
 * @property {string} nothing  What they come to before the first is in.
 * @property {string} sign  Stands between the terms and the result in the picture.
 * @property {string} between  Stands between two terms.
 * @property {string} title  What the line of terms is.
 */

/** @type {Record<string, Words>} */
const WORDS = {
  sum: {
    whole: "sum",
    soFar: "running sum",
    nothing: "0",
    sign: "Σ",
    between: "+",
    title: "sum of",
  },
  mean: {
    whole: "mean",
    soFar: "running sum",
    nothing: "0",
    sign: "Σ",
    between: "+",
    title: "sum of",
  },
  max: {
    whole: "largest",
    soFar: "largest so far",
    nothing: "",
    sign: "max",
    between: ",",
    title: "largest of",
  },
  each: {
    whole: "result",
    soFar: "result",
    nothing: "",
    sign: "",
    between: ",",
    title: "result of",
  },
};

/** @param {Phase} phase @returns {Words} */
export function wordsOf(phase) {
  const factors = Object.keys(phase.reads).length - phase.extra.length;
  const divided = phase.divisor !== 1 && factors === 1;
  return WORDS[divided ? "mean" : phase.combine];
}

/**
 * What a step divides its sum by.
 *
 * @param {Phase} phase
 * @param {number} terms  Of the step.
 */
export function divisorOf({ combine, divisor }, terms) {
  return combine === "mean" ? terms : divisor;
}

/**
 * What the terms of a step have come to.
 *
 * @param {StepNumbers} numbers
 * @param {number} term  How many of them are in, at least one.
 */
export function reached({ terms, running }, term) {
  if (term < terms.length) return (running.length ? running : terms)[term - 1];
  return /** @type {number} */ ((running.length ? running : terms).at(-1));
}

/**
 * Which term decides: the first that is as large as the largest so far.
 *
 * @param {Phase} phase
 * @param {StepNumbers} numbers
 * @param {number} term  How many terms are in.
 */
export function pickOf(phase, { terms, running, picks }, term) {
  if (phase.combine !== "max" || !term) return null;
  return term >= terms.length ? picks[0] : terms.indexOf(running[term - 1]);
}

/**
 * What one of the channels has come to, or null while none of its terms is in.
 *
 * @param {StepNumbers} numbers
 * @param {number} area  Terms of one channel.
 * @param {number} slice  Which of the channels that are combined.
 * @param {number} term  How many terms are in.
 */
export function partialOf(numbers, area, slice, term) {
  const added = Math.min(area, term - slice * area);
  const { terms, running, partial } = numbers;
  const values = [partial, running, terms].find(({ length }) => length) ?? [];
  return added > 0 ? (values[slice * area + added - 1] ?? null) : null;
}
