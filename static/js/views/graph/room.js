/** @import {Box, Label, Layout, Point, Wire} from "./layout.js" */

/** @typedef {[left: number, top: number, right: number, bottom: number]} Sides */

/** The terms of a sum that cancels take two short lines below the gradient. */
const TERMS = { width: 116, top: 25, height: 28 };
/** The line of a value or of a gradient, from the edge on. */
const LINE = 26;
const APART = 3;

/**
 * The edges that have room for more lines of text below their numbers: no node, no line and no
 * other text is in the way.
 *
 * @param {Omit<Layout, "roomy">} layout
 * @returns {Set<Wire>}
 */
export function roomyOf({ wires, boxes, totals, fans }) {
  const things = [...boxes.values(), ...totals.values(), ...fans.values()];
  const taken = [
    ...things.map(sidesOf),
    ...wires.flatMap(({ points }) => partsOf(points)),
  ];
  const free = wires.filter((wire) => {
    if (wire.label.anchor !== "middle") return false;
    const own = termsAt(wire.label);
    const texts = wires
      .filter((other) => other !== wire)
      .map(({ label }) => textsAt(label));
    return ![...taken, ...texts].some((other) => meet(own, other));
  });
  return new Set(free);
}

/** @param {Label} label @returns {Sides} */
function termsAt({ x, y }) {
  const { width, top, height } = TERMS;
  return [x - width / 2, y + top, x + width / 2, y + top + height];
}

/** The numbers of an edge. @param {Label} label @returns {Sides} */
function textsAt({ x, y, anchor, room }) {
  const left = { start: x, middle: x - room / 2, end: x - room }[anchor];
  return [left, y - LINE, left + room, y + LINE];
}

/** @param {Box} box @returns {Sides} */
function sidesOf({ x, y, width, height }) {
  return [x - width / 2, y - height / 2, x + width / 2, y + height / 2];
}

/** The straight parts of a line. @param {Point[]} points @returns {Sides[]} */
function partsOf(points) {
  return points.slice(1).map(([x, y], i) => {
    const [before, above] = points[i];
    return [
      Math.min(x, before),
      Math.min(y, above),
      Math.max(x, before),
      Math.max(y, above),
    ];
  });
}

/** @param {Sides} one @param {Sides} other */
function meet(one, other) {
  const [left, top, right, bottom] = one;
  return (
    left - APART < other[2] &&
    other[0] - APART < right &&
    top - APART < other[3] &&
    other[1] - APART < bottom
  );
}
