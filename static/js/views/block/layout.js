import { side } from "../../measure.js";
import { belowOf, columnsOf, pairedColumns, sizeOf } from "./columns.js";

/** @import {Model} from "../../model.js" */
/** @import {Graph} from "../graph/structure.js" */
/** @import {Column, Part} from "./columns.js" */

/**
 * @typedef {{x: number, y: number, width: number, height: number}} Area
 * @typedef {Area & {part: number}} Band  What belongs to one operation.
 *
 * @typedef {object} Layout
 * @property {boolean} tall  Whether it is a list from top to bottom.
 * @property {number} cell
 * @property {number} width
 * @property {number} height
 * @property {Map<string, Area>} places  Of the grids, by tensor.
 * @property {Band[]} bands
 * @property {number} lane  Between the two rows; in a list under the last one.
 * @property {number} gutter  Of a list, for lines on both of its sides.
 */

const HEADING = 20;
const [LARGEST, SMALLEST] = [38, 30];
const [NARROWEST_GAP, WIDEST_GAP] = [22, 58];
/** A list is no wider than this. */
const LIST = 440;
const BETWEEN = 38;
const STACKED = 10;
/** What the formula of an operation takes that is in one column. */
const LONE = 96;
/** The name of an operation and, under it, its formula. */
const BAND = 54;
/** In a list they stand beside each other, and bands apart. */
const LISTED = { head: 44, apart: 16 };
/** On both sides of a list, for lines. */
const GUTTER = 25;
/** Between its two columns. */
const ASIDE = 10;
const PAD = 8;
const LINE = 30;

/**
 * Where everything is: in a row from left to right if it fits, else in a list.
 *
 * @param {Model} model
 * @param {Graph} graph
 * @param {Part[]} parts
 * @param {number} width
 * @returns {Layout}
 */
export function layoutOf(model, graph, parts, width) {
  const columns = pairedColumns(graph, columnsOf(graph, parts));
  /** @type {(name: string) => string | null} */
  const below = (name) => belowOf(graph, columns, name);
  const wide = new Map(
    columns.map((column) => [
      column,
      Math.max(
        ...column.names.flatMap((name) =>
          [name, below(name)].map((one) =>
            one ? sizeOf(model, one).columns : 1,
          ),
        ),
      ),
    ]),
  );
  const lone = (/** @type {Column} */ { part: own }) =>
    columns.filter(({ part }) => part === own).length === 1;
  for (let cell = LARGEST; cell >= SMALLEST; cell--) {
    const sizes = columns.map((column) => {
      const least = lone(column) ? LONE : 0;
      return Math.max(least, side(wide.get(column) ?? 1, cell));
    });
    const used = sizes.reduce((all, size) => all + size, 2 * PAD);
    const gap = (width - used) / Math.max(1, columns.length - 1);
    if (gap >= NARROWEST_GAP)
      return row({ model, columns, below, sizes, cell, width, gap });
  }
  return list({ model, columns, below, width });
}

/**
 * @typedef {object} Given
 * @property {Model} model
 * @property {Column[]} columns
 * @property {(name: string) => string | null} below
 * @property {number} width
 *
 * @param {Given & {sizes: number[], cell: number, gap: number}} given
 * @returns {Layout}
 */
function row({ model, columns, below, sizes, cell, width, gap }) {
  const step = Math.min(gap, WIDEST_GAP);
  const high = (/** @type {string} */ name) =>
    side(sizeOf(model, name).rows, cell);
  const all = columns.flatMap(({ names }) => names);
  const upper = Math.max(...all.map(high));
  const lower = Math.max(
    ...all.map((name) => high(below(name) ?? name)),
    ...columns.map(({ names }) => stackHeight(names.map(high))),
  );
  const top = BAND + HEADING;
  /** @type {Map<string, Area>} */
  const places = new Map();
  let x = PAD + Math.max(0, (width - 2 * PAD - total(sizes, step)) / 2);
  const starts = columns.map((column, i) => {
    const start = x;
    const put = stacker(model, places, cell, start, sizes[i]);
    put(column.names, top + upper / 2);
    put(column.names.map(below), top + upper + BETWEEN + lower / 2);
    x += sizes[i] + step;
    return start;
  });
  const height = top + upper + BETWEEN + lower + PAD + 10;
  const bands = bandsOf(columns, (first, last) => {
    const left = starts[first] - (first ? step / 2 - 2 : PAD);
    const end = starts[last] + sizes[last];
    const right = end + (last < columns.length - 1 ? step / 2 - 2 : PAD);
    return { x: left, y: 0, width: right - left, height };
  });
  const lane = top + upper + BETWEEN / 2 - 4;
  return {
    ...{ tall: false, cell, width, height, places, bands, lane },
    gutter: 0,
  };
}

