import { write } from "../../dom.js";
import { LiveView } from "../live-view.js";
import { Cards } from "./cards.js";
import { CheckRow } from "./check-row.js";
import { planesInHand, planesOf } from "./in-hand.js";
import { BoardPicture } from "./picture.js";
import { relateThrough } from "./relations.js";
import { sentence } from "./said.js";

/** @import {Model} from "../../model.js" */
/** @import {Options} from "../live-view.js" */

/**
 * The figure of a backward pass.
 *
 * @extends {LiveView<BoardPicture, Cards>}
 */
export class BoardView extends LiveView {
  /** @type {Record<string, number>} The index of the planes shown, along each axis. */
  #planes = {};
  #checks = new CheckRow((request) => this.options.emit("check", request));

  /**
   * @param {Model} model
   * @param {Options} options
   */
  constructor(model, options) {
    super(model, options, {
      Picture: BoardPicture,
      sum: new Cards(),
      find: relateThrough,
      unit: "step",
    });
    this.sum.element.append(this.#checks.element);
  }

  /** @param {Model} model */
  prepare(model) {
    // Where the cards stand beside the frame, it is narrower than the figure.
    if (!this.picture.scene) this.width = this.frame.clientWidth;
    super.prepare(model);
  }

  place() {
    const space = { width: this.width, height: this.room };
    this.#planes = this.#planesNow();
    this.channel = this.#planes.channel;
    this.picture.build(this.player.model, space, this.#planes);
    this.#checks.show(this.player.model);
    const { channels, shownChannels } = this.picture.scene;
    const shown = shownChannels ?? [this.channel];
    // Channels without partial sums: what a move adds goes to all of them.
    const scene = /** @type {any} */ ({ channels, firstChannel: () => 0 });
    this.channels.show(scene, shown, null, 0, null);
  }

  /**
   * The planes to show, along every axis: those that the move is in, and where it is in several,
   * those of the term in hand while terms come one by one, else what was shown.
   *
   * @returns {Record<string, number>}
   */
  #planesNow() {
    const { player } = this;
    const { move, model } = player;
    /** @type {Record<string, number>} */
    const kept = { ...this.#planes, channel: this.channel };
    if (!move) return kept;
    // While another trace is being placed, what is pointed at belongs to the last one.
    const term = (this.ready ? this.#term : null) ?? player.term - 1;
    const pointed = this.pointing.term !== null;
    const follow = pointed || (!player.playing && !player.complete);
    Object.assign(kept, planesOf(model, move, Math.max(0, term), follow));
    return kept;
  }

  /** The term in hand: pointed at in the cards or on the board, else the last that came in. */
  get #term() {
    const { player, picture } = this;
    const { move, model } = player;
    if (!move || !model.playable) return null;
    const { relations, pinned } = this.pointing;
    const pointed = relations === pinned ? null : relations?.cell;
    const there = pointed ? picture.scene.termAt(move, pointed) : null;
    const chosen = this.pointing.term ?? there;
    if (chosen !== null) return chosen;
    let term = player.term - 1;
    // Of what is in sight, where not all is.
    if (player.complete && !picture.scene.whole)
      while (term > 0 && this.#away(planesInHand(model, move, term))) term--;
    return term < 0 ? null : term;
  }

  /** Whether a plane is of another channel than the one shown. @param {Record<string, number>} planes */
  #away({ channel }) {
    const all = this.picture.scene.shownChannels !== null;
    return !all && channel !== undefined && channel !== this.channel;
  }

  /** @param {number} slide */
  render(slide) {
    if (!this.ready) return;
    const { player, picture } = this;
    this.#follow();
    const { model } = player;
    const move = model.playable ? player.move : null;
    const { relations, pinned } = this.pointing;
    const term = this.#term;
    // A ring has one meaning at a time: what belongs to the pinned cell, or to the term in hand.
    const ringed = pinned && this.pointing.term === null ? null : term;
    picture.render(player, { move, term: ringed, relations, slide });
    this.sum.show(model, move, picture.totals, player.term, term);
    this.#tell();
  }

  /** Where not all planes fit, show those of the move. */
  #follow() {
    const { scene } = this.picture;
    if (scene.whole || this.pointing.relations) return;
    const now = this.#planesNow();
    const same = Object.keys(now).every(
      (axis) => now[axis] === this.#planes[axis],
    );
    if (!same) this.place();
  }

  #tell() {
    const { relations, readout, pinned } = this.pointing;
    if (!relations) {
      readout.show(null, null, {});
      return;
    }
    const { model } = this.player;
    const { tensor, index } = relations.cell;
    const value = this.picture.totals.now(tensor)[index];
    const held = relations === pinned;
    const written = model.phases.some(({ writes }) => writes === tensor);
    const editable = held && this.options.editable && !written;
    readout.show(sentence(model, relations, value), editable ? value : null, {
      pinned: held,
      step:
        held &&
        written &&
        model.playable &&
        !this.locked &&
        relations.steps.length > 0,
    });
  }

  /** Say where the play is, to those who listen: on manual steps and pauses only. */
  say() {
    const { position, length, move, model } = this.player;
    const titles = move?.group.map((index) => model.phases[index].title) ?? [];
    const words = titles.length ? `: ${titles.join("; ")}` : "";
    write(this.live, `Step ${position} of ${length}${words}.`);
  }
}
