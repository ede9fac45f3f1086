/** @import {Model} from "../../model.js" */
/** @import {Player} from "../../player.js" */

/**
 * What a training consists of, read off its phases.
 *
 * @typedef {object} Course  A value that follows another one from batch to batch.
 * @property {number} phase
 * @property {string} running  Its tensor, with one cell more: that before the first batch.
 * @property {string} follows
 *
 * @typedef {object} Parts
 * @property {string} source  The batches.
 * @property {string} mean
 * @property {string} variance
 * @property {Course[]} courses
 * @property {string | null} level  What the batches were drawn from, where that is known.
 */

/**
 * @param {Model} model
 * @returns {Parts}
 */
export function partsOf(model) {
  const names = Object.keys(model.tensors);
  const axesOf = (/** @type {string} */ name) => model.tensor(name).axes.length;
  const source = /** @type {string} */ (
    names.find((name) => model.given(name) && axesOf(name) === 2)
  );
  const [mean, variance] = model.phases
    .filter(({ reads }) => Object.values(reads).includes(source))
    .map(({ writes }) => writes);
  const courses = model.phases.flatMap(({ reads, writes }, phase) => {
    const read = Object.values(reads);
    const follows = read.find((name) => name !== writes && axesOf(name) === 1);
    return read.includes(writes) && follows
      ? [{ phase, running: writes, follows }]
      : [];
  });
  const level = names.find((name) => model.given(name) && axesOf(name) === 1);
  return { source, mean, variance, courses, level: level ?? null };
}

/**
 * How far the batches have come.
 *
 * @typedef {object} Feed
 * @property {number} fed  Batches that have moved what runs.
 * @property {number} now  The batch in hand, or -1.
 * @property {number} arrived  Its samples that have come.
 */

/**
 * @param {Player} player
 * @returns {Feed}
 */
export function feedOf({ position, complete, term }) {
  return {
    fed: complete ? position : position - 1,
    now: position - 1,
    arrived: complete ? Infinity : term,
  };
}