/** @param {number[]} sizes @param {number} gap */
const total = (sizes, gap) =>
  sizes.reduce((all, size) => all + size, gap * (sizes.length - 1));

/** @param {number[]} heights */
const stackHeight = (heights) =>
  heights.reduce((all, height) => all + height, 0) +
  (STACKED + HEADING) * (heights.length - 1);

/**
 * Put grids over each other, around a middle.
 *
 * @param {Model} model
 * @param {Map<string, Area>} places
 * @param {number} cell
 * @param {number} x
 * @param {number} room
 */
function stacker(model, places, cell, x, room) {
  return (
    /** @type {(string | null)[]} */ names,
    /** @type {number} */ middle,
  ) => {
    const areas = names.map((name) => {
      const { rows, columns } = name
        ? sizeOf(model, name)
        : { rows: 1, columns: 1 };
      return { width: side(columns, cell), height: side(rows, cell) };
    });
    let y = middle - stackHeight(areas.map(({ height }) => height)) / 2;
    areas.forEach((area, i) => {
      const name = names[i];
      if (name)
        places.set(name, { x: x + (room - area.width) / 2, y, ...area });
      y += area.height + STACKED + HEADING;
    });
  };
}

/**
 * The parts that columns belong to.
 *
 * @param {Column[]} columns
 * @param {(first: number, last: number) => Area} around
 */
function bandsOf(columns, around) {
  const parts = [...new Set(columns.map(({ part }) => part))];
  return parts.map((part) => {
    const own = columns.flatMap((column, i) => (column.part === part ? i : []));
    return { part, ...around(own[0], own[own.length - 1]) };
  });
}

/**
 * Values at the left, gradients at the right of them, one node under the other.
 *
 * @param {Given} given
 * @returns {Layout}
 */
function list({ model, columns, below, width: room }) {
  const width = Math.min(room, LIST);
  const most = Math.max(
    ...columns.flatMap(({ names }) =>
      names.map((name) => sizeOf(model, name).columns),
    ),
  );
  const half = (width - 2 * GUTTER - ASIDE) / 2;
  const cell = Math.min(
    LARGEST,
    Math.max(1, Math.floor((half + 2) / most) - 2),
  );
  const right = (width + ASIDE) / 2;
  /** @type {Map<string, Area>} */
  const places = new Map();
  let y = 0;
  let part = -1;
  const rows = columns.map((column) => {
    if (column.part !== part) y += LISTED.head + (part < 0 ? 0 : LISTED.apart);
    part = column.part;
    const start = y;
    for (const name of column.names) {
      const pair = [name, below(name)];
      const heights = pair.map((one) => {
        if (!one) return 0;
        const size = sizeOf(model, one);
        const area = {
          width: side(size.columns, cell),
          height: side(size.rows, cell),
        };
        const x = one === name ? GUTTER : right;
        places.set(one, { x, y: y + HEADING, ...area });
        return area.height;
      });
      y += HEADING + Math.max(...heights) + LINE - HEADING;
    }
    return { start, end: y };
  });
  const bands = bandsOf(columns, (first, last) => {
    const top = rows[first].start - LISTED.head;
    return { x: 0, y: top, width, height: rows[last].end - top };
  });
  const lane = y - 4;
  return {
    ...{ tall: true, cell, width, height: y, places, bands, lane },
    gutter: GUTTER,
  };
}
