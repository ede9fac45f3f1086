import { html, write } from "../dom.js";
import { Player } from "../player.js";
import { CellEditor } from "./cell-editor.js";
import { ChannelSwitch } from "./channels.js";
import { Chips } from "./chips.js";
import { Picture } from "./picture.js";
import { editCell, offerKeys, watchWidth } from "./figure-parts.js";
import { drive, slideTime, spoken } from "./playback.js";
import { Pointing } from "./pointing.js";
import { Transport } from "./transport.js";

/** @import {Model} from "../model.js" */
/** @import {Border, CellRef} from "../types.js" */

/**
 * @typedef {object} Options
 * @property {number} width  Of the place for the picture, in pixels.
 * @property {number} start  The first position.
 * @property {boolean} sum  Whether the sum stands under the picture.
 * @property {boolean} editable
 * @property {(type: string, detail?: unknown) => void} emit
 */

/** What a figure consists of, and how its parts speak to each other. */
export class FigureView {
  player;
  picture;
  transport;
  /** @type {Border | null} */ border = null;
  channel = 0;
  room = 470;
  locked = false;
  #width = 0;
  #shown = -1;
  #ready = false;
  #pointing;
  #chips = new Chips();
  #channels = new ChannelSwitch();
  #editor = new CellEditor();
  #live = html("p", { class: "visually-hidden", role: "status" });
  #frame = html("div", { class: "frame" });

  /**
   * @param {Model} model
   * @param {Options} options
   */
  constructor(model, options) {
    this.options = options;
    this.#width = options.width;
    this.#pointing = new Pointing(options.editable);
    this.player = new Player(model, options.start);
    this.picture = new Picture(model, {
      pointed: (cell) => this.#point(cell),
      pinned: (cell) => this.#pin(cell),
      edit: (cell, typed) => this.#edit(cell, typed),
      released: () => this.#pointing.release(),
    });
    this.transport = new Transport(this.player);
    this.#frame.append(
      this.#channels.element,
      this.picture.element,
      this.#editor.element,
    );
    this.#listen();
    drive(this.player);
    watchWidth(this.#frame, options.width, (width) => {
      this.#width = width;
      this.build();
    });
  }

  /** The elements, from top to bottom. */
  get elements() {
    const sum = this.options.sum ? [this.#chips.element] : [];
    const readout = this.#pointing.readout.element;
    return [this.#frame, ...sum, readout, this.transport.element, this.#live];
  }

  /** Another trace in the same place. @param {Model} model */
  renew(model) {
    const { turned } = this.picture.scene;
    this.#pointing.renew(model);
    this.#ready = false;
    this.player.model = model;
    this.build();
    if (turned !== this.picture.scene.turned) this.picture.turnFilter();
  }

  #listen() {
    const { player, transport } = this;
    const detail =
      (/** @type {(detail: any) => void} */ act) =>
      (/** @type {Event} */ event) =>
        act(/** @type {CustomEvent} */ (event).detail);
    player.addEventListener("change", () => this.#changed());
    player.addEventListener("play", () => {
      if (player.playing) this.#pointing.release();
      else this.#say();
    });
    transport.element.addEventListener("stepped", () => this.#say());
    this.#chips.element.addEventListener(
      "term",
      detail((term) => this.#toTerm(term)),
    );
    this.#chips.element.addEventListener(
      "point",
      detail((term) => {
        this.#pointing.term = term;
        this.#render(0);
      }),
    );
    this.#chips.element.addEventListener(
      "measure",
      detail((names) => this.picture.measure(names)),
    );
    this.#channels.element.addEventListener(
      "channel",
      detail((channel) => {
        this.channel = channel;
        this.build();
        this.options.emit("moved");
      }),
    );
    this.#pointing.addEventListener("change", () => this.#render(0));
    this.#pointing.addEventListener(
      "value",
      detail((edit) => this.options.emit("edit", edit)),
    );
    this.#pointing.addEventListener(
      "go",
      detail((step) => this.#go(step)),
    );
    offerKeys(this.elements, transport);
  }

  build() {
    if (this.#width < 100) return;
    // Taking out a grid that has the focus speaks of the pointer, while half is built.
    this.#ready = false;
    this.#place();
    this.#ready = true;
    this.#render(0);
  }

  #place() {
    const space = {
      width: this.#width,
      height: this.room,
      channel: this.channel,
    };
    this.picture.build(this.player.model, this.border, space);
  }

  #changed() {
    const { player } = this;
    if (!this.#ready) return; // a new model announces itself before its picture is built
    this.#pointing.term = null;
    this.#render(slideTime(player));
    this.options.emit("moved");
    if (player.position === player.length && player.complete)
      this.options.emit("finished");
  }

  /** The step in view: of the output that is pointed at or pinned, else the player's. */
  #step() {
    const { player, picture } = this;
    const pointed = this.#pointing.stepOf(picture.scene);
    if (pointed) return { ...pointed, whole: true };
    if (!player.move || !player.model.playable) return null;
    return { ...player.move, whole: false };
  }

  /** @param {number} slide */
  #render(slide) {
    if (!this.#ready) return;
    const { player, picture } = this;
    const step = this.#step();
    const turn = step?.turn ?? null;
    const running = step !== null && !step.whole;
    const now =
      this.#pointing.term ??
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
    const { relations } = this.#pointing;
    picture.render(player, {
      turn,
      term,
      now,
      relations,
      slide: moves ? slide : 0,
    });
    this.#chips.show(scene, turn, numbers, term, now, (symbol, at) =>
      scene.operands(symbol, at),
    );
    this.#channels.show(scene, picture.channels, numbers, term, turn);
    this.#pointing.tell(scene, player, player.model.playable && !this.locked);
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
    if (channel === this.channel) return;
    this.channel = channel;
    this.#place();
  }

  /** @param {CellRef | null} cell */
  #point(cell) {
    const { player } = this;
    if (player && !player.playing && !this.#editor.open)
      this.#pointing.point(player.model, cell);
  }

  /** @param {CellRef} cell */
  #pin(cell) {
    const { player } = this;
    if (!player || !cell.tensor) return;
    player.pause();
    this.#pointing.pin(player.model, cell);
    write(this.#live, this.#pointing.readout.text);
  }

  /** @param {{phase: number, turn: number} | undefined} step */
  #go(step) {
    this.#pointing.release();
    if (step) this.player.goTo(step);
  }

  /** @param {CellRef} cell @param {string | null} typed */
  #edit(cell, typed) {
    if (!this.options.editable) return;
    const { picture, player } = this;
    editCell(
      this.#editor,
      this.#frame,
      picture.grids,
      player,
      cell,
      typed,
      (edit) => this.options.emit("edit", edit),
    );
  }

  /** @param {number} term */
  #toTerm(term) {
    const { player } = this;
    player.pause();
    const step = this.#step();
    if (step?.whole) this.#go(step);
    player.seekTerm(term);
    this.#say();
  }

  /** Say the current sum to those who listen: on manual steps and pauses only. */
  #say() {
    write(this.#live, spoken(this.player));
  }
}
