import { HEAD, fit, leastWidth, moved, placeMaps, side } from "./measure.js";

/**
 * Where everything of a picture stands. Pure geometry, in CSS pixels.
 *
 * Three arrangements: "row" (one channel: input, filter, products, output beside each other),
 * "columns" (channels beside each other, filter and products under each, output at the right),
 * "stack" (narrow: input above, filter, products and output below).
 *
 * @typedef {object} Content
 * @property {number} rows  Of the input, padding included.
 * @property {number} columns
 * @property {number} channels
 * @property {{rows: number, columns: number} | null} filter
 * @property {{rows: number, columns: number}} window  The products.
 * @property {{count: number, rows: number, columns: number}} maps
 * @property {number} results  Lines of the list of partial sums.
 * @property {number} bias  Biases to show.
 * @property {boolean} stops  Whether the stops are drawn as bars under the input.
 *
 * @typedef {{x: number, y: number, plain?: boolean}} Point  Plain: no bracket stands over it.
 *
 * @typedef {object} Layout
 * @property {"row" | "columns" | "stack"} kind
 * @property {number} width
 * @property {number} height
 * @property {{input: number, filter: number, map: number}} cell
 * @property {number[]} channels  The channels that are shown.
 * @property {Point[]} inputs  One place a shown channel.
 * @property {Point[]} filters
 * @property {Point[]} products
 * @property {Point[]} maps
 * @property {Point & {width: number}} results
 * @property {Point} bias
 * @property {Point} sum  Where the sum sign stands (row, stack).
 * @property {boolean} joined  Whether there is room for a line from the sum to the output.
 * @property {number} bus  The height of the line that adds the channels (columns).
 */

/** The height of a line of the list of partial sums, and the side of a bias's cell in it. */
export const LINE = 22;
export const BIAS = 20;

/** The least side of a cell with its number. */
const NUMBERS = 18;

/**
 * @param {Content} content
 * @param {number} width
 * @param {number} height  The height that is wished for; a minimum cell size may exceed it.
 * @param {number} channel  The channel to show where only one fits.
 * @returns {Layout}
 */
export function layOut(content, width, height, channel) {
  if (width < 700) return stack(content, width, channel);
  if (content.channels > 1) {
    const columns = layColumns(content, width, height);
    if (columns) return columns;
  }
  return row(content, width, height, channel);
}

/** The height of the list of partial sums. @param {Content} content */
const listHeight = (content) =>
  content.results * LINE + (content.bias > 4 ? 28 : 0) + 8;

/**
 * Biases stand in their line of the list, the third from its end, or under it where they are many.
 *
 * @param {Content} content
 * @param {Point} list
 * @param {number} width
 * @returns {Point}
 */
function biasPlace(content, list, width) {
  if (content.bias > 4)
    return { x: list.x, y: list.y + content.results * LINE + 2 };
  return {
    x: list.x + width - side(content.bias, BIAS),
    y: list.y + (content.results - 3) * LINE,
  };
}

/**
 * @param {Content} content
 * @param {number} width
 * @param {number} height
 * @returns {Layout | null}
 */
function layColumns(content, width, height) {
  const { rows, columns, channels, maps } = content;
  const window = content.filter ?? content.window;
  const right = Math.max(
    200,
    Math.min(width * 0.3, maps.columns * 40 * (maps.count > 2 ? 2 : 1)),
  );
  const left = width - right - 34;
  const each = (left - (channels - 1) * 18) / channels;
  const below = 34 + 44;
  let cell = fit(columns, each, 38, 0);
  const beside = (each - 112) / (content.filter ? 2 : 1);
  let filter = Math.min(cell, fit(window.columns, beside, 38, 0));
  const free = height - HEAD - below;
  if (cell < 26 || filter < 22) return null;
  cell = Math.min(cell, Math.max(21, fit(rows + window.rows, free, 38, 0)));
  filter = Math.min(filter, Math.max(22, cell));
  const input = side(columns, cell);
  // In coarse steps, so that channels stay where they are when the output changes its size.
  const pitch = Math.max(input + 18, Math.floor((each + 18) / 8) * 8);
  const filterY = HEAD + side(rows, cell) + 34;
  const productsX = content.filter ? side(window.columns, filter) + 26 : 0;
  const bus = filterY + side(window.rows, filter) + 32;
  const bottom = listHeight(content);
  const outputs = placeMaps(maps, right, Math.max(160, bus - bottom), 44);
  const x = width - right;
  const at = (/** @type {number} */ i) => ({ x: i * pitch, y: HEAD });
  const inputs = Array.from({ length: channels }, (_, i) => at(i));
  const listY = Math.max(outputs.height + 14, bus - bottom + 12);
  return {
    kind: "columns",
    width,
    height: Math.max(bus + 14, listY + bottom),
    cell: { input: cell, filter, map: outputs.cell },
    channels: inputs.map((_, i) => i),
    inputs,
    filters: inputs.map((p) => ({ x: p.x, y: filterY })),
    products: inputs.map((p) => ({ x: p.x + productsX, y: filterY })),
    maps: moved(outputs.places, x, 0),
    results: { x, y: listY, width: right },
    bias: biasPlace(content, { x, y: listY }, right),
    sum: { x: 0, y: bus },
    joined: true,
    bus,
  };
}

/**
 * Share a width between the input, the filter with its products, and the output maps: whatever
 * has the larger cells gives way first, then what has lost its numbers, and the maps last.
 *
 * @param {Content} content
 * @param {number} width  Without gaps.
 * @param {{input: number, maps: number, filter: number}} height  For each of them.
 */
