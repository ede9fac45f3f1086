import { valueAt } from "./picture.js";

/** @import {Picture} from "./picture.js" */

const SIDE = 9;

/**
 * The address of Explore with the pixels around a point as its input, at the same window.
 *
 * @param {Picture} picture
 * @param {{row: number, column: number}} point
 * @param {{id: string, rows: number, columns: number}} filter
 * @param {string} mode
 * @returns {string}
 */
export function exploreLink(picture, point, filter, mode) {
  const height = Math.min(SIDE, picture.height);
  const width = Math.min(SIDE, picture.width);
  const top = startOf(point.row, height, picture.height);
  const left = startOf(point.column, width, picture.width);
  const query = new URLSearchParams({
    x: "blank",
    w: `${width}`,
    h: `${height}`,
    d: `${picture.channels.length}`,
    fx: filter.id,
    fw: `${filter.columns}`,
    fh: `${filter.rows}`,
    k: "1",
    p: "0",
    mode,
    bias: "0",
  });
  const step = stepOf(
    { row: point.row - top, column: point.column - left },
    { width, height },
    filter,
  );
  if (step !== null) query.set("t", `${step}`);
  /** @type {string[]} */
  const runs = [];
  for (let channel = 0; channel < picture.channels.length; channel++) {
    for (let row = 0; row < height; row++) {
      const values = Array.from({ length: width }, (_, column) =>
        valueAt(picture, top + row, left + column, channel),
      );
      runs.push(`${channel}.${row}.0:${values.join(",")}`);
    }
  }
  return `/explore?${query}#x=${runs.join(";")}`;
}

/**
 * The step, counted from 1, whose window has the point in its middle; null at the very border.
 *
 * @param {{row: number, column: number}} point
 * @param {{width: number, height: number}} patch
 * @param {{rows: number, columns: number}} filter
 */
function stepOf(point, patch, filter) {
  const row = point.row - Math.floor((filter.rows - 1) / 2);
  const column = point.column - Math.floor((filter.columns - 1) / 2);
  const [rows, columns] = [
    patch.height - filter.rows + 1,
    patch.width - filter.columns + 1,
  ];
  if (row < 0 || column < 0 || row >= rows || column >= columns) return null;
  return row * columns + column + 1;
}

/**
 * Where a stretch begins that has the point in its middle but never leaves the picture.
 *
 * @param {number} point
 * @param {number} length
 * @param {number} size
 */
function startOf(point, length, size) {
  return Math.max(0, Math.min(point - Math.floor(length / 2), size - length));
}
