import { boxAt, cellsOf } from "../../boxes.js";

/** @import {Model} from "../../model.js" */

/**
 * Cells that share a statistic: a block of the samples and channels of a tensor.
 *
 * @typedef {object} Share
 * @property {number} turn  The step that makes their statistic.
 * @property {string} letter
 * @property {[first: number, count: number]} samples
 * @property {[first: number, count: number]} channels
 * @property {number[]} cells  In the order in which they are added.
 * @property {number} value  Of the statistic.
 */

/** @type {Record<string, string>} The letters that formulas write for the lengths of the axes. */
const LETTERS = { image: "N", channel: "C", row: "H", column: "W" };
const ALPHABET = 26;

/** A, B ... Z, AA, AB ... @param {number} n @returns {string} */
export function letterOf(n) {
  const last = String.fromCharCode(65 + (n % ALPHABET));
  return n < ALPHABET ? last : letterOf(Math.floor(n / ALPHABET) - 1) + last;
}

/** The phase that makes one number of the cells that share it. @param {Model} model */
export function sharing(model) {
  return model.phases.findIndex(({ combine }) => combine === "mean");
}

/** The tensor that is shared out, and the one that holds what its cells share. @param {Model} model */
export function tensorsOf(model) {
  const phase = model.phases[sharing(model)];
  const [symbol, source] = Object.entries(phase.reads)[0];
  return { phase, symbol, source, statistic: phase.writes };
}

/** @param {Model} model @returns {Share[]} */
export function sharesOf(model) {
  const { phase, symbol, source, statistic } = tensorsOf(model);
  const { shape } = model.tensor(source);
  const { values } = model.tensor(statistic);
  return Array.from({ length: phase.steps }, (_, turn) => {
    const box = boxAt(phase, symbol, turn);
    const [samples, channels] = box;
    return {
      turn,
      letter: letterOf(turn),
      samples: [samples[0], samples[1]],
      channels: [channels[0], channels[1]],
      cells: cellsOf(box, shape),
      value: values[model.written(sharing(model), turn)[0]],
    };
  });
}

/** The share of a cell. @param {Share[]} shares @param {number} index @returns {Share} */
export function shareOf(shares, index) {
  return /** @type {Share} */ (
    shares.find(({ cells }) => cells.includes(index))
  );
}

/**
 * What differs between the norms, in words that are read off the axes.
 *
 * @param {Model} model
 * @returns {{over: string, each: string, apart: boolean}}
 *   The axes of the mean, what has one of its own, and whether samples do not meet in it.
 */
export function wordsOf(model) {
  const { source, statistic } = tensorsOf(model);
  const [{ axes }, kept] = [model.tensor(source), model.tensor(statistic).axes];
  const grouped = kept.includes("group");
  const over = axes
    .filter((axis) => !kept.includes(axis))
    .filter((axis) => !(grouped && axis === "channel"))
    .map((axis) => LETTERS[axis] ?? axis);
  const [{ channels }] = sharesOf(model);
  const all = model.tensor(source).shape[1];
  const partly = grouped ? ` and ${channels[1]} of ${all} channels` : "";
  return {
    over: over.join(", ") + partly,
    each: eachOf(kept),
    apart: kept.includes("image"),
  };
}

/** @param {string[]} kept */
function eachOf(kept) {
  const own = kept.find((axis) => axis !== "image");
  if (!own) return "sample";
  return kept.includes("image") ? `${own} of each sample` : own;
}