function share({ rows, columns, maps, filter: weight, window }, width, height) {
  const grids = (weight ? 2 : 1) * window.columns;
  const needed = leastWidth(maps, height.maps, width * 0.45);
  const least = Math.max(maps.count > 2 ? width * 0.28 : 130, needed);
  const usual = (maps.columns * 42 + 14) * Math.min(maps.count, 3);
  let right = Math.max(needed, Math.min(width * 0.34, usual));
  let cell = fit(rows, height.input, 44, 16);
  let filter = fit(window.rows, height.filter, 44, 24);
  // The numbers of a small filter stay in sight when those of the input are gone.
  const readable = grids <= 10 ? NUMBERS : 14;
  const total = () => side(columns, cell) + side(grids, filter) + right;
  while (total() > width) {
    if (filter > 24 && filter >= cell) filter -= 1;
    else if (cell > NUMBERS) cell -= 1;
    else if (filter > readable) filter -= 1;
    else if (right > Math.max(least, width * 0.26))
      right = Math.max(least, right - 8);
    else if (cell > 12) cell -= 1;
    else if (right > least) right = Math.max(least, right - 8);
    else if (filter > 14) filter -= 1;
    else if (cell > 5) cell -= 1;
    else break;
  }
  return { cell, filter, right };
}

/**
 * @param {Content} content
 * @param {number} width
 * @param {number} height
 * @param {number} channel
 * @returns {Layout}
 */
function row(content, width, height, channel) {
  const { rows, columns, maps, window } = content;
  const gaps = 76 + (content.filter ? 40 : 0) + 92;
  const grids = (content.filter ? 2 : 1) * window.columns;
  const foot = content.stops ? 96 : 8;
  const { cell, filter, right } = share(content, width - gaps, {
    input: height - HEAD - foot,
    maps: Math.max(220, height - 8),
    filter: height - HEAD - 48 - listHeight(content),
  });
  const wide = side(columns, cell);
  const high = side(rows, cell);
  const tall = side(window.rows, filter);
  const outputs = placeMaps(maps, right, Math.max(220, height - 8), 50);
  const spare = Math.max(
    0,
    width - gaps - wide - side(grids, filter) - outputs.width,
  );
  // In the middle of the input, but no lower than leaves room for the list under it.
  const lowest = height - HEAD - tall - 48 - listHeight(content);
  const filterY = HEAD + Math.max(0, Math.min((high - tall) / 2, lowest));
  const filterX = wide + 76 + spare * 0.25;
  const productsX =
    filterX + (content.filter ? side(window.columns, filter) + 40 : 0);
  const sumX = productsX + side(window.columns, filter) + 28;
  const mapsX = Math.max(sumX + 64, width - outputs.width - spare * 0.25);
  const mapsY = Math.max(0, (HEAD + high - outputs.height) / 2 - HEAD / 2);
  const listY = filterY + tall + 48;
  const list = {
    x: productsX - (content.filter ? side(window.columns, filter) + 40 : 0),
    y: listY,
  };
  const least = content.filter ? 200 : 130;
  const listWidth = Math.min(280, Math.max(least, mapsX - list.x - 40));
  const bottom = listY + listHeight(content);
  return {
    kind: "row",
    width,
    height: Math.max(HEAD + high + foot, bottom, mapsY + outputs.height + 8),
    cell: { input: cell, filter, map: outputs.cell },
    channels: [Math.min(channel, content.channels - 1)],
    inputs: [{ x: 0, y: HEAD }],
    filters: [{ x: filterX, y: filterY }],
    products: [{ x: productsX, y: filterY }],
    maps: moved(outputs.places, mapsX, mapsY),
    results: { ...list, width: listWidth },
    bias: biasPlace(content, list, listWidth),
    sum: { x: sumX, y: filterY + tall / 2 },
    joined: true,
    bus: 0,
  };
}

/**
 * @param {Content} content
 * @param {number} width
 * @param {number} channel
 * @returns {Layout}
 */
function stack(content, width, channel) {
  const { rows, columns, maps, window } = content;
  const cell = fit(columns, width, 44, 6);
  const filterY = HEAD + side(rows, cell) + 44;
  const grids = (content.filter ? 2 : 1) * window.columns;
  const beside = maps.count <= 3 && grids + maps.columns <= 12;
  const gaps = (content.filter ? 22 : 0) + (beside ? 34 : 0) + 30;
  const filter = fit(grids + (beside ? maps.columns : 0), width - gaps, 34, 14);
  const tall = side(window.rows, filter);
  const productsX = content.filter ? side(window.columns, filter) + 22 : 0;
  const sumX = productsX + side(window.columns, filter) + 18;
  // The list under the window needs its room, however narrow the window is.
  const left = Math.max(sumX + 18, 124);
  const outputs = beside
    ? placeMaps(maps, width - left, Infinity, filter)
    : placeMaps(maps, width, Infinity, 34);
  const mapsX = beside ? width - outputs.width : 0;
  const listY = filterY + tall + 30;
  const list = { x: 0, y: listY };
  const listWidth = beside ? Math.max(sumX + 10, left - 26) : width;
  const below = listHeight(content);
  const mapsY = beside ? filterY - HEAD : listY + below;
  return {
    kind: "stack",
    width,
    height: Math.max(listY + below, mapsY + outputs.height + 4),
    cell: { input: cell, filter, map: outputs.cell },
    channels: [Math.min(channel, content.channels - 1)],
    inputs: [{ x: 0, y: HEAD }],
    filters: [{ x: 0, y: filterY }],
    products: [{ x: productsX, y: filterY }],
    maps: moved(outputs.places, mapsX, mapsY),
    results: { ...list, width: listWidth },
    bias: biasPlace(content, list, listWidth),
    sum: { x: sumX, y: filterY + tall / 2 },
    joined: beside,
    bus: 0,
  };
}
