import {
  allExact,
  cellText,
  decimalsFor,
  numberText,
  tinyText,
} from "../../format.js";

const MINUS = "\u2212";
const SMALLEST = 0.00005;

/**
 * A number on the graph, in so many characters; what would be rounded to 0 says its size.
 *
 * @param {number} value
 * @param {number} [room]
 * @returns {string}
 */
export function shortText(value, room = 10) {
  const sign = value < 0 ? MINUS : "";
  if (value && Math.abs(value) < SMALLEST)
    return sign + tinyText(Math.abs(value));
  for (let decimals = decimalsFor([value]); decimals >= 0; decimals--) {
    const text = numberText(value, decimals);
    if (text.length <= room) return text;
  }
  return cellText(value, room);
}

/** The same with its sign, for what is added. @param {number} value @param {number} [room] */
export function signedText(value, room) {
  const text = shortText(value, room);
  return value > 0 ? `+${text}` : text;
}

/**
 * Whether a number is shown as it is.
 *
 * @param {number} value
 * @param {string} text
 */
export function isWhole(value, text) {
  const shown = Number(text.replaceAll(MINUS, "-"));
  return Math.abs(shown - value) <= 1e-9 * Math.max(Math.abs(value), 1e-6);
}

/**
 * @typedef {object} Sum  Terms and what they come to, as they are shown.
 * @property {string[]} terms  With a minus sign where they are negative.
 * @property {string} total
 * @property {boolean} exact  Whether the texts say all.
 * @property {string} within  How far the texts fall short of re-adding, or empty.
 */

/**
 * Write a sum with one number of decimals, and say to within what it re-adds.
 *
 * @param {number[]} terms
 * @param {number} total
 * @param {boolean} [cancels]  Whether the total is zero but for rounding.
 * @returns {Sum}
 */
export function sumOf(terms, total, cancels = false) {
  const all = cancels ? terms : [...terms, total];
  const decimals = decimalsFor(all);
  const texts = terms.map((value) => textOf(value, decimals));
  const end = cancels ? "0" : textOf(total, decimals);
  const unit = 10 ** decimals;
  const added = texts.reduce((sum, text) => sum + scaled(text, unit), 0);
  const off = Math.ceil(Math.abs(added - scaled(end, unit)) - 1e-6);
  return {
    terms: texts,
    total: end,
    exact: off <= 0 && allExact(all, decimals),
    within: off > 0 ? `to within ${numberText(off / unit, decimals)}` : "",
  };
}

/** @param {number} value @param {number} decimals */
function textOf(value, decimals) {
  if (!value) return "0";
  const tiny = value !== 0 && Math.abs(value) < SMALLEST;
  return tiny || Math.abs(value) >= 1e7
    ? shortText(value)
    : numberText(value, decimals);
}

/** @param {string} text @param {number} unit */
function scaled(text, unit) {
  return (Number(text.replaceAll(MINUS, "-")) || 0) * unit;
}
