import { boxAt, cellsOf } from "./boxes.js";
import { largestOf } from "./colour.js";

/** @import {Model} from "./model.js" */
/** @import {Box, Phase, Span, Tensor} from "./types.js" */
/** @import {Plane} from "./views/grid.js" */

/**
 * What a picture of a sliding window shows, read off the roles and axes of a phase's tensors:
 * a source that the window slides over, perhaps a weight, and the maps that are written.
 */
export class Scene {
  /** @param {Model} model */
  constructor(model) {
    this.model = model;
    this.phaseIndex = model.main;
    /** @type {Phase} */
    this.phase = model.phases[this.phaseIndex];
    const factors = Object.keys(this.phase.reads).filter(
      (s) => !this.phase.extra.includes(s),
    );
    const isWeight = (/** @type {string} */ symbol) =>
      this.read(symbol).role === "weight";
    this.source = factors.find((symbol) => !isWeight(symbol)) ?? factors[0];
    this.weight = factors.find(isWeight) ?? null;
    this.extra = this.phase.extra[0] ?? null;
    this.padded = this.read(this.source);
    this.inputName = this.padded.extends ?? this.phase.reads[this.source];
    this.input = model.tensor(this.inputName);
    this.output = model.tensor(this.phase.writes);
    this.largest = {
      input: largestOf(this.input.values),
      weight: this.weight ? largestOf(this.read(this.weight).values) : 0,
      output: largestOf(this.output.values),
      terms: largestOf(this.phase.numbers?.terms ?? []),
    };
  }

  /** The tensor that a symbol reads. @param {string} symbol @returns {Tensor} */
  read(symbol) {
    return this.model.tensor(this.phase.reads[symbol]);
  }

  get channels() {
    return sizeAlong(this.padded, "channel");
  }

  get maps() {
    return sizeAlong(this.output, "map");
  }

  /** Channels that one window spans. */
  get depth() {
    return (
      this.box(this.source, 0)[this.padded.axes.indexOf("channel")]?.[1] ?? 1
    );
  }

  /** Terms of one channel. */
  get area() {
    const [rows, columns] = this.windowSize;
    return rows * columns;
  }

  /** Cells of one channel of the source, padding included. */
  get paddedArea() {
    const [rows, columns] = this.padded.shape.slice(-2);
    return rows * columns;
  }

  /** Rows and columns of taps. @returns {[number, number]} */
  get windowSize() {
    const box = this.box(this.source, 0);
    return [box[box.length - 2][1], box[box.length - 1][1]];
  }

  /** @param {string} symbol @param {number} turn @returns {Box} */
  box(symbol, turn) {
    return boxAt(this.phase, symbol, turn);
  }

  /** Which filter a step uses. @param {number} turn */
  filterOf(turn) {
    if (!this.weight) return 0;
    return this.box(this.weight, turn)[
      this.read(this.weight).axes.indexOf("filter")
    ][0];
  }

  /** The first channel a step reads. @param {number} turn */
  firstChannel(turn) {
    return (
      this.box(this.source, turn)[this.padded.axes.indexOf("channel")]?.[0] ?? 0
    );
  }

  /** The map a step writes to. @param {number} turn */
  mapOf(turn) {
    return (
      this.box(this.phase.writes, turn)[this.output.axes.indexOf("map")]?.[0] ??
      0
    );
  }

  /** Whether the filter is read backwards. */
  get turned() {
    if (!this.weight) return false;
    const spans = this.phase.bind[this.weight];
    return spans[spans.length - 1][2] < 0 || spans[spans.length - 2][2] < 0;
  }

  /** Padding on each side. @returns {[number, number, number, number]} */
  get ring() {
    if (!this.padded.extends) return [0, 0, 0, 0];
    const [top, left] = this.padded.offset.slice(-2);
    const [rows, columns] = this.padded.shape.slice(-2);
    const [inner, across] = this.input.shape.slice(-2);
    return [top, rows - inner - top, left, columns - across - left];
  }

