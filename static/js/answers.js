import { parseNumber } from "./format.js";

/**
 * Comparing what a student typed with the answers of a question.
 *
 * @typedef {"number" | "text"} Kind
 */

/**
 * Read a number as people answer with it: 3, 3.0, 2,5, 34,944, "5 columns". Null is no number.
 *
 * @param {string} text
 * @returns {number | null}
 */
export function readNumber(text) {
  const bare = text.trim().replace(/\s*\p{L}+$/u, "");
  const thousands = /^\D?\d{1,3}(,\d{3})+(\.\d+)?$/.test(bare);
  return parseNumber(thousands ? bare.replaceAll(",", "") : bare);
}

/**
 * Fold a text so that 3x3, 3 × 3 and "3 X 3" are one answer, as app/lesson_question.py does.
 *
 * @param {string} text
 * @returns {string}
 */
export function folded(text) {
  return text
    .toLowerCase()
    .replaceAll("×", "x")
    .replaceAll("−", "-")
    .replace(/\s+/g, "");
}

/**
 * Say whether a guess is the answer of that key. An answer with decimals may be rounded to two.
 *
 * @param {string} guess
 * @param {string} key
 * @param {Kind} kind
 * @returns {boolean}
 */
export function isAnswer(guess, key, kind) {
  if (kind === "text") return folded(guess) === key;
  const value = readNumber(guess);
  const answer = Number(key);
  if (value === null) return false;
  return Math.abs(value - answer) <= (Number.isInteger(answer) ? 0 : 0.005);
}
