/** @import {Player} from "../player.js" */
/** @import {CellRef} from "../types.js" */
/** @import {CellEditor} from "./cell-editor.js" */
/** @import {GridView} from "./grid.js" */
/** @import {Transport} from "./transport.js" */

/**
 * Tell when an element has another width.
 *
 * @param {Element} element
 * @param {number} width  The one it has.
 * @param {(width: number) => void} act
 */
export function watchWidth(element, width, act) {
  let last = width;
  const observer = new ResizeObserver(([entry]) => {
    const next = entry.contentRect.width;
    if (Math.abs(next - last) <= 1) return;
    last = next;
    act(next);
  });
  observer.observe(element);
}

/**
 * Give the player the keys that nothing else takes.
 *
 * @param {HTMLElement[]} elements
 * @param {Transport} transport
 */
export function offerKeys(elements, transport) {
  const keyed = (/** @type {KeyboardEvent} */ event) => {
    const target = /** @type {HTMLElement} */ (event.target);
    const other = event.ctrlKey || event.altKey || event.metaKey;
    const own =
      target.matches("input, select, textarea") ||
      (event.key === " " && target.matches("button"));
    if (!event.defaultPrevented && !other && !own) transport.key(event);
  };
  for (const element of elements) element.addEventListener("keydown", keyed);
}

/**
 * Lay the editor over a cell.
 *
 * @param {CellEditor} editor
 * @param {Element} frame  That holds the editor.
 * @param {GridView[]} grids
 * @param {Player} player
 * @param {CellRef} cell
 * @param {string | null} typed
 * @param {(edit: CellRef & {value: number}) => void} done
 */
export function editCell(editor, frame, grids, player, cell, typed, done) {
  player.pause();
  const grid = grids.find((view) => view.holds(cell));
  if (!grid) return;
  const own = cell.index - grid.plane.first.index;
  const place = grid.at(grid.placeOf(own)).fill.getBoundingClientRect();
  const value = player.values(cell.tensor)[cell.index];
  const around = frame.getBoundingClientRect();
  editor.edit(place, around, value, typed, (next) => {
    grid.focus(own);
    if (next !== null && next !== value) done({ ...cell, value: next });
  });
}
