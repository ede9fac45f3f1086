import { boxAt, cellsOf } from "./boxes.js";
import { largestOf } from "./colour.js";
import { wordsOf } from "./combine.js";

/** @import {Model} from "./model.js" */
/** @import {Box, Phase, Span, Tensor} from "./types.js" */

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
    this.words = wordsOf(this.phase);
    /** Rows and columns of a window that lies inside. */
    this.windowSize = this.#largestWindow();
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
    return this.padded.shape.at(-3) ?? 1;
  }

  get maps() {
    return this.output.shape.at(-3) ?? 1;
  }

  /** Channels that one window spans. */
  get depth() {
    return this.box(this.source, 0).at(-3)?.[1] ?? 1;
  }

  /** Cells of one channel of the source, padding included. */
  get paddedArea() {
    const [rows, columns] = this.padded.shape.slice(-2);
    return rows * columns;
  }

  /** @returns {[number, number]} */
  #largestWindow() {
    const turns = this.phase.boxes.length ? this.phase.steps : 1;
    let [rows, columns] = [0, 0];
    for (let turn = 0; turn < turns; turn++) {
      const [height, width] = this.windowAt(turn);
      [rows, columns] = [Math.max(rows, height), Math.max(columns, width)];
    }
    return [rows, columns];
  }

  /** Rows and columns of the window of a step; at the border some are clipped. @param {number} turn @returns {[number, number]} */
  windowAt(turn) {
    const [rows, columns] = this.box(this.source, turn).slice(-2);
    return [rows[1], columns[1]];
  }

  /** Cells of one channel of a window that lies inside. */
  get area() {
    const [rows, columns] = this.windowSize;
    return rows * columns;
  }

  /** Terms of one channel. @param {number} turn */
  areaAt(turn) {
    const [rows, columns] = this.windowAt(turn);
    return rows * columns;
  }

  /** Terms of a step, or none. @param {number | null} turn */
  termsAt(turn) {
    return turn === null ? 0 : this.model.termsOf(this.phaseIndex, turn);
  }

  /**
   * The places of a step's terms within a window that lies inside, channel by channel: a clipped
   * window keeps its place.
   *
   * @param {number} turn
   * @returns {number[]}
   */
  placesAt(turn) {
    const [height, width] = this.windowSize;
    const parts = this.box(this.source, turn).slice(-2);
    const [top, left] = parts.map(([start, count, step], axis) => {
      const [full, size] = [
        [height, width][axis],
        this.padded.shape.slice(-2)[axis],
      ];
      return start + (full - 1) * step < size ? full - count : 0;
    });
    const [rows, columns] = this.windowAt(turn);
    return Array.from({ length: this.termsAt(turn) }, (_, term) => {
      const channel = Math.floor(term / (rows * columns));
      const row = (Math.floor(term / columns) % rows) + top;
      const column = (term % columns) + left;
      return (channel * height + row) * width + column;
    });
  }

  /** @param {string} symbol @param {number} turn @returns {Box} */
  box(symbol, turn) {
    return boxAt(this.phase, symbol, turn);
  }

  /** The first channel a step reads. @param {number} turn */
  firstChannel(turn) {
    return this.box(this.source, turn).at(-3)?.[0] ?? 0;
  }

  /** The map a step writes to. @param {number} turn */
  mapOf(turn) {
    return this.box(this.phase.writes, turn).at(-3)?.[0] ?? 0;
  }

  /** Which filter a step uses: that of the map it writes to. @param {number} turn */
  filterOf(turn) {
    return this.mapOf(turn);
  }

  /** The first step that writes to a map; they are written one after the other. @param {number} map */
  firstTurn(map) {
    return (map * this.phase.steps) / this.maps;
  }

  /** The cell of the source that decides a step, where one does. @param {number} turn */
  deciding(turn) {
    const pick = this.model.numbers(this.phaseIndex, turn)?.picks[0];
    if (pick === undefined) return null;
    return cellsOf(this.box(this.source, turn), this.padded.shape)[pick];
  }

  /** Whether the filter is read backwards. */
  get turned() {
    if (!this.weight || this.area === 1) return false;
    const spans = this.phase.bind[this.weight];
    return spans[spans.length - 1][2] < 0 || spans[spans.length - 2][2] < 0;
  }

  /** From one cell of the input to the next, along rows and columns. @returns {[number, number]} */
  get spacing() {
    const [down = 1, across = 1] = this.padded.spacing.slice(-2);
    return [down, across];
  }

  /** Padding on each side. @returns {[number, number, number, number]} */
  get ring() {
    if (!this.padded.extends) return [0, 0, 0, 0];
    const [top, left] = this.padded.offset.slice(-2);
    const [rows, columns] = this.padded.shape.slice(-2);
    const [height, width] = this.inner;
    return [top, rows - height - top, left, columns - width - left];
  }

  /** Rows and columns of the source from the first cell of the input to its last. */
  get inner() {
    const [rows, columns] = this.input.shape.slice(-2);
    const [down, across] = this.spacing;
    return [(rows - 1) * down + 1, (columns - 1) * across + 1];
  }

  /** Where windows start along an axis counted from the end (2 rows, 1 columns). @param {number} fromEnd */
  starts(fromEnd) {
    const { boxes, bind, loops } = this.phase;
    if (boxes.length) {
      const all = boxes.map((box) => box[this.source].at(-fromEnd)?.[0] ?? 0);
      return [...new Set(all)];
    }
    /** @type {Span} */
    const [start, , , moves] = bind[this.source].at(-fromEnd) ?? [0, 1, 1, []];
    let starts = [start];
    moves.forEach((by, loop) => {
      if (!by) return;
      const turns = Array.from({ length: loops[loop][1] }, (_, i) => i * by);
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
    const [top, , left] = this.ring;
    const [height, width] = this.inner;
    const [down, across] = this.spacing;
    const [rows, columns] = this.padded.shape.slice(-2);
    const row = (Math.floor(cell / columns) % rows) - top;
    const column = (cell % columns) - left;
    const inside = row >= 0 && row < height && column >= 0 && column < width;
    return !inside || row % down > 0 || column % across > 0;
  }

  /** From one tap to the next, along rows and columns. @returns {[number, number]} */
  get dilation() {
    const box = this.box(this.source, 0);
    return [box[box.length - 2][2], box[box.length - 1][2]];
  }
}
