import { boxAt, cellsOf, placesIn, sizeOf, turnOf, unravel } from "./boxes.js";

/** @import {Model} from "./model.js" */
/** @import {CellRef, Phase} from "./types.js" */

/**
 * What belongs to a cell: the cells it is made of, the cells it goes into, the cells it meets.
 *
 * @typedef {object} Relations
 * @property {CellRef} cell
 * @property {Map<string, Set<number>>} from  Cells it was computed from.
 * @property {Map<string, Set<number>>} into  Cells computed from it.
 * @property {Map<string, Set<number>>} meets  Cells it is multiplied with.
 * @property {{phase: number, turn: number}[]} steps  The played steps it takes part in.
 */

/**
 * Find all relations of a cell, through padding and whatever else was prepared.
 *
 * @param {Model} model
 * @param {CellRef} cell
 * @returns {Relations}
 */
export function relate(model, cell) {
  /** @type {Relations} */
  const relations = {
    cell,
    from: new Map(),
    into: new Map(),
    meets: new Map(),
    steps: [],
  };
  const copies = new Map([[cell.tensor, new Set([cell.index])]]);
  model.phases.forEach((phase, index) => {
    if (phase.setup) copyForward(model, phase, copies);
    else followPhase(model, index, copies, relations);
  });
  for (const phase of [...model.phases].reverse()) {
    if (phase.setup) {
      copyBack(model, phase, relations.from);
      copyBack(model, phase, relations.meets);
    }
  }
  return relations;
}

/**
 * @param {Model} model
 * @param {number} index
 * @param {Map<string, Set<number>>} copies
 * @param {Relations} relations
 */
function followPhase(model, index, copies, relations) {
  const phase = model.phases[index];
  const { cell } = relations;
  if (phase.writes === cell.tensor) {
    const place = unravel(cell.index, model.tensor(cell.tensor).shape);
    for (const turn of stepsWith(model, phase, phase.writes, cell.index)) {
      relations.steps.push({ phase: index, turn });
      const written = boxAt(phase, phase.writes, turn);
      const single = sizeOf(written) === 1;
      const places = placesIn(written, place);
      for (const [symbol, tensor] of Object.entries(phase.reads)) {
        const cells = boxCells(model, phase, symbol, turn);
        addAll(relations.from, tensor, single ? cells : paired(cells, places));
      }
    }
  }
  for (const [symbol, tensor] of Object.entries(phase.reads)) {
    const factors = Object.keys(phase.reads).filter(
      (other) => !phase.extra.includes(other),
    );
    for (const copy of copies.get(tensor) ?? []) {
      for (const turn of stepsWith(model, phase, symbol, copy)) {
        relations.steps.push({ phase: index, turn });
        const box = boxAt(phase, symbol, turn);
        const places = placesIn(box, unravel(copy, model.tensor(tensor).shape));
        const written = model.written(index, turn);
        addAll(
          relations.into,
          phase.writes,
          sizeOf(box) === 1 ? written : paired(written, places),
        );
        if (phase.extra.includes(symbol)) continue;
        for (const other of factors.filter((name) => name !== symbol)) {
          const cells = boxCells(model, phase, other, turn);
          const met = sizeOf(box) === 1 ? cells : paired(cells, places);
          addAll(relations.meets, phase.reads[other], met);
        }
      }
    }
  }
}

/**
 * The cells at some places of a box; a single one stands for all.
 *
 * @param {number[]} cells
 * @param {number[]} places
 */
function paired(cells, places) {
  return cells.length === 1 ? cells : places.map((at) => cells[at]);
}

/**
 * The turns of a phase at which a symbol's box holds a cell.
 *
 * @param {Model} model
 * @param {Phase} phase
 * @param {string} symbol
 * @param {number} flat
 * @returns {number[]}
 */
export function stepsWith(model, phase, symbol, flat) {
  const name = symbol === phase.writes ? phase.writes : phase.reads[symbol];
  const index = unravel(flat, model.tensor(name).shape);
  const turns = [];
  const spans = phase.bind[symbol];
  for (let n = 0; n < phase.steps; n++) {
    if (phase.boxes.length) {
      if (placesIn(phase.boxes[n][symbol], index).length) turns.push(n);
      continue;
    }
    const turn = turnOf(phase, n);
    const inside = spans.every(([start, count, step, moves], axis) => {
      let offset = index[axis] - start;
      for (let loop = 0; loop < moves.length; loop++)
        offset -= moves[loop] * turn[loop];
      if (step === 0) return offset === 0;
      return offset % step === 0 && offset / step >= 0 && offset / step < count;
    });
    if (inside) turns.push(n);
  }
  return turns;
}

/**
 * @param {Model} model
 * @param {Phase} phase
 * @param {string} symbol
 * @param {number} turn
 */
function boxCells(model, phase, symbol, turn) {
  return cellsOf(
    boxAt(phase, symbol, turn),
    model.tensor(phase.reads[symbol]).shape,
  );
}

/**
 * Carry cells through a prepared phase: every copy of them in the tensor it writes.
 *
 * @param {Model} model
 * @param {Phase} phase
 * @param {Map<string, Set<number>>} copies
 */
function copyForward(model, phase, copies) {
  for (const [symbol, tensor] of Object.entries(phase.reads)) {
    for (const flat of copies.get(tensor) ?? []) {
      const index = unravel(flat, model.tensor(tensor).shape);
      for (let turn = 0; turn < phase.steps; turn++) {
        const places = placesIn(boxAt(phase, symbol, turn), index);
        if (!places.length) continue;
        const shape = model.tensor(phase.writes).shape;
        const targets = cellsOf(boxAt(phase, phase.writes, turn), shape);
        addAll(
          copies,
          phase.writes,
          places.map((at) => targets[at]),
        );
      }
    }
  }
}

/**
 * Carry cells back through a prepared phase to the cells they were copied from.
 *
 * @param {Model} model
 * @param {Phase} phase
 * @param {Map<string, Set<number>>} cells
 */
function copyBack(model, phase, cells) {
  const shape = model.tensor(phase.writes).shape;
  for (const flat of cells.get(phase.writes) ?? []) {
    const index = unravel(flat, shape);
    for (let turn = 0; turn < phase.steps; turn++) {
      const places = placesIn(boxAt(phase, phase.writes, turn), index);
      for (const [symbol, tensor] of Object.entries(phase.reads)) {
        const sources = boxCells(model, phase, symbol, turn);
        addAll(
          cells,
          tensor,
          places.map((at) => sources[at]),
        );
      }
    }
  }
}

/**
 * @param {Map<string, Set<number>>} sets
 * @param {string} name
 * @param {Iterable<number>} cells
 */
function addAll(sets, name, cells) {
  let set = sets.get(name);
  if (!set) sets.set(name, (set = new Set()));
  for (const cell of cells) set.add(cell);
}
