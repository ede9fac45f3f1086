import { set, svg } from "../../dom.js";
import { WindowView } from "../window.js";
import { boxOn } from "./planes.js";

/** @import {Move} from "../../types.js" */
/** @import {GridView} from "../grid.js" */
/** @import {Slice} from "./planes.js" */
/** @import {BoardScene, Group} from "./scene.js" */

/** The outline that a tensor of a role wears. */
export const WEARS = {
  input: "x",
  weight: "w",
  output: "y",
  intermediate: "y",
  gradient: "gradient",
};

/**
 * A plane on the board.
 *
 * @typedef {{group: Group, slice: Slice, grid: GridView, x: number, y: number}} Tile
 */

/** The outlines of what a move reads and writes; they slide from move to move. */
export class Outlines {
  element = svg("g", { class: "outlines" });
  /** @type {Map<string, WindowView>} */ #views = new Map();

  /**
   * @param {BoardScene} scene
   * @param {Tile[]} tiles
   * @param {Move | null} move
   * @param {boolean} slide
   */
  show(scene, tiles, move, slide) {
    this.element.toggleAttribute("data-still", !slide);
    const used = new Set();
    const boxes = move ? scene.boxesOf(move) : [];
    for (const { slice, group, x, y } of tiles) {
      const { name, wide } = slice.drawn;
      const { size } = group.at;
      boxes.forEach(({ tensor, box }) => {
        if (tensor !== name && tensor !== wide) return;
        const at = boxOn(slice, tensor, box);
        if (!at) return;
        // The first box of a plane slides on as the first one of the next move.
        let key = slice.plane.label;
        while (used.has(key)) key += "+";
        used.add(key);
        const view = this.#view(key, WEARS[scene.model.tensor(tensor).role]);
        view.shape(size, [at.rows, at.columns], at.step);
        view.move(x + at.column * (size + 2), y + at.row * (size + 2));
        view.show(true);
      });
    }
    for (const [key, view] of this.#views) if (!used.has(key)) view.show(false);
  }

  /** @param {string} key @param {string} role */
  #view(key, role) {
    let view = this.#views.get(key);
    if (!view) {
      view = new WindowView(role);
      this.#views.set(key, view);
      this.element.append(view.element);
    }
    set(view.element, { "data-role": role });
    return view;
  }
}
