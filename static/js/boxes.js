/** @import {Box, Phase} from "./types.js" */

/**
 * The index of every loop at a step, the innermost fastest.
 *
 * @param {Phase} phase
 * @param {number} n
 * @returns {number[]}
 */
export function turnOf(phase, n) {
  const turn = new Array(phase.loops.length);
  for (let i = phase.loops.length - 1; i >= 0; i--) {
    const turns = phase.loops[i][1];
    turn[i] = n % turns;
    n = (n - turn[i]) / turns;
  }
  return turn;
}

/**
 * The box a symbol stands for at a step.
 *
 * @param {Phase} phase
 * @param {string} symbol
 * @param {number} n
 * @returns {Box}
 */
export function boxAt(phase, symbol, n) {
  if (phase.boxes.length) return phase.boxes[n][symbol];
  const turn = turnOf(phase, n);
  return phase.bind[symbol].map(([start, count, step, moves]) => [
    moves.reduce((at, by, loop) => at + by * turn[loop], start),
    count,
    step,
  ]);
}

/**
 * The cells of a box, row by row, as places in the flattened tensor.
 *
 * @param {Box} box
 * @param {number[]} shape
 * @returns {number[]}
 */
export function cellsOf(box, shape) {
  let places = [0];
  box.forEach(([start, count, step], axis) => {
    const next = [];
    for (const place of places) {
      for (let k = 0; k < count; k++)
        next.push(place * shape[axis] + start + step * k);
    }
    places = next;
  });
  return places;
}

/**
 * One of the cells of a box, in its reading order, as a place in the flattened tensor.
 *
 * @param {Box} box
 * @param {number[]} shape
 * @param {number} place
 */
export function cellIn(box, shape, place) {
  let cell = 0;
  let stride = 1;
  for (let axis = box.length - 1; axis >= 0; axis--) {
    const [start, count, step] = box[axis];
    const k = place % count;
    cell += (start + step * k) * stride;
    stride *= shape[axis];
    place = (place - k) / count;
  }
  return cell;
}

/**
 * The places within a box (in its reading order) at which it shows one cell.
 *
 * @param {Box} box
 * @param {number[]} index  One index an axis.
 * @returns {number[]}
 */
export function placesIn(box, index) {
  let places = [0];
  for (let axis = 0; axis < box.length; axis++) {
    const [start, count, step] = box[axis];
    /** @type {number[]} */
    const found = [];
    for (let k = 0; k < count; k++) {
      if (start + step * k === index[axis]) found.push(k);
    }
    if (!found.length) return [];
    places = places.flatMap((place) => found.map((k) => place * count + k));
  }
  return places;
}

/**
 * @param {number} flat
 * @param {number[]} shape
 * @returns {number[]} One index an axis.
 */
export function unravel(flat, shape) {
  const index = new Array(shape.length);
  for (let axis = shape.length - 1; axis >= 0; axis--) {
    index[axis] = flat % shape[axis];
    flat = (flat - index[axis]) / shape[axis];
  }
  return index;
}

/**
 * @param {Box} box
 * @returns {number} How many cells it reads.
 */
export function sizeOf(box) {
  return box.reduce((size, [, count]) => size * count, 1);
}
