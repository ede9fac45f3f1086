/**
 * Dots that would cover each other are stacked over their line; where a stack would be too high,
 * they move aside, no further than they must.
 *
 * @typedef {{x: number, level: number}} Place
 */

/**
 * @param {number[]} wanted  Where each dot belongs, in pixels.
 * @param {{size: number, levels: number, low: number, high: number}} room
 *   The room that a dot takes, how many may stand over each other, and the ends of the line.
 * @returns {Place[]}
 */
export function placeDots(wanted, { size, levels, low, high }) {
  const order = wanted.map((_, i) => i);
  order.sort((a, b) => wanted[a] - wanted[b] || a - b);
  /** @type {number[][]} */
  const lanes = Array.from({ length: levels }, () => []);
  const ends = lanes.map(() => -Infinity);
  for (const i of order) {
    const needs = ends.map((end) => Math.max(0, end + size - wanted[i]));
    const level = needs.indexOf(Math.min(...needs));
    lanes[level].push(i);
    ends[level] = wanted[i] + needs[level];
  }
  /** @type {Place[]} */
  const places = [];
  lanes.forEach((lane, level) => {
    const spread = apart(
      lane.map((i) => wanted[i]),
      size,
    );
    const end = spread[spread.length - 1];
    const shift = Math.max(low - spread[0], Math.min(0, high - end));
    lane.forEach((i, n) => (places[i] = { x: spread[n] + shift, level }));
  });
  return places;
}

/**
 * Places in this order and at least so far apart, together as near as can be to where they belong.
 *
 * @param {number[]} wanted  In rising order.
 * @param {number} size
 */
export function apart(wanted, size) {
  /** @type {{sum: number, count: number}[]} */
  const blocks = [];
  const mean = (/** @type {{sum: number, count: number}} */ block) =>
    block.sum / block.count;
  wanted.forEach((at, n) => {
    let block = { sum: at - n * size, count: 1 };
    while (blocks.length && mean(blocks[blocks.length - 1]) > mean(block)) {
      const before = /** @type {typeof block} */ (blocks.pop());
      block = {
        sum: before.sum + block.sum,
        count: before.count + block.count,
      };
    }
    blocks.push(block);
  });
  return blocks
    .flatMap((block) => Array(block.count).fill(mean(block)))
    .map((at, n) => at + n * size);
}
