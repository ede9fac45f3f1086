import { unravel } from "../../boxes.js";

/** @import {Model} from "../../model.js" */
/** @import {Box, Tensor} from "../../types.js" */
/** @import {Plane} from "../grid.js" */
/** @import {Drawn} from "./variables.js" */

/**
 * One plane of a drawn tensor: rows and columns at one index of all other axes.
 *
 * @typedef {object} Slice
 * @property {Drawn} drawn
 * @property {number[]} index  Of the axes before the rows.
 * @property {Plane} plane  What its grid is made of.
 * @property {string} tag  "channel 2", or nothing where there is one plane only.
 * @property {number} first  Where its cells begin in the wide tensor.
 */

/** How many of the planes are shown: all, those of one filter, or one. */
export const CHOICES = /** @type {const} */ (["all", "filter", "one"]);

/** In the order in which a plane's name counts them. */
const COUNTED = ["filter", "map", "channel"];

/** Rows and columns of a plane. @param {Tensor} tensor @returns {[number, number]} */
export function planeSize({ axes, shape }) {
  const last = shape[shape.length - 1];
  return axes.includes("row") ? [shape[shape.length - 2], last] : [1, last];
}

/** The axes before those of a plane. @param {Tensor} tensor */
export function outerAxes({ axes }) {
  return axes.slice(0, axes.includes("row") ? -2 : -1);
}

/**
 * The planes of a tensor that are shown.
 *
 * @param {Model} model
 * @param {Drawn} drawn
 * @param {(typeof CHOICES)[number]} choice
 * @param {Record<string, number>} inHand  The index along each axis where not all are shown.
 * @returns {Slice[]}
 */
export function slicesOf(model, drawn, choice, inHand) {
  const tensor = model.tensor(drawn.name);
  const outer = outerAxes(tensor);
  const named = namedAxes(model, tensor);
  const shape = tensor.shape.slice(0, outer.length);
  const count = shape.reduce((product, size) => product * size, 1);
  const one = (/** @type {string} */ axis) =>
    axis === "image" ||
    choice === "one" ||
    (choice === "filter" && axis === "filter");
  const slices = [];
  for (let flat = 0; flat < count; flat++) {
    const index = unravel(flat, shape);
    const shown = outer.every(
      (axis, i) =>
        !one(axis) || index[i] === Math.min(inHand[axis] ?? 0, shape[i] - 1),
    );
    if (shown) slices.push(sliceAt(model, drawn, named, index, flat, one));
  }
  return slices;
}

/**
 * @param {Model} model
 * @param {Drawn} drawn
 * @param {ReturnType<typeof namedAxes>} axes
 * @param {number[]} index
 * @param {number} flat
 * @param {(axis: string) => boolean} one
 * @returns {Slice}
 */
function sliceAt(model, drawn, axes, index, flat, one) {
  const tensor = model.tensor(drawn.name);
  const [rows, columns] = planeSize(tensor);
  const [height, width] = planeSize(model.tensor(drawn.wide));
  const parts = axes.map(({ of, at, count }) => ({
    of,
    axis: of === "filter" ? "" : of,
    text: `${index[at] + 1}`,
    count,
  }));
  const named = parts.map(({ axis, text }) => (axis ? ` ${axis} ${text}` : ""));
  const tag = parts
    .map(({ axis, text, count, of }) =>
      one(of) && count > 1
        ? `${axis || of} ${text} of ${count}`
        : `${axis || of} ${text}`,
    )
    .join(", ")
    .replace(/, channel/, ", ch.");
  return {
    drawn,
    index,
    tag,
    first: flat * height * width,
    plane: {
      label:
        tensor.label +
        parts.map((part, i) => named[i] || ` ${part.text}`).join(""),
      first: { tensor: drawn.name, index: flat * rows * columns },
      rows,
      columns,
      editable: drawn.editable,
      ring: drawn.ring,
      caption: "none",
    },
  };
}

/**
 * What the names of a tensor's planes count: the filter by its bare number, then maps and channels
 * by their axis.
 *
 * @param {Model} model
 * @param {Tensor} tensor
 */
function namedAxes(model, tensor) {
  const outer = outerAxes(tensor);
  const channels = Math.max(
    ...Object.values(model.tensors).map(({ axes, shape }) =>
      axes.includes("channel") ? shape[axes.indexOf("channel")] : 1,
    ),
  );
  const every = channels > 1 && outer.includes("filter");
  const rank = (/** @type {{of: string}} */ { of }) => COUNTED.indexOf(of);
  return outer
    .map((of, at) => ({ of, at, count: tensor.shape[at] }))
    .filter(({ of, count }) => of !== "image" && (count > 1 || every))
    .sort((one, other) => rank(one) - rank(other));
}

/**
 * Where a box of a tensor lies on a plane of it: along rows and columns of the plane with its
 * ring, or null if it is elsewhere.
 *
 * @param {Slice} slice
 * @param {string} tensor  The tensor of the plane, or the one with its padding.
 * @param {Box} box
 * @returns {{row: number, column: number, rows: number, columns: number, step: [number, number]} | null}
 */
export function boxOn(slice, tensor, box) {
  const { drawn, index, plane } = slice;
  const inner = tensor === drawn.name && drawn.wide !== drawn.name;
  const [top, , left] = inner ? plane.ring : [0, 0, 0];
  for (let axis = 0; axis < index.length; axis++) {
    const [start, count, step] = box[axis];
    const at = step ? (index[axis] - start) / step : index[axis] - start;
    if (!Number.isInteger(at) || at < 0 || at >= (step ? count : 1))
      return null;
  }
  const [row, column] =
    box.length - index.length === 2
      ? box.slice(-2)
      : [/** @type {const} */ ([0, 1, 1]), box[box.length - 1]];
  const along = (/** @type {readonly number[]} */ [start, count, step]) => {
    const taps = step ? count : 1;
    const by = Math.abs(step) || 1;
    return { at: step < 0 ? start - (count - 1) * by : start, taps, by };
  };
  const [r, c] = [along(row), along(column)];
  return {
    row: r.at + top,
    column: c.at + left,
    rows: r.taps,
    columns: c.taps,
    step: [r.by, c.by],
  };
}

/**
 * The places of cells of a tensor on a plane with its ring.
 *
 * @param {Slice} slice
 * @param {string} tensor
 * @param {Iterable<number>} cells
 */
export function placesOn({ drawn, first, plane }, tensor, cells) {
  const [top, bottom, left, right] = plane.ring;
  const width = plane.columns + left + right;
  const all = width * (plane.rows + top + bottom);
  const count = plane.rows * plane.columns;
  const places = [];
  for (const cell of cells) {
    if (tensor === drawn.wide) {
      if (cell >= first && cell < first + all) places.push(cell - first);
      continue;
    }
    const own = cell - plane.first.index;
    if (tensor !== drawn.name || own < 0 || own >= count) continue;
    const row = Math.floor(own / plane.columns) + top;
    places.push(row * width + (own % plane.columns) + left);
  }
  return places;
}
