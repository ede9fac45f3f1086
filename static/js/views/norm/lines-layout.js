import { pressed, risesOf } from "./place.js";
import { keptScale } from "./scale.js";
import { placeTags } from "./tags.js";

/** @import {NormReply} from "./types.js" */
/** @import {Scale} from "./scale.js" */
/** @import {Tag} from "./tags.js" */

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
 * @property {number} top  Of the room over it.
 * @property {number} radius  Of its dots.
 * @property {"full" | "small" | "index" | "none"} names  How much of their names they hold.
 * @property {{x: number, y: number, reach: number}[]} dots  Their centres, and how near is theirs.
 * @property {(Tag | null)[]} tags  Names beside dots that hold none.
 *
 * @typedef {{row: number, index: number, rise: number}} Held  A dot, and how high it stays.
 *
 * @typedef {object} Layout
 * @property {Scale} scale
 * @property {Row[]} rows
 * @property {number} width
 * @property {number} height
 * @property {number} left
 * @property {number} right
 * @property {number} radius  Of a dot that has room.
 * @property {boolean} narrow
 * @property {boolean} compact
 * @property {(value: number) => number} x  The place of a value.
 * @property {(x: number) => number} value  And the reverse.
 */

const MANY = 8;
const NARROW = 620;
/** How high the dots of a row may be stacked, and what is between two of them. */
const ROOM = { few: 66, many: 92, narrow: 60, compact: 40 };
const GAP = 1.5;
/** Dots become smaller where a stack would be too high; the least are pressed together. */
const RADII = [11, 9.5, 8, 6.5, 6];
const LEAST = 4.5;
/** What is nearer to a dot than this belongs to it, unless another dot is near as well. */
const REACH = 12;

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
 * @param {{held: Held | null, compact: boolean}} how
 *   While a dot is held, nothing moves that need not; compact: as low as can be.
 * @returns {Layout}
 */
export function layOut(lines, width, before, { held, compact }) {
  const narrow = width < NARROW;
  const count = lines[0].values.length;
  const many = count > MANY;
  const radius = compact ? 10 : many ? 11 : narrow ? 12 : 13;
  const left = narrow ? radius + 3 : 116;
  const right = width - (narrow ? radius + 3 : 168);
  const kept = before?.width === width ? before.scale : null;
  const scale = keptScale(kept, spanned(lines), right - left, Boolean(held));
  const perPixel = (scale.high - scale.low) / (right - left);
  const x = (/** @type {number} */ value) =>
    left + (value - scale.low) / perPixel;
  const value = (/** @type {number} */ at) =>
    scale.low + (at - left) * perPixel;
  // The same for all values, so that nothing below moves with a dot.
  const size = compact ? "compact" : many ? "many" : narrow ? "narrow" : "few";
  const room = count === 1 ? 2 * radius : ROOM[size];
  let y = 0;
  const rows = lines.map((line, n) => {
    const top = y + (narrow ? 24 : compact ? 3 : 8);
    const centre = top + room - radius;
    y = top + room + (narrow || compact ? 8 : 18);
    const most = held ? (before?.rows[n]?.radius ?? radius) : radius;
    const pinned = held?.row === n ? held : null;
    const wanted = line.values.map(x);
    const high = room - radius;
    const stack = stackOf(wanted, { most, high, pinned });
    const names = namesIn(stack.radius, count);
    const dots = wanted.map((at, i) => ({
      ...{ x: at, y: centre - stack.rises[i], reach: REACH },
    }));
    for (const [i, dot] of dots.entries())
      for (const other of dots.slice(i + 1)) {
        const half = Math.hypot(dot.x - other.x, dot.y - other.y) / 2;
        for (const one of [dot, other])
          one.reach = Math.max(stack.radius, Math.min(one.reach, half));
      }
    const box = { left: 0, right: width, top, bottom: y };
    const tags = names === "none" ? placeTags(dots, stack.radius, box) : [];
    return { ...{ line, y: centre, top, names, dots, tags }, ...stack };
  });
  const height = y + 18;
  return {
    ...{ scale, rows, width, height, left, right },
    ...{ radius, narrow, compact, x, value },
  };
}

/**
 * The largest dots whose stacks have room.
 *
 * @param {number[]} wanted
 * @param {{most: number, high: number, pinned: {index: number, rise: number} | null}} room
 *   The radius at most, and how far the top of a dot may be above the line.
 */
function stackOf(wanted, { most, high, pinned }) {
  for (const radius of [most, ...RADII.filter((radius) => radius < most)]) {
    const rises = risesOf(wanted, 2 * radius + GAP, pinned);
    if (Math.max(...rises) + radius <= high) return { radius, rises };
  }
  const rises = risesOf(wanted, 2 * LEAST + GAP);
  const press = pressed(rises, high - LEAST);
  return {
    radius: LEAST,
    rises: rises.map((rise, i) =>
      i === pinned?.index ? pinned.rise : rise * press,
    ),
  };
}

/** @param {number} radius @param {number} count  Of the dots. @returns {Row["names"]} */
function namesIn(radius, count) {
  const digits = `${count}`.length;
  if (radius >= 10 + digits) return digits > 1 ? "small" : "full";
  if (radius >= 9 && digits === 1) return "small";
  return radius >= 5.5 + digits / 2 ? "index" : "none";
}

/** All that must have a place: the values, and the bands around their means. @param {Line[]} lines */
function spanned(lines) {
  return lines.flatMap(({ values, mean, std }) =>
    mean === null || std === null
      ? values
      : [...values, mean - std, mean + std],
  );
}
