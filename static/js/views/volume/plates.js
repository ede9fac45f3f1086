import { set } from "../../dom.js";
import { filterPlane } from "../../planes.js";
import { Frame, Plate } from "./plate.js";

/** @import {Player} from "../../player.js" */
/** @import {Scene} from "../../scene.js" */
/** @import {Sizes} from "./fold-layout.js" */

/** Where the arrow keys go in a map: rows and columns. @type {Record<string, [number, number]>} */
const ARROWS = {
  ArrowUp: [-1, 0],
  ArrowDown: [1, 0],
  ArrowLeft: [0, -1],
  ArrowRight: [0, 1],
};

/**
 * @typedef {(map: number, cell?: {row: number, column: number}) => void} Select  Called with the
 *   map that is chosen, or whose filter is; perhaps with one of its cells.
 */

/** Cells of one plane whose numbers are worth writing, and the smallest cell that holds one. */
const MOST_NUMBERS = 150;
const SMALLEST_TEXT = 17;

/** @param {Scene} scene @returns {Sizes} */
export function sizesOf(scene) {
  const [rows, columns] = scene.padded.shape.slice(-2);
  const [high, wide] = scene.output.shape.slice(-2);
  const [taps, across] = scene.weight ? scene.windowSize : [0, 0];
  const { channels, depth, maps } = scene;
  const filters = scene.weight ? maps : 0; // each map has one of its own
  return {
    rows,
    columns,
    channels,
    taps,
    across,
    depth,
    filters,
    high,
    wide,
    maps,
  };
}

/** The plates of a layer: its channels, the slices of each filter, its maps. */
export class Plates {
  /** @type {Plate[]} */ channels;
  /** @type {Plate[][]} */ filters;
  /** @type {Plate[]} */ maps;
  /** @type {Frame[]} */ windows;
  written = new Frame("y");
  /** The cell that is written. */
  #at = { row: 0, column: 0 };

  /** @param {Scene} scene @param {Select} select */
  constructor(scene, select) {
    const sizes = sizesOf(scene);
    const { rows, columns, taps, across, high, wide } = sizes;
    const plates = (/** @type {number} */ n, /** @type {() => Plate} */ make) =>
      Array.from({ length: n }, make);
    this.scene = scene;
    this.channels = plates(
      sizes.channels,
      () => new Plate(rows, columns, "x", scene.ring),
    );
    this.filters = Array.from({ length: sizes.filters }, () =>
      plates(
        sizes.depth,
        () => new Plate(taps, across, "w", undefined, scene.turned),
      ),
    );
    this.maps = plates(sizes.maps, () => new Plate(high, wide, "y"));
    this.windows = this.channels.map(() => new Frame("x"));
    this.windows.forEach(({ element }, c) =>
      this.channels[c].element.append(element),
    );
    this.written.shape([1, 1], [1, 1]);
    this.maps.forEach((_, map) => this.#listen(map, select));
  }

  /** @param {number} map @param {Select} select */
  #listen(map, select) {
    const plate = this.maps[map];
    const { element } = plate;
    const number = this.maps.length > 1 ? ` ${map + 1}` : "";
    const of = this.scene.weight ? "filter" : "channel";
    set(element, {
      role: "button",
      "aria-label": `${this.scene.output.label} map${number}: show its ${of}`,
      "aria-description": "The arrow keys go from cell to cell and trace it.",
    });
    element.addEventListener("keydown", (event) => {
      const by = ARROWS[event.key];
      if (!by && event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      const [row, column] = [this.#at.row, this.#at.column];
      if (!by) select(map);
      else select(map, plate.nearest(row + by[0], column + by[1]));
    });
    element.addEventListener("click", (event) =>
      select(map, this.#isNear(plate) ? plate.cellAt(event) : undefined),
    );
    // Where nothing can be played, cells are traced by pointing.
    element.addEventListener("pointermove", (event) => {
      if (this.scene.model.playable || !this.#isNear(plate)) return;
      const { row, column } = plate.cellAt(event);
      if (row !== this.#at.row || column !== this.#at.column)
        select(map, { row, column });
    });
    for (const slice of this.filters[map] ?? [])
      slice.element.addEventListener("click", () => select(map));
  }

  /** Whether a map is the one in hand, not one of the stack. @param {Plate} plate */
  #isNear({ element }) {
    return element.hasAttribute("data-own");
  }

  /** Frame the cell of a map that is written. @param {number} map @param {number} row @param {number} column */
  write(map, row, column) {
    this.#at = { row, column };
    const { element } = this.maps[map];
    if (!element.contains(this.written.element))
      element.append(this.written.element);
    this.written.put(row, column);
  }

  /**
   * Show the numbers of a moment.
   *
   * @param {Player} player
   * @param {number} current  The map in hand, or -1.
   * @param {number} cell  Side of a cell.
   * @param {boolean} apart  Whether all planes are in view, not only the nearest.
   */
  show(player, current, cell, apart) {
    const { scene } = this;
    const written = (/** @type {Plate} */ { rows, columns }) =>
      cell >= SMALLEST_TEXT && rows * columns <= MOST_NUMBERS;
    const show = (
      /** @type {Plate} */ plate,
      /** @type {ArrayLike<number>} */ values,
      /** @type {number} */ first,
      /** @type {number} */ largest,
      /** @type {boolean} */ whole,
    ) => plate.show(values, first, largest, whole && written(plate));
    const input = player.values(scene.phase.reads[scene.source]);
    this.channels.forEach((plate, c) => {
      const first = c * plate.rows * plate.columns;
      show(plate, input, first, scene.largest.input, apart || c === 0);
    });
    this.filters.forEach((slices, map) =>
      slices.forEach((plate, c) => {
        const { first } = filterPlane(scene, map, c);
        const values = player.values(first.tensor);
        const whole = apart || c === 0;
        show(plate, values, first.index, scene.largest.weight, whole);
      }),
    );
    const output = player.values(scene.phase.writes);
    this.maps.forEach((plate, map) => {
      const first = map * plate.rows * plate.columns;
      show(plate, output, first, scene.largest.output, map === current);
    });
  }
}
