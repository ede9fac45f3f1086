import { unravel } from "../../boxes.js";
import { side } from "../../measure.js";

/** @import {Share} from "./shares.js" */

/**
 * Where everything lies in the picture of a tensor: samples downwards, channels across.
 *
 * @typedef {object} MapsLayout
 * @property {number} cell
 * @property {boolean} compact  Whether tags hold the number alone.
 * @property {number} width
 * @property {number} height
 * @property {{x: number, y: number, width: number, height: number}} tile  The first; see `step`.
 * @property {{x: number, y: number}} step  From one tile to the next.
 *
 * @typedef {{x: number, y: number, width: number, height: number}} Rect
 */

/** Room for the names of channels over the tiles, and for a tag in each. */
const HEAD = 22;
const TAG = 22;
/** Room for the names of samples, left of the tiles. */
const GUTTER = 56;
/** Within a tile around its cells, and between two tiles. */
const PAD = 7;
const BETWEEN = 8;
const CELLS = { most: 44, well: 30, least: 24 };
/** What a tag needs with its letter and sign, and what its number needs alone. */
const TAGGED = 88;
const LEAST = 62;

/**
 * @param {number[]} shape  Samples, channels, rows and columns.
 * @param {number} room  The width that there is.
 * @returns {MapsLayout}
 */
export function layoutOf([samples, channels, rows, columns], room) {
  const gutter = room < 400 ? 16 : GUTTER;
  const across = (room - gutter + BETWEEN) / channels - BETWEEN;
  const fitting = Math.floor((across - 2 * PAD + 2) / columns) - 2;
  const cell = Math.max(CELLS.least, Math.min(CELLS.most, fitting));
  const needed = side(columns, cell) + 2 * PAD;
  const width = Math.max(needed, Math.min(TAGGED, Math.floor(across)), LEAST);
  const height = TAG + side(rows, cell) + PAD;
  const step = { x: width + BETWEEN, y: height + BETWEEN };
  return {
    cell,
    compact: width < TAGGED,
    width: gutter + channels * step.x - BETWEEN,
    height: HEAD + samples * step.y - BETWEEN,
    tile: { x: gutter, y: HEAD, width, height },
    step,
  };
}

/**
 * Whether a tensor has room for cells that are read well.
 *
 * @param {number[]} shape
 * @param {number} room
 */
export function isRoomy(shape, room) {
  const { width, cell } = layoutOf(shape, room);
  return width <= room && cell >= CELLS.well;
}

/**
 * Where the cells of a tile begin.
 *
 * @param {MapsLayout} layout
 * @param {number} columns
 */
export function cellsStart({ tile, cell }, columns) {
  return { x: (tile.width - side(columns, cell)) / 2, y: TAG };
}

/**
 * The frame around all tiles of a share: they always lie side by side.
 *
 * @param {MapsLayout} layout
 * @param {Share} share
 * @returns {Rect}
 */
export function frameOf({ tile, step }, { samples, channels }) {
  return {
    x: tile.x + channels[0] * step.x,
    y: tile.y + samples[0] * step.y,
    width: channels[1] * step.x - BETWEEN,
    height: samples[1] * step.y - BETWEEN,
  };
}

/**
 * The place of a cell in the raster that the whole picture is: row by row across all channels.
 *
 * @param {number} index  In the flattened tensor.
 * @param {number[]} shape
 */
export function rasterOf(index, shape) {
  const [n, c, row, column] = unravel(index, shape);
  const [, channels, rows, columns] = shape;
  return (n * rows + row) * channels * columns + c * columns + column;
}

/**
 * The cell at a place of the raster.
 *
 * @param {number} own
 * @param {number[]} shape
 */
export function indexAt(own, [, channels, rows, columns]) {
  const [line, at] = [
    Math.floor(own / (channels * columns)),
    own % (channels * columns),
  ];
  const [n, c] = [Math.floor(line / rows), Math.floor(at / columns)];
  return ((n * channels + c) * rows + (line % rows)) * columns + (at % columns);
}
