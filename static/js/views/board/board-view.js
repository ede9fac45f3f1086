import { html, write } from "../../dom.js";
import { Player } from "../../player.js";
import { CellEditor } from "../cell-editor.js";
import { ChannelSwitch } from "../channels.js";
import { editCell, offerKeys, watchWidth } from "../figure-parts.js";
import { drive, slideTime } from "../playback.js";
import { Pointing } from "../pointing.js";
import { Transport } from "../transport.js";
import { Cards } from "./cards.js";
import { planesInHand, planesOf } from "./in-hand.js";
import { BoardPicture } from "./picture.js";
import { relateThrough } from "./relations.js";
import { sentence } from "./said.js";

/** @import {Model} from "../../model.js" */
/** @import {Border, CellRef} from "../../types.js" */
/** @import {Options} from "../figure-view.js" */

/** @param {(detail: any) => void} act @returns {(event: Event) => void} */
const detail = (act) => (event) =>
  act(/** @type {CustomEvent} */ (event).detail);

/** What the figure of a backward pass consists of, and how its parts speak to each other. */
export class BoardView {
  player;
  picture;
  transport;
  /** @type {Border | null} */ border = null;
  channel = 0;
  room = 470;
  locked = false;
  #width;
  #ready = false;
  /** @type {Record<string, number>} The index of the planes shown, along each axis. */
  #planes = {};
  #channels = new ChannelSwitch();
  #pointing;
  #cards = new Cards();
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
    this.#pointing = new Pointing(options.editable, relateThrough);
    this.player = new Player(model, options.start);
    this.picture = new BoardPicture(model, {
      pointed: (cell) => this.#point(cell),
      pinned: (cell) => this.#pin(cell),
      edit: (cell, typed) => this.#edit(cell, typed),
      released: () => this.#pointing.release(),
    });
    this.transport = new Transport(this.player, "step");
    this.#frame.append(
      this.#channels.element,
      this.picture.element,
      this.#editor.element,
    );
    this.#listen();
    drive(this.player);
    watchWidth(this.#frame, this.#width, (width) => {
      this.#width = width;
      this.build();
    });
  }

  /** The elements, from top to bottom. */
  get elements() {
    const sum = this.options.sum ? [this.#cards.element] : [];
    const readout = this.#pointing.readout.element;
    return [this.#frame, ...sum, readout, this.transport.element, this.#live];
  }

  /** Another trace in the same place. @param {Model} model */
  renew(model) {
    this.#pointing.renew(model);
    this.#ready = false;
    this.player.model = model;
    this.build();
  }

  #listen() {
    const { player, transport } = this;
    player.addEventListener("change", () => this.#changed());
    player.addEventListener("play", () => {
      if (player.playing) this.#pointing.release();
      else this.#say();
    });
    transport.element.addEventListener("stepped", () => this.#say());
    const cards = this.#cards.element;
    cards.addEventListener(
      "term",
      detail((term) => this.#toTerm(term)),
    );
    cards.addEventListener(
      "point",
      detail((term) => {
        this.#pointing.term = term;
        this.#render(0);
      }),
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
    this.#ready = false;
    this.#place();
    this.#ready = true;
    this.#render(0);
  }

  #place() {
    const space = { width: this.#width, height: this.room };
    this.#planes = this.#planesNow();
    this.channel = this.#planes.channel;
    this.picture.build(this.player.model, space, this.#planes);
    const { channels, shownChannels } = this.picture.scene;
    const shown = shownChannels ?? [this.channel];
    // Channels without partial sums: what a move adds goes to all of them.
    const scene = /** @type {any} */ ({ channels, firstChannel: () => 0 });
    this.#channels.show(scene, shown, null, 0, null);
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
    const term = (this.#ready ? this.#term : null) ?? player.term - 1;
    const pointed = this.#pointing.term !== null;
    const follow = pointed || (!player.playing && !player.complete);
    Object.assign(kept, planesOf(model, move, Math.max(0, term), follow));
    return kept;
  }

  /** The term in hand: pointed at in the cards or on the board, else the last that came in. */
  get #term() {
    const { player, picture } = this;
    const { move, model } = player;
    if (!move || !model.playable) return null;
    const { relations, pinned } = this.#pointing;
    const pointed = relations === pinned ? null : relations?.cell;
    const there = pointed ? picture.scene.termAt(move, pointed) : null;
    const chosen = this.#pointing.term ?? there;
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

  #changed() {
    const { player } = this;
    if (!this.#ready) return; // a new model announces itself before its picture is built
    this.#pointing.term = null;
    this.#render(slideTime(player));
    this.options.emit("moved");
    if (player.position === player.length && player.complete)
      this.options.emit("finished");
  }

  /** @param {number} slide */
  #render(slide) {
    if (!this.#ready) return;
    const { player, picture } = this;
    this.#follow();
    const { model } = player;
    const move = model.playable ? player.move : null;
    const { relations } = this.#pointing;
    const term = this.#term;
    picture.render(player, { move, term, relations, slide });
    this.#cards.show(model, move, picture.totals, player.term, term);
    this.#tell();
  }

  /** Where not all planes fit, show those of the move. */
  #follow() {
    const { scene } = this.picture;
    if (scene.whole || this.#pointing.relations) return;
    const now = this.#planesNow();
    const same = Object.keys(now).every(
      (axis) => now[axis] === this.#planes[axis],
    );
    if (!same) this.#place();
  }

  #tell() {
    const { relations, readout, pinned } = this.#pointing;
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

  /** @param {CellRef | null} cell */
  #point(cell) {
    const { player } = this;
    if (player && !player.playing && !this.#editor.open)
      this.#pointing.point(player.model, cell);
  }

  /** @param {CellRef} cell */
  #pin(cell) {
    const { player } = this;
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
    this.player.pause();
    this.player.seekTerm(term);
    this.#say();
  }

  /** Say where the play is, to those who listen: on manual steps and pauses only. */
  #say() {
    const { position, length, move, model } = this.player;
    const titles = move?.group.map((index) => model.phases[index].title) ?? [];
    const words = titles.length ? `: ${titles.join("; ")}` : "";
    write(this.#live, `Step ${position} of ${length}${words}.`);
  }
}