  /** Where windows start along an axis counted from the end (2 rows, 1 columns). @param {number} fromEnd */
  starts(fromEnd) {
    /** @type {Span} */
    const [start, , , moves] = this.phase.bind[this.source].at(-fromEnd) ?? [
      0,
      1,
      1,
      [],
    ];
    let starts = [start];
    moves.forEach((by, loop) => {
      if (!by) return;
      const turns = Array.from(
        { length: this.phase.loops[loop][1] },
        (_, i) => i * by,
      );
      starts = starts.flatMap((at) => turns.map((shift) => at + shift));
    });
    return starts;
  }

  /**
   * The values a symbol reads at a step, and which of them are padding.
   *
   * @param {string} symbol
   * @param {number} turn
   */
  operands(symbol, turn) {
    const tensor = this.read(symbol);
    const cells = cellsOf(this.box(symbol, turn), tensor.shape);
    return {
      values: cells.map((cell) => tensor.values[cell]),
      padding: cells.map(
        (cell) => tensor.extends !== null && this.isPadding(cell),
      ),
    };
  }

  /** Whether a cell of the source is padding. @param {number} cell */
  isPadding(cell) {
    const [top, bottom, left, right] = this.ring;
    const [rows, columns] = this.padded.shape.slice(-2);
    const [row, column] = [Math.floor(cell / columns) % rows, cell % columns];
    return (
      row < top ||
      row >= rows - bottom ||
      column < left ||
      column >= columns - right
    );
  }

  /** From one tap to the next, along rows and columns. @returns {[number, number]} */
  get dilation() {
    const box = this.box(this.source, 0);
    return [box[box.length - 2][2], box[box.length - 1][2]];
  }

  /** @param {number} channel @returns {Plane} */
  inputPlane(channel) {
    const [rows, columns] = this.input.shape.slice(-2);
    return {
      label:
        this.channels > 1
          ? `${this.input.label} channel ${channel + 1}`
          : this.input.label,
      first: { tensor: this.inputName, index: channel * rows * columns },
      rows,
      columns,
      editable: this.input.role === "input",
      ring: this.ring,
      caption: "bracket",
    };
  }

  /** @param {number} filter @param {number} slice @returns {Plane} */
  filterPlane(filter, slice) {
    const weight = this.read(/** @type {string} */ (this.weight));
    const [filters, depth, rows, columns] = weight.shape;
    const number = filters > 1 || this.channels > 1 ? ` ${filter + 1}` : "";
    const channel = this.channels > 1 ? ` channel ${slice + 1}` : "";
    return {
      label: `${weight.label}${number}${channel}`,
      heading: `${weight.label}${number}${channel.replace(" channel", ", ch.")}${this.turned ? ", turned" : ""}`,
      first: {
        tensor: this.phase.reads[/** @type {string} */ (this.weight)],
        index: (filter * depth + slice) * rows * columns,
      },
      rows,
      columns,
      editable: true,
      ring: [0, 0, 0, 0],
      caption: "below",
    };
  }

  /** @param {number} channel  Of those the window spans. @returns {Plane} */
  productPlane(channel) {
    const [rows, columns] = this.windowSize;
    return {
      label: this.channels > 1 ? `Products channel ${channel + 1}` : "Products",
      heading: "Products",
      first: { tensor: "", index: channel * rows * columns },
      rows,
      columns,
      editable: false,
      ring: [0, 0, 0, 0],
      caption: "below",
    };
  }

  /** @param {number} map @returns {Plane} */
  mapPlane(map) {
    const [rows, columns] = this.output.shape.slice(-2);
    return {
      label:
        this.maps > 1
          ? `${this.output.label} map ${map + 1}`
          : this.output.label,
      first: { tensor: this.phase.writes, index: map * rows * columns },
      rows,
      columns,
      editable: false,
      ring: [0, 0, 0, 0],
      caption: "bracket",
    };
  }

  /** @returns {Plane | null} */
  biasPlane() {
    if (!this.extra) return null;
    const bias = this.read(this.extra);
    return {
      label: bias.label,
      first: { tensor: this.phase.reads[this.extra], index: 0 },
      rows: 1,
      columns: bias.shape[bias.shape.length - 1],
      editable: true,
      ring: [0, 0, 0, 0],
      caption: "none",
    };
  }
}

/** @param {Tensor} tensor @param {string} axis */
function sizeAlong(tensor, axis) {
  const at = tensor.axes.indexOf(axis);
  return at < 0 ? 1 : tensor.shape[at];
}
