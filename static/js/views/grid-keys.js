/** @import {GridView} from "./grid.js" */

/**
 * Let a grid be pointed at, focused, pinned and edited, by pointer and by keys.
 *
 * @param {GridView} grid
 */
export function listen(grid) {
  const { element, host, plane } = grid;
  /** @param {(own: number, event: any) => void} act */
  const onCell = (act) => (/** @type {Event} */ event) => {
    const target = /** @type {Element} */ (event.target).closest("[data-own]");
    if (target) act(Number(target.getAttribute("data-own")), event);
  };
  element.addEventListener(
    "pointerover",
    onCell((own) => host.pointed(grid.ref(own))),
  );
  element.addEventListener("pointerleave", () => host.pointed(null));
  element.addEventListener(
    "focusin",
    onCell((own) => {
      grid.focus(own);
      host.pointed(grid.ref(own));
    }),
  );
  element.addEventListener("focusout", () => host.pointed(null));
  element.addEventListener(
    "click",
    onCell((own) => {
      grid.focus(own);
      host.pinned(grid.ref(own));
    }),
  );
  element.addEventListener(
    "dblclick",
    onCell((own) => plane.editable && host.edit(grid.ref(own), null)),
  );
  element.addEventListener(
    "keydown",
    onCell((own, event) => {
      if (event.altKey || event.metaKey) return;
      if (!move(grid, own, event) && !act(grid, own, event)) return;
      event.preventDefault();
      event.stopPropagation();
    }),
  );
}

/**
 * @param {GridView} grid
 * @param {number} own
 * @param {KeyboardEvent} event
 * @returns {boolean} Whether the key moves the focus.
 */
function move(grid, own, { key, ctrlKey }) {
  const { rows, columns } = grid.plane;
  const [row, column] = [Math.floor(own / columns), own % columns];
  const way = grid.turned ? -1 : 1;
  /** @type {Record<string, [number, number]>} */
  const moves = {
    ArrowLeft: [row, column - way],
    ArrowRight: [row, column + way],
    ArrowUp: [row - way, column],
    ArrowDown: [row + way, column],
    Home: [ctrlKey ? 0 : row, 0],
    End: [ctrlKey ? rows - 1 : row, columns - 1],
  };
  if (!moves[key]) return false;
  const [r, c] = moves[key];
  if (r >= 0 && r < rows && c >= 0 && c < columns) grid.focus(r * columns + c);
  return true;
}

/**
 * @param {GridView} grid
 * @param {number} own
 * @param {KeyboardEvent} event
 * @returns {boolean} Whether the key does something with the cell.
 */
function act(grid, own, { key, ctrlKey }) {
  const { host, plane } = grid;
  const cell = grid.ref(own);
  if (plane.editable && (key === "F2" || key === "Enter"))
    host.edit(cell, null);
  else if (plane.editable && !ctrlKey && /^[-+.,\d\u2212]$/.test(key))
    host.edit(cell, key);
  else if (plane.editable && (key === "Delete" || key === "Backspace"))
    host.edit(cell, "");
  else if (key === " " || key === "Enter") host.pinned(cell);
  else if (key === "Escape") host.released();
  else return false;
  return true;
}
