import { placeDots } from "./place.js";
import { keptScale } from "./scale.js";

/** @import {NormReply} from "./types.js" */
/** @import {Scale} from "./scale.js" */

/**
 * Where everything on the number lines stands.
 *
 * @typedef {object} Line
 * @property {string} name  Of the tensor.
 * @property {number[]} values
 * @property {string | null} edits
 * @property {number | null} mean
 * @property {number | null} std
 *
 * @typedef {object} Row
 * @property {Line} line
 * @property {number} y  Of the line itself.
 * @property {number} levels  How many dots stand over each other at most.
 * @property {{x: number, y: number, at: number}[]} dots  Their centres, and where they belong.
 *
 * @typedef {object} Layout
 * @property {Scale} scale
 * @property {Row[]} rows
 * @property {number} width
 * @property {number} height
 * @property {number} left
 * @property {number} right
 * @property {number} radius
 * @property {boolean} narrow
 * @property {boolean} compact
 * @property {(value: number) => number} x  The place of a value.
 * @property {(x: number) => number} value  And the reverse.
 */

const MANY = 8;
const NARROW = 620;

/**
 * The lines of a reply: what has a mean and a spread of its own, and what can be set.
 *
 * @param {NormReply} reply
 * @returns {Line[]}
 */
export function linesOf({ table, tensors, names }) {
  return table
    .filter(
      ({ key, edits }) =>
        key in tensors &&
        !tensors[key].gradientOf &&
        (`mean_${key}` in names || edits),
    )
    .map(({ key, values, edits }) => ({
      name: key,
      values,
      edits,
      mean: names[`mean_${key}`] ?? null,
      std: names[`std_${key}`] ?? null,
    }));
}

/**
 * @param {Line[]} lines
 * @param {number} width
 * @param {Layout | null} before
 * @param {{held: boolean, compact: boolean}} how
 *   While a dot is held, nothing moves that need not; compact: as low as can be.
 * @returns {Layout}
 */
export function layOut(lines, width, before, { held, compact }) {
  const narrow = width < NARROW;
  const many = lines[0].values.length > MANY;
  const radius = many ? 11 : narrow ? 12 : 13;
  const size = 2 * radius + 1;
  const left = narrow ? radius + 3 : 116;
  const right = width - (narrow ? radius + 3 : 168);
  const kept = before?.width === width ? before.scale : null;
  const scale = keptScale(kept, spanned(lines), right - left, held);
  const perPixel = (scale.high - scale.low) / (right - left);
  const x = (/** @type {number} */ value) =>
    left + (value - scale.low) / perPixel;
  const value = (/** @type {number} */ at) =>
    scale.low + (at - left) * perPixel;
  let y = 0;
  const rows = lines.map((line, n) => {
    const room = {
      size,
      levels: compact ? 2 : many ? 4 : 3,
      low: left,
      high: right,
    };
    const wanted = line.values.map(x);
    const places = placeDots(wanted, room);
    const used = 1 + Math.max(...places.map(({ level }) => level));
    const reserved = held ? (before?.rows[n]?.levels ?? 1) : 1;
    const levels = Math.max(used, reserved);
    y += (narrow ? 24 : compact ? 6 : 16) + levels * size;
    const centre = y - radius;
    y += narrow || compact ? 8 : 24;
    const dots = places.map((place, i) => ({
      x: place.x,
      y: centre - place.level * size,
      at: wanted[i],
    }));
    return { line, y: centre, levels, dots };
  });
  const height = y + 18;
  return {
    ...{
      scale,
      rows,
      width,
      height,
      left,
      right,
      radius,
      narrow,
      compact,
      x,
      value,
    },
  };
}

/** All that must have a place: the values, and the bands around their means. @param {Line[]} lines */
function spanned(lines) {
  return lines.flatMap(({ values, mean, std }) =>
    mean === null || std === null
      ? values
      : [...values, mean - std, mean + std],
  );
}
