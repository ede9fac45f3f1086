/**
 * One scale for all number lines.
 *
 * @typedef {object} Scale
 * @property {number} low
 * @property {number} high
 * @property {number} step  From tick to tick.
 * @property {number[]} ticks
 */

/** How far apart ticks should stand at least, in pixels; nearer where there is little room. */
const BETWEEN = 60;
const LITTLE = 420;
/** A scale that is kept may be so many times as long as it needs to be. */
const LOOSE = 1.6;

/**
 * The smallest of 1, 2 and 5, times a power of ten, that is no less.
 *
 * @param {number} least
 */
export function niceStep(least) {
  const power = 10 ** Math.floor(Math.log10(least));
  const lead = [1, 2, 5].find((n) => n * power >= least * (1 - 1e-9)) ?? 10;
  return lead * power;
}

/**
 * Choose a scale on which all of these have a place, with half a step of room at both ends.
 *
 * @param {number[]} values
 * @param {number} width  In pixels.
 * @returns {Scale}
 */
export function scaleOf(values, width) {
  let low = Math.min(...values);
  let high = Math.max(...values);
  if (!(high > low)) {
    const room = Math.abs(low) / 2 || 1;
    low -= room;
    high += room;
  }
  const most = Math.max(
    2,
    Math.floor(width / (width < LITTLE ? BETWEEN / 1.25 : BETWEEN)),
  );
  let step = niceStep((high - low) / most);
  let first = Math.floor(low / step - 0.5);
  let last = Math.ceil(high / step + 0.5);
  if (last - first > most + 1) {
    step = niceStep(step * 1.1);
    first = Math.floor(low / step - 0.5);
    last = Math.ceil(high / step + 0.5);
  }
  return between(first, last, step);
}

/**
 * @param {number} first  In steps.
 * @param {number} last
 * @param {number} step
 * @returns {Scale}
 */
function between(first, last, step) {
  const tick = (/** @type {number} */ n) => cleaned(n * step, step);
  const ticks = Array.from({ length: last - first + 1 }, (_, n) =>
    tick(first + n),
  );
  return { low: ticks[0], high: ticks[ticks.length - 1], step, ticks };
}

/** Without what binary rounding left: 0.3 and not 0.30000000000000004. @param {number} value @param {number} step */
function cleaned(value, step) {
  const decimals = Math.min(20, Math.max(0, -Math.floor(Math.log10(step))));
  return Number(value.toFixed(decimals));
}

/**
 * Keep a scale for as long as all values have a place on it; while it is held, it may grow only.
 *
 * @param {Scale | null} kept
 * @param {number[]} values
 * @param {number} width
 * @param {boolean} held
 * @returns {Scale}
 */
export function keptScale(kept, values, width, held) {
  if (!kept) return scaleOf(values, width);
  const inside = values.every((n) => n >= kept.low && n <= kept.high);
  if (held)
    return inside ? kept : scaleOf([...values, kept.low, kept.high], width);
  const fresh = scaleOf(values, width);
  const loose = kept.high - kept.low > LOOSE * (fresh.high - fresh.low);
  return inside && !loose ? kept : fresh;
}

/**
 * By how much an arrow key moves a value, and to which multiples a pointer does: 0.1 on scales of
 * everyday size, and a tenth of a power of ten on others.
 *
 * @param {Scale} scale
 */
export function snapOf({ step }) {
  if (step >= 0.5 && step <= 10) return 0.1;
  return 10 ** (Math.floor(Math.log10(step) + 1e-9) - 1);
}

/**
 * A value at the nearest multiple of a unit.
 *
 * @param {number} value
 * @param {number} unit
 */
export function snapped(value, unit) {
  return cleaned(Math.round(value / unit) * unit, unit);
}
