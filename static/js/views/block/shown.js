import { math } from "../../dom.js";
import { partsOf } from "../graph/formula.js";
import { Shown } from "../graph/shown.js";

/** @import {Model} from "../../model.js" */
/** @import {CellRef} from "../../types.js" */
/** @import {Contributions} from "../graph/contributions.js" */
/** @import {StopPlayer} from "../graph/stop-player.js" */
/** @import {Graph} from "../graph/structure.js" */

/** Terms of so few numbers are all written out. */
const FEW = 2;

/** What of the chain can be seen: the cell in hand, and the stop that writes it. */
export class StageShown extends Shown {
  #done;

  /**
   * @param {Model} model
   * @param {Graph} graph
   * @param {StopPlayer} player
   * @param {CellRef | null} pointed  A cell that is chosen; else the stop in hand counts.
   * @param {number} last  The cell of that stop.
   * @param {Contributions} given
   */
  constructor(model, graph, player, pointed, last, given) {
    super(
      model,
      graph,
      player,
      { sample: null, selected: pointed?.tensor ?? null },
      given,
    );
    this.#done = player.written;
    /** The stop that is played, whatever is pointed at. */
    this.played = player.stop;
    const tensor = pointed?.tensor ?? player.stop?.tensor;
    /** @type {CellRef | null} */
    this.cell = null;
    if (tensor) {
      const { length } = model.tensor(tensor).values;
      this.cell = {
        tensor,
        index: Math.min(pointed?.index ?? last, length - 1),
      };
    }
    if (pointed)
      this.stop = graph.stops.find(({ tensor: one }) => one === tensor) ?? null;
  }

  get gradient() {
    const { tensor } = this.cell ?? {};
    return tensor && this.model.tensor(tensor).gradientOf ? tensor : null;
  }

  get node() {
    const { tensor } = this.cell ?? {};
    return tensor ? (this.model.tensor(tensor).gradientOf ?? tensor) : null;
  }

  /** @param {string} name */
  cells(name) {
    return [name === this.cell?.tensor ? this.cell.index : 0];
  }

  /** Of what is given only gradients are told of: they came from behind. @param {string} name */
  isWritten(name) {
    const { gradientOf } = this.model.tensor(name);
    return (
      (!this.model.given(name) || gradientOf !== null) && this.isThere(name)
    );
  }

  /** Whether a tensor has its values. @param {string} name */
  isThere(name) {
    if (this.model.given(name)) return true;
    const at = this.graph.stops.findIndex(({ tensor }) => tensor === name);
    return at >= 0 && at < this.#done;
  }

  /** @param {number} phase */
  most(phase) {
    const { term } = partsOf(math(this.model.phases[phase].formula.numbers));
    const slots = term.reduce(
      (all, part) =>
        all +
        part.querySelectorAll("[data-slot]").length +
        Number(part.hasAttribute("data-slot")),
      0,
    );
    return slots > FEW ? 0 : 9;
  }
}
