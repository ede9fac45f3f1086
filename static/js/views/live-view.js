import { html, write } from "../dom.js";
import { Player } from "../player.js";
import { CellEditor } from "./cell-editor.js";
import { ChannelSwitch } from "./channels.js";
import { drive, slideTime } from "./playback.js";
import { Pointing } from "./pointing.js";
import { Transport } from "./transport.js";

/** @import {Model} from "../model.js" */
/** @import {relate} from "../tracing.js" */
/** @import {Border, CellRef} from "../types.js" */
/** @import {GridView, Host} from "./grid.js" */

/**
 * @typedef {object} Options
 * @property {number} width  Of the place for the picture, in pixels.
 * @property {number} start  The first position.
 * @property {boolean} sum  Whether the sum stands under the picture.
 * @property {boolean} editable
 * @property {(type: string, detail?: unknown) => void} emit
 */

/**
 * @template P, S
 * @typedef {object} Parts  What the kinds of view differ in.
 * @property {new (model: Model, host: Host) => P} Picture
 * @property {S} sum  What stands under the picture; tells "term" and "point".
 * @property {typeof relate} [find]  How the relations of a cell are found.
 * @property {string} [unit]  What a move of the player is called.
 */

/** In less than this many pixels nothing is drawn: the figure is hidden, or not laid out yet. */
const LEAST_WIDTH = 100;

/** @param {(detail: any) => void} act @returns {(event: Event) => void} */
export const detail = (act) => (event) =>
  act(/** @type {CustomEvent} */ (event).detail);

/**
 * What a live picture of a trace consists of, and how its parts speak to each other.
 *
 * A kind of view gives `place` and `render`, and says what it does in `toTerm` and `say`.
 *
 * @template {{element: Element, grids: GridView[], measure: (names: string[]) => void}} P
 * @template {{element: HTMLElement}} S
 */
export class LiveView {
  player;
  /** @type {P} */ picture;
  transport;
  pointing;
  /** @type {Border | null} */ border = null;
  channel = 0;
  room = 470;
  locked = false;
  width;
  /** Whether the grids of the newest trace are placed, so that values can go into them. */
  ready = false;
  #prepared = false;
  channels = new ChannelSwitch();
  live = html("p", { class: "visually-hidden", role: "status" });
  #editor = new CellEditor();
  frame = html("div", { class: "frame" });
  /** What is told and the player: on a phone they stay in sight together. */
  #dock = html("div", { class: "dock" });

