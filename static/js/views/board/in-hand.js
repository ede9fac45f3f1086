import { boxAt, cellIn, sizeOf, unravel } from "../../boxes.js";

/** @import {Model} from "../../model.js" */
/** @import {CellRef, Move} from "../../types.js" */

/**
 * The cell that a symbol of a phase stands for at a term; a single one stands for all.
 *
 * @param {Model} model
 * @param {number} index
 * @param {string} symbol
 * @param {number} turn
 * @param {number} term
 * @returns {CellRef | null}
 */
export function cellInHand(model, index, symbol, turn, term) {
  const phase = model.phases[index];
  const tensor = phase.reads[symbol] ?? phase.writes;
  const box = boxAt(phase, symbol, turn);
  const size = sizeOf(box);
  if (size > 1 && term >= size) return null;
  return {
    tensor,
    index: cellIn(box, model.tensor(tensor).shape, size > 1 ? term : 0),
  };
}

/**
 * The cells of the term in hand, of all phases of a move.
 *
 * @param {Model} model
 * @param {Move} move
 * @param {number} term
 * @returns {CellRef[]}
 */
export function cellsInHand(model, { group, turn }, term) {
  return group.flatMap((index) => {
    const { reads, writes } = model.phases[index];
    return [...Object.keys(reads), writes].flatMap(
      (symbol) => cellInHand(model, index, symbol, turn, term) ?? [],
    );
  });
}

/**
 * The index of the term in hand along every axis that has planes.
 *
 * @param {Model} model
 * @param {Move} move
 * @param {number} term
 */
export function planesInHand(model, move, term) {
  /** @type {Record<string, number>} */
  const planes = {};
  for (const { tensor, index } of cellsInHand(model, move, term)) {
    const { axes, shape } = model.tensor(tensor);
    const place = unravel(index, shape);
    axes.forEach((axis, i) => {
      if (axis !== "row" && axis !== "column") planes[axis] = place[i];
      // A map is made by the filter of its number.
      if (axis === "map") planes.filter ??= place[i];
      if (axis === "filter") planes.map ??= place[i];
    });
  }
  return planes;
}

/**
 * The planes that a move is in, along every axis; where it is in several, those of a term if they
 * are wanted.
 *
 * @param {Model} model
 * @param {Move} move
 * @param {number} term
 * @param {boolean} wanted
 */
export function planesOf(model, move, term, wanted) {
  const terms = move.group.map((index) => model.termsOf(index, move.turn));
  const [first, now, last] = [0, term, Math.max(...terms) - 1].map((at) =>
    planesInHand(model, move, at),
  );
  return Object.fromEntries(
    Object.entries(now).filter(
      ([axis]) => wanted || first[axis] === last[axis],
    ),
  );
}
