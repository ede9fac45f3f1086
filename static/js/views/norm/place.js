/**
 * Dots stand over their values, at exactly their places. Where they would cover each other they
 * are stacked, each rolling over those before it, so that none jumps while another passes by.
 *
 * @typedef {{x: number, level: number}} Place
 */

/**
 * How far each dot rises over the line.
 *
 * @param {number[]} wanted  Where each dot belongs, in pixels.
 * @param {number} size  The distance that centres keep.
 * @param {{index: number, rise: number} | null} [held]  One that stays as high as it is.
 * @returns {number[]}
 */
export function risesOf(wanted, size, held = null) {
  const rises = wanted.map(() => 0);
  /** @type {number[]} */
  const placed = [];
  if (held) {
    rises[held.index] = held.rise;
    placed.push(held.index);
  }
  wanted.forEach((x, i) => {
    if (i === held?.index) return;
    const taken = placed.flatMap((j) => {
      const aside = Math.abs(wanted[j] - x);
      if (aside >= size) return [];
      const reach = Math.sqrt(size * size - aside * aside);
      return [[rises[j] - reach, rises[j] + reach]];
    });
    rises[i] = lowest(taken);
    placed.push(i);
  });
  return rises;
}

/** The lowest height from 0 that is in none of these intervals. @param {number[][]} taken */
function lowest(taken) {
  taken.sort(([a], [b]) => a - b);
  let height = 0;
  for (const [low, high] of taken)
    if (low < height && high > height) height = high;
  return height;
}

/**
 * Stack dots of one size; a stack that is too high is pressed together, so that dots overlap.
 *
 * @param {number[]} wanted
 * @param {{size: number, levels: number}} room  How many dots may stand over each other.
 * @returns {Place[]}
 */
export function placeDots(wanted, { size, levels }) {
  const rises = risesOf(wanted, size);
  const press = pressed(rises, (levels - 1) * size);
  return wanted.map((x, i) => ({ x, level: (rises[i] * press) / size }));
}

/** By what to multiply heights so that none is above the most. @param {number[]} rises @param {number} most */
export function pressed(rises, most) {
  return Math.min(1, most / Math.max(...rises, 1e-9));
}
