import { set, svg, write } from "../../dom.js";
import { cellText } from "../../format.js";
import { placesOn } from "./planes.js";

/** @import {CellRef, Move} from "../../types.js" */
/** @import {GridView} from "../grid.js" */
/** @import {Tile} from "./outlines.js" */
/** @import {BoardScene} from "./scene.js" */
/** @import {Totals} from "./totals.js" */

/** Cells below this have no room for what is added to them. */
const BADGED = 28;

/** A ring of ink around each cell of the term in hand. */
export class Rings {
  element = svg("g", { class: "rings", "aria-hidden": "true" });

  /**
   * @param {Tile[]} tiles
   * @param {CellRef[]} cells
   */
  show(tiles, cells) {
    /** @type {Map<string, SVGRectElement>} */
    const rings = new Map();
    for (const { slice, group, grid, x, y } of tiles) {
      const { size } = group.at;
      for (const { tensor, index } of cells) {
        for (const place of placesOn(slice, tensor, [index])) {
          const at = grid.turned ? grid.rows * grid.columns - 1 - place : place;
          const column = at % grid.columns;
          const row = Math.floor(at / grid.columns);
          const ring = {
            x: x + column * (size + 2),
            y: y + row * (size + 2),
            width: size,
            height: size,
            rx: Math.min(6, size / 5),
          };
          rings.set(`${ring.x} ${ring.y}`, svg("rect", ring));
        }
      }
    }
    this.element.replaceChildren(...rings.values());
  }
}

/** What a move adds to each cell that it writes, in the corner over the new total. */
export class Badges {
  element = svg("g", { class: "badges", "aria-hidden": "true" });
  /** @type {{g: SVGGElement, rect: SVGRectElement, text: SVGTextElement}[]} */ #kept =
    [];

  /**
   * @param {BoardScene} scene
   * @param {Tile[]} tiles
   * @param {Move | null} move
   * @param {Totals} totals
   */
  show(scene, tiles, move, totals) {
    let used = 0;
    /** @type {Map<GridView, number[]>} */
    const badged = new Map(tiles.map(({ grid }) => [grid, []]));
    const added = addedBy(scene, tiles, move, totals);
    // In one grid they are shown for all cells or for none.
    const crowded = new Set(
      added
        .filter(({ tile, value }) => widthOf(value) > tile.group.at.size - 3)
        .map(({ tile }) => tile),
    );
    for (const { tile, place, value } of added) {
      if (crowded.has(tile)) continue;
      badged.get(tile.grid)?.push(place);
      const { size } = tile.group.at;
      const row = Math.floor(place / tile.grid.columns);
      const x = tile.x + (place % tile.grid.columns) * (size + 2);
      this.#draw(used++, x + size, tile.y + row * (size + 2), value);
    }
    this.#kept
      .slice(used)
      .forEach(({ g }) => g.toggleAttribute("data-hidden", true));
    for (const [grid, places] of badged) grid.mark("data-badged", places);
  }

  /** @param {number} i @param {number} x @param {number} y @param {number} value */
  #draw(i, x, y, value) {
    const text = signed(value);
    const { g, rect, text: label } = (this.#kept[i] ??= this.#make());
    const width = widthOf(value);
    write(label, text);
    set(label, { x: x - width / 2 - 1, y: y + 9 });
    set(rect, { x: x - width - 1, y: y + 1, width, height: 15 });
    label.toggleAttribute("data-long", text.length > 4);
    g.toggleAttribute("data-hidden", false);
  }

  #make() {
    const rect = svg("rect", { rx: 4 });
    const text = svg("text", { "text-anchor": "middle" });
    const g = svg("g", {}, [rect, text]);
    this.element.append(g);
    return { g, rect, text };
  }
}

/** @param {number} value */
const signed = (value) => `${value < 0 ? "" : "+"}${cellText(value)}`;

/** Pixels of a badge. @param {number} value */
function widthOf(value) {
  const { length } = signed(value);
  return 5 + (length > 4 ? 6 : 7.2) * length;
}

/**
 * @param {BoardScene} scene
 * @param {Tile[]} tiles
 * @param {Move | null} move
 * @param {Totals} totals
 */
function addedBy(scene, tiles, move, totals) {
  /** @type {{tile: Tile, place: number, value: number}[]} */
  const found = [];
  for (const index of move?.group ?? []) {
    const turn = move?.turn ?? 0;
    const { adds, writes } = scene.model.phases[index];
    if (!adds) continue;
    const results = scene.model.results(index, turn);
    const reached = totals.reached(index, turn);
    const cells = scene.model.written(index, turn).slice(0, reached);
    for (const tile of tiles) {
      const { drawn, first } = tile.slice;
      if (tile.group.at.size < BADGED || drawn.wide !== writes) continue;
      const count = tile.grid.rows * tile.grid.columns;
      cells.forEach((cell, at) => {
        const place = cell - first;
        if (place >= 0 && place < count)
          found.push({ tile, place, value: results[at] });
      });
    }
  }
  return found;
}
