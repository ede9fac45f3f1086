import { write } from "../dom.js";
import { Chips } from "./chips.js";
import { offerView } from "./kinds.js";
import { detail, LiveView } from "./live-view.js";
import { Picture } from "./picture.js";
import { spoken } from "./playback.js";

/** @import {Model} from "../model.js" */
/** @import {Reply} from "../types.js" */
/** @import {Options} from "./live-view.js" */

/**
 * The figure of a window that slides.
 *
 * @extends {LiveView<Picture, Chips>}
 */
export class FigureView extends LiveView {
  #shown = -1;

  /**
   * @param {Model} model
   * @param {Options} options
   */
  constructor(model, options) {
    super(model, options, { Picture, sum: new Chips() });
    this.sum.element.addEventListener(
      "measure",
      detail((names) => this.picture.measure(names)),
    );
  }

  /** Another trace in the same place. @param {Model} model */
  renew(model) {
    const { turned } = this.picture.scene;
    super.renew(model);
    if (turned !== this.picture.scene.turned) this.picture.turnFilter();
  }

  place() {
    const space = {
      width: this.width,
      height: this.room,
      channel: this.channel,
    };
    this.picture.build(this.player.model, this.border, space);
  }

  /** The step in view: of the output that is pointed at or pinned, else the player's. */
  #step() {
    const { player, picture } = this;
    const pointed = this.pointing.stepOf(picture.scene);
    if (pointed) return { ...pointed, whole: true };
    if (!player.move || !player.model.playable) return null;
    return { ...player.move, whole: false };
  }

  /** @param {number} slide */
  render(slide) {
    if (!this.ready) return;
    const { player, picture } = this;
    const step = this.#step();
    const turn = step?.turn ?? null;
    const running = step !== null && !step.whole;
    const now =
      this.pointing.term ??
      (running && !player.complete ? player.term - 1 : null);
    this.#follow(now, turn);
    const { scene } = picture;
    const term = running ? player.term : scene.termsAt(turn);
    const numbers =
      turn === null ? null : player.model.numbers(scene.phaseIndex, turn);
    if (turn !== null && !numbers)
      this.options.emit("explain", { phase: scene.phaseIndex, turn });
    const moves = turn !== this.#shown;
    this.#shown = turn ?? -1;
    const { relations } = this.pointing;
    picture.render(player, {
      turn,
      term,
      now,
      relations,
      slide: moves ? slide : 0,
    });
    this.sum.show(scene, turn, numbers, term, now, (symbol, at) =>
      scene.operands(symbol, at),
    );
    this.channels.show(scene, picture.channels, numbers, term, turn);
    this.pointing.tell(scene, player, player.model.playable && !this.locked);
  }

  /**
   * Where only one channel fits, show the one whose term is in hand, and with another step one
   * that it reads.
   *
   * @param {number | null} now
   * @param {number | null} turn
   */
  #follow(now, turn) {
    const { scene, channels } = this.picture;
    if (turn === null || channels.length === scene.channels) return;
    const first = scene.firstChannel(turn);
    const read = this.channel >= first && this.channel < first + scene.depth;
    const term = Math.floor(Math.max(0, now ?? 0) / scene.area);
    const stay = read || turn === this.#shown;
    const channel = now === null && stay ? this.channel : first + term;
    if (channel !== this.channel) this.placeChannel(channel);
  }

  /** @param {number} term */
  toTerm(term) {
    const { player } = this;
    player.pause();
    const step = this.#step();
    if (step?.whole) this.go(step);
    player.seekTerm(term);
    this.say();
  }

  /** Say the current sum to those who listen: on manual steps and pauses only. */
  say() {
    write(this.live, spoken(this.player));
  }
}

const hasNoGradient = (/** @type {Reply} */ { tensors }) =>
  Object.values(tensors).every(({ role }) => role !== "gradient");
offerView(hasNoGradient, FigureView);
