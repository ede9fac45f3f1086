/** @import {Relations} from "../tracing.js" */
/** @import {GridView} from "./grid.js" */
/** @import {Stage} from "./stage.js" */

/**
 * Mark what belongs to the cell that is pointed at.
 *
 * @param {Stage} stage
 * @param {Relations | null} relations
 */
export function showRelations(stage, relations) {
  const { scene, inputs, filters, maps, bias, layout } = stage;
  const padded = scene.phase.reads[scene.source];
  inputs.forEach((grid, i) => {
    const first = layout.channels[i] * scene.paddedArea;
    const met = relations?.meets.get(padded);
    grid.mark("data-meets", within(met, first, scene.paddedArea));
    grid.mark("data-pointed", pointedAt(grid, relations));
  });
  for (const grid of [...filters, ...maps, bias]) {
    if (!grid) continue;
    const { tensor, index } = grid.plane.first;
    const count = grid.plane.rows * grid.plane.columns;
    grid.mark("data-into", within(relations?.into.get(tensor), index, count));
    grid.mark("data-meets", within(relations?.meets.get(tensor), index, count));
    grid.mark("data-pointed", pointedAt(grid, relations));
  }
}

/**
 * Put what is pointed at in front, the step faint behind it, and leave out what measures a filter
 * where there is none.
 *
 * @param {SVGSVGElement} picture
 * @param {Stage} stage
 * @param {Relations | null} relations
 */
export function showFaint(picture, stage, relations) {
  picture.toggleAttribute("data-tracing", Boolean(relations?.into.size));
  picture
    .querySelector('[data-letter="F"]')
    ?.toggleAttribute("data-gone", stage.products[0] === null);
}

/**
 * The cells of a plane among those of its tensor.
 *
 * @param {Set<number> | undefined} cells
 * @param {number} first
 * @param {number} count
 */
function within(cells, first, count) {
  return [...(cells ?? [])]
    .map((cell) => cell - first)
    .filter((place) => place >= 0 && place < count);
}

/**
 * @param {GridView} grid
 * @param {Relations | null} relations
 */
function pointedAt(grid, relations) {
  const { tensor, index } = grid.plane.first;
  const own = (relations?.cell.index ?? -1) - index;
  const count = grid.plane.rows * grid.plane.columns;
  if (relations?.cell.tensor !== tensor || own < 0 || own >= count) return [];
  return [grid.placeOf(own)];
}
