import { motion, svg } from "../../dom.js";
import { GridView } from "../grid.js";
import { patterns } from "../patterns.js";
import { Badges, Rings } from "./badges.js";
import { cellsInHand } from "./in-hand.js";
import { Headings } from "./headings.js";
import { Outlines, WEARS } from "./outlines.js";
import { placesOn } from "./planes.js";
import { BoardScene } from "./scene.js";
import { Totals } from "./totals.js";
import { arrowHeads, wires } from "./wires.js";

/** @import {Model} from "../../model.js" */
/** @import {Player} from "../../player.js" */
/** @import {Relations} from "../../tracing.js" */
/** @import {Move} from "../../types.js" */
/** @import {Host} from "../grid.js" */
/** @import {Tile} from "./outlines.js" */

const MOST_KEPT = 120;

/**
 * The board: a column is a variable, its gradient stands under it, and a move shows what flows
 * from gradient to gradient.
 */
export class BoardPicture {
  element = svg("svg", {
    class: "picture board",
    "data-waiting": "",
    role: "group",
    "aria-label": "The computation",
  });
  /** There from the first time that it is built. */
  scene = /** @type {BoardScene} */ (/** @type {unknown} */ (null));
  /** @type {Tile[]} */ tiles = [];
  /** @type {Map<string, GridView>} */ #kept = new Map();
  #grids = svg("g");
  #headings = new Headings();
  #wires = svg("g", { class: "wires", "aria-hidden": "true" });
  #outlines = new Outlines();
  #rings = new Rings();
  #badges = new Badges();

  /**
   * @param {Model} model
   * @param {Host} host
   */
  constructor(model, host) {
    this.host = host;
    this.totals = new Totals(model);
    this.element.append(
      patterns(),
      arrowHeads(),
      this.#headings.element,
      this.#grids,
      this.#outlines.element,
      this.#wires,
      this.#rings.element,
      this.#badges.element,
    );
  }

  /**
   * @param {Model} model
   * @param {{width: number, height: number}} space
   * @param {Record<string, number>} inHand
   */
  build(model, space, inHand) {
    if (model !== this.totals.model) this.totals = new Totals(model);
    const scene = (this.scene = new BoardScene(model, space, inHand));
    this.tiles = scene.groups.flatMap((group) =>
      group.slices.map((slice, i) => {
        const { x, y } = group.at.planes[i];
        const grid = this.#grid(slice.plane);
        grid.place({ x, y }, group.at.size);
        grid.element.setAttribute(
          "data-role",
          WEARS[model.tensor(group.drawn.name).role],
        );
        return { group, slice, grid, x, y };
      }),
    );
    this.#put();
    this.#headings.build(scene, space.width);
    const height = Math.ceil(scene.places.height);
    this.element.setAttribute("viewBox", `-6 0 ${space.width} ${height}`);
    this.element.setAttribute("width", `${space.width}`);
    this.element.setAttribute("height", `${height}`);
  }

  get grids() {
    return this.tiles.map(({ grid }) => grid);
  }

  /** @param {import("../grid.js").Plane} plane */
  #grid(plane) {
    const key = JSON.stringify(plane);
    let grid = this.#kept.get(key);
    if (!grid) this.#kept.set(key, (grid = new GridView(plane, this.host)));
    return grid;
  }

  /** Put the grids in use into the picture, in their order, and take the others out. */
  #put() {
    const used = new Set(this.grids);
    for (const [key, grid] of this.#kept) {
      if (used.has(grid)) continue;
      grid.element.remove();
      if (this.#kept.size > MOST_KEPT) this.#kept.delete(key);
    }
    let next = this.#grids.firstChild;
    for (const { element } of used) {
      if (element === next) next = element.nextSibling;
      else this.#grids.insertBefore(element, next);
    }
  }

  /**
   * @param {Player} player
   * @param {{move: Move | null, term: number | null, relations: Relations | null, slide: number}} view
   */
  render(player, { move, term, relations, slide }) {
    const { scene, totals, tiles } = this;
    totals.follow(player);
    for (const { group, slice, grid } of tiles)
      grid.show(totals.shown(group.drawn), slice.first, group.largest);
    this.#turn(move);
    this.element.toggleAttribute("data-tracing", relations !== null);
    this.#outlines.show(scene, tiles, move, slide > 0 && motion());
    this.#badges.show(scene, tiles, move, totals);
    this.#wires.replaceChildren(...wires(scene, tiles, move));
    const inHand =
      move && term !== null ? cellsInHand(scene.model, move, term) : [];
    this.#rings.show(tiles, inHand);
    for (const { slice, grid } of tiles) {
      this.#trace(slice, grid, relations);
    }
  }

  /**
   * @param {import("./planes.js").Slice} slice
   * @param {GridView} grid
   * @param {Relations | null} relations
   */
  #trace(slice, grid, relations) {
    const { model } = this.scene;
    const { drawn } = slice;
    const names = [...new Set([drawn.name, drawn.wide])];
    const cell = relations?.cell;
    const own = cell ? model.tensor(cell.tensor).role === "gradient" : false;
    const of = (/** @type {Map<string, Set<number>> | undefined} */ cells) =>
      names.flatMap((name) => placesOn(slice, name, cells?.get(name) ?? []));
    const gradient = model.tensor(drawn.name).role === "gradient";
    // What a value goes into is an output; the gradients it takes part in are all of a tensor.
    const into = gradient && !own ? [] : of(relations?.into);
    grid.mark("data-into", into);
    grid.mark("data-meets", [...of(relations?.meets), ...of(relations?.from)]);
    const pointed = cell
      ? [cell.tensor, this.scene.twinOf(cell.tensor) ?? ""].flatMap((name) =>
          placesOn(slice, name, [cell.index]),
        )
      : [];
    grid.mark("data-pointed", pointed);
  }

  /** Show a filter as it is read: backwards, where it is flipped. @param {Move | null} move */
  #turn(move) {
    const { model } = this.scene;
    const phase = move ? model.phases[move.group[0]] : null;
    const turned = Object.keys(phase?.reads ?? {}).filter((symbol) =>
      phase?.bind[symbol]?.some(([, , step]) => step < 0),
    );
    for (const { slice, grid, x, y, group } of this.tiles) {
      const flipped = turned.some(
        (symbol) => phase?.reads[symbol] === slice.drawn.name,
      );
      grid.place({ x, y }, group.at.size, flipped);
      this.#headings.flip(slice.drawn.name, flipped);
    }
  }

  /** Nothing of the board is counted by the size formula. */
  measure() {}
}