  /**
   * @param {Model} model
   * @param {Options} options
   * @param {Parts<P, S>} parts
   */
  constructor(model, options, { Picture, sum, find, unit }) {
    this.options = options;
    this.width = options.width;
    this.sum = sum;
    this.pointing = new Pointing(options.editable, find);
    this.player = new Player(model, options.start);
    this.picture = new Picture(model, {
      pointed: (cell) => this.#point(cell),
      pinned: (cell) => this.#pin(cell),
      edit: (cell, typed) => this.#edit(cell, typed),
      released: () => this.pointing.release(),
    });
    this.transport = new Transport(this.player, unit);
    this.frame.append(this.channels.element, this.#editor.element);
    this.#dock.append(this.pointing.readout.element, this.transport.element);
    this.#listen();
    this.#listenToParts();
    drive(this.player);
    this.#watchWidth();
  }

  /** The elements, from top to bottom. */
  get elements() {
    const sum = this.options.sum ? [this.sum.element] : [];
    const readout = this.pointing.readout.element;
    return [this.frame, ...sum, readout, this.transport.element, this.live];
  }

  /** The same as they stand in the figure, what is told in one block with the player. */
  get blocks() {
    const sum = this.options.sum ? [this.sum.element] : [];
    return [this.frame, ...sum, this.#dock, this.live];
  }

  /** Another trace in the same place. @param {Model} model */
  renew(model) {
    this.prepare(model);
    this.show();
  }

  /** Place the grids of another trace, still without its values. @param {Model} model */
  prepare(model) {
    this.pointing.renew(model);
    this.ready = false;
    this.#prepared = true;
    this.player.model = model;
    if (this.width >= LEAST_WIDTH) this.place();
  }

  /** Show the values in the grids that were placed. */
  show() {
    this.ready = this.width >= LEAST_WIDTH;
    this.render(0);
    // Nobody meets the first grids before their values.
    const { element } = this.picture;
    if (!element.parentNode) this.#editor.element.before(element);
  }

  build() {
    if (this.width < LEAST_WIDTH) return;
    // Taking out a grid that has the focus speaks of the pointer, while half is built.
    this.ready = false;
    this.place();
    this.show();
  }

  /** Place the grids of another channel, still without its values. @param {number} channel */
  placeChannel(channel) {
    this.channel = channel;
    this.place();
  }

  /** Place the grids. @abstract */
  place() {}

  /** Show the values and the move in view. @abstract @param {number} _slide  Milliseconds. */
  render(_slide) {}

  /** Go to a term of the move in view. @param {number} term */
  toTerm(term) {
    this.player.pause();
    this.player.seekTerm(term);
    this.say();
  }

  /** Tell those who listen where the play is: on manual steps and pauses only. @abstract */
  say() {}

  #listen() {
    const { player } = this;
    player.addEventListener("change", () => this.#changed());
    player.addEventListener("play", () => {
      if (player.playing) this.pointing.release();
      else this.say();
    });
    this.transport.element.addEventListener("stepped", () => this.say());
    this.transport.heed(this.elements);
  }

  #listenToParts() {
    const { pointing } = this;
    const { element } = this.sum;
    element.addEventListener(
      "term",
      detail((term) => this.toTerm(term)),
    );
    element.addEventListener(
      "point",
      detail((term) => {
        pointing.term = term;
        this.render(0);
      }),
    );
    this.channels.element.addEventListener(
      "channel",
      detail((channel) => {
        this.channel = channel;
        this.build();
        this.options.emit("moved");
      }),
    );
    pointing.addEventListener("change", () => this.render(0));
    pointing.addEventListener(
      "value",
      detail((edit) => this.options.emit("edit", edit)),
    );
    pointing.addEventListener(
      "go",
      detail((step) => this.go(step)),
    );
  }

  #watchWidth() {
    new ResizeObserver(([entry]) => {
      const { width } = entry.contentRect;
      if (Math.abs(width - this.width) <= 1) return;
      this.width = width;
      if (this.#prepared) this.build();
    }).observe(this.frame);
  }

  #changed() {
    const { player } = this;
    if (!this.ready) return; // a new model announces itself before its picture is built
    this.pointing.term = null;
    this.render(slideTime(player));
    this.options.emit("moved");
    if (player.position === player.length && player.complete)
      this.options.emit("finished");
  }

  /** @param {CellRef | null} cell */
  #point(cell) {
    const { player } = this;
    if (player && !player.playing && !this.#editor.open)
      this.pointing.point(player.model, cell);
  }

  /** @param {CellRef} cell */
  #pin(cell) {
    const { player } = this;
    if (!player || !cell.tensor) return;
    player.pause();
    this.pointing.pin(player.model, cell);
    write(this.live, this.pointing.readout.text);
  }

  /** @param {{phase: number, turn: number} | undefined} step */
  go(step) {
    this.pointing.release();
    if (step) this.player.goTo(step);
  }

  /** Lay the editor over a cell. @param {CellRef} cell @param {string | null} typed */
  #edit(cell, typed) {
    const { options, picture, player } = this;
    const grid = picture.grids.find((view) => view.holds(cell));
    if (!options.editable || !grid) return;
    player.pause();
    const own = cell.index - grid.plane.first.index;
    const place = grid.at(grid.placeOf(own)).fill.getBoundingClientRect();
    const value = player.values(cell.tensor)[cell.index];
    const around = this.frame.getBoundingClientRect();
    this.#editor.edit(place, around, value, typed, (next) => {
      grid.focus(own);
      if (next !== null && next !== value)
        options.emit("edit", { ...cell, value: next });
    });
  }
}
