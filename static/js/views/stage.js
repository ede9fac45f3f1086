import { divisorOf } from "../combine.js";
import { svg } from "../dom.js";
import { BIAS, layOut } from "../layout.js";
import {
  biasPlane,
  filterPlane,
  inputPlane,
  mapPlane,
  productPlane,
} from "../planes.js";
import { GridView } from "./grid.js";

/** @import {Layout} from "../layout.js" */
/** @import {Scene} from "../scene.js" */
/** @import {Host, Plane} from "./grid.js" */

const MOST_KEPT = 60;

/**
 * The grids of a picture, each in its place. Grids outlive a change of values, so that the focus
 * stays where it is; only one filter at a time is on the stage.
 */
export class Stage {
  element = svg("g");
  /** @type {Map<string, GridView>} */ #kept = new Map();
  /** @type {GridView[]} */ inputs = [];
  /** @type {(GridView | null)[]} By shown channel; null where the filter does not read it. */
  filters = [];
  /** @type {(GridView | null)[]} */ products = [];
  /** @type {GridView[]} */ maps = [];
  /** @type {GridView | null} */ bias = null;
  /** The map whose filter and products are shown. */
  map = 0;

  /**
   * @param {Scene} scene
   * @param {Host} host
   */
  constructor(scene, host) {
    this.scene = scene;
    this.host = host;
    this.layout = layOut(contentOf(scene, false), 800, 480, 0);
  }

  /**
   * Place everything anew.
   *
   * @param {Scene} scene
   * @param {{width: number, height: number, channel: number}} space
   * @param {boolean} leftOver  Whether the floor leaves columns over.
   */
  build(scene, { width, height, channel }, leftOver) {
    this.scene = scene;
    const content = contentOf(scene, leftOver);
    /** @type {Layout} */
    this.layout = layOut(content, width, height, channel);
    const { channels, inputs, maps, cell } = this.layout;
    this.inputs = channels.map((c, i) =>
      this.#grid(inputPlane(scene, c), inputs[i], cell.input),
    );
    this.maps = maps.map((at, k) =>
      this.#grid(mapPlane(scene, k), at, cell.map),
    );
    const bias = biasPlane(scene);
    this.bias = bias && this.#grid(bias, this.layout.bias, BIAS);
    this.#placeFilter();
  }

  /** Every grid on the stage. */
  get grids() {
    const all = [...this.inputs, ...this.filters, ...this.products];
    return [...all, ...this.maps, this.bias].filter((grid) => grid !== null);
  }

  /** The first channel that the shown map is made of. */
  get firstChannel() {
    return this.scene.firstChannel(this.scene.firstTurn(this.map));
  }

  /** Show what makes a map. @param {number} map */
  showMap(map) {
    if (map === this.map) return;
    this.map = map;
    this.#placeFilter();
  }

  #placeFilter() {
    const { scene, layout } = this;
    this.map = Math.min(this.map, scene.maps - 1);
    const first = this.firstChannel;
    const size = layout.cell.filter;
    const slices = layout.channels.map((channel) => channel - first);
    const read = slices.map((slice) => slice >= 0 && slice < scene.depth);
    this.filters = slices.map((slice, i) =>
      scene.weight && read[i]
        ? this.#grid(
            filterPlane(scene, this.map, slice),
            layout.filters[i],
            size,
            scene.turned,
          )
        : null,
    );
    this.products = slices.map((slice, i) =>
      read[i]
        ? this.#grid(productPlane(scene, slice), layout.products[i], size)
        : null,
    );
    this.#show();
  }

  /** Put the grids in use into the picture, and take the others out. */
  #show() {
    const used = new Set(this.grids);
    for (const [key, grid] of this.#kept) {
      if (used.has(grid)) continue;
      grid.element.remove();
      if (this.#kept.size > MOST_KEPT) this.#kept.delete(key);
    }
    // In their order, for those who tab or listen; what is in its place is not moved.
    let next = this.element.firstChild;
    for (const { element } of used) {
      if (element === next) next = element.nextSibling;
      else this.element.insertBefore(element, next);
    }
  }

  /**
   * @param {Plane} plane
   * @param {{x: number, y: number, plain?: boolean}} at
   * @param {number} size
   * @param {boolean} [turned]
   */
  #grid(plane, at, size, turned = false) {
    const key = JSON.stringify(plane);
    let grid = this.#kept.get(key);
    if (!grid) this.#kept.set(key, (grid = new GridView(plane, this.host)));
    grid.place(at, size, turned);
    return grid;
  }
}

/**
 * @param {Scene} scene
 * @param {boolean} leftOver
 */
function contentOf(scene, leftOver) {
  const [rows, columns] = scene.padded.shape.slice(-2);
  const [windowRows, windowColumns] = scene.windowSize;
  const [mapRows, mapColumns] = scene.output.shape.slice(-2);
  const window = { rows: windowRows, columns: windowColumns };
  const channels = scene.depth > 1 ? scene.depth : 0;
  const divided = divisorOf(scene.phase, 2) !== 1;
  return {
    rows,
    columns,
    channels: scene.channels,
    filter: scene.weight ? window : null,
    window,
    maps: { count: scene.maps, rows: mapRows, columns: mapColumns },
    results: channels + (divided ? 2 : 0) + (scene.extra ? 1 : 0) + 2,
    bias: scene.extra ? scene.maps : 0,
    stops: leftOver && scene.starts(1).length <= 5,
  };
}
