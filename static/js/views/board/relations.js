import { boxAt, cellsOf, placesIn, unravel } from "../../boxes.js";
import { relate } from "../../tracing.js";

/** @import {Model} from "../../model.js" */
/** @import {Relations} from "../../tracing.js" */
/** @import {CellRef, Phase} from "../../types.js" */

/**
 * What belongs to a cell, forward and backward. What was computed before the play counts as well;
 * what only moves cells about (zeros put between, the border cut off) is looked through.
 *
 * @param {Model} model
 * @param {CellRef} cell
 * @returns {Relations}
 */
export function relateThrough(model, cell) {
  const phases = model.phases.map((phase) => ({
    ...phase,
    setup: phase.setup ? isCopy(phase) : isMoved(model, phase),
  }));
  const reading = /** @type {Model} */ (
    Object.assign(Object.create(model), { phases })
  );
  const relations = relate(reading, cell);
  for (const phase of phases) {
    if (!phase.setup || phase.writes !== cell.tensor) continue;
    for (const source of sourcesOf(model, phase, cell.index)) {
      const { from, steps } = relate(reading, source);
      join(relations.from, from);
      relations.steps.push(...steps);
      join(relations.from, new Map([[source.tensor, [source.index]]]));
    }
  }
  relations.steps = playedOf(model, relations);
  return relations;
}

/** The played steps that write a cell, or else those that read it. @param {Model} model @param {Relations} relations */
function playedOf({ phases }, { steps, cell }) {
  const played = steps.filter(({ phase }) => !phases[phase].setup);
  const writes = played.filter(
    ({ phase }) => phases[phase].writes === cell.tensor,
  );
  return writes.length ? writes : played;
}

/** Whether a phase only brings cells elsewhere. @param {Phase} phase */
const isCopy = ({ combine, reads }) =>
  combine === "each" && Object.keys(reads).length === 1;

/** Whether a played phase brings a tensor of gradients as it is to another of its kind. @param {Model} model @param {Phase} phase */
function isMoved(model, phase) {
  if (!isCopy(phase)) return false;
  const [read] = Object.values(phase.reads).map((name) => model.tensor(name));
  const written = model.tensor(phase.writes);
  return (
    read.axes.length === written.axes.length &&
    written.role === "gradient" &&
    phase.steps < written.values.length &&
    `${read.shape}` !== `${written.shape}` &&
    (written.gradientOf === null || extendsOther(model, read.gradientOf))
  );
}

/** @param {Model} model @param {string | null} name */
const extendsOther = (model, name) =>
  name !== null && (model.tensors[name]?.extends ?? null) !== null;

/**
 * The cells that a phase has brought to one of the cells it writes.
 *
 * @param {Model} model
 * @param {Phase} phase
 * @param {number} written
 * @returns {CellRef[]}
 */
function sourcesOf(model, phase, written) {
  const index = unravel(written, model.tensor(phase.writes).shape);
  const [[symbol, tensor]] = Object.entries(phase.reads);
  const found = [];
  for (let turn = 0; turn < phase.steps; turn++) {
    const places = placesIn(boxAt(phase, phase.writes, turn), index);
    if (!places.length) continue;
    const { shape } = model.tensor(tensor);
    const cells = cellsOf(boxAt(phase, symbol, turn), shape);
    found.push(...places.map((at) => ({ tensor, index: cells[at] })));
  }
  return found;
}

/**
 * @param {Map<string, Set<number>>} all
 * @param {Map<string, Iterable<number>>} more
 */
function join(all, more) {
  for (const [name, cells] of more) {
    const joined = all.get(name) ?? new Set();
    for (const cell of cells) joined.add(cell);
    all.set(name, joined);
  }
}
