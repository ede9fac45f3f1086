import { html, write } from "../../dom.js";
import { rangeText } from "../../format.js";
import { Player } from "../../player.js";
import { drive, spoken } from "../playback.js";
import { Transport } from "../transport.js";
import { BoxView } from "./box-view.js";
import { told } from "./sums.js";

/** @import {Model} from "../../model.js" */
/** @import {StepNumbers} from "../../types.js" */

/** Milliseconds after which a pointer that passes over cells is taken to rest on one. */
const RESTING = 80;

/** The layer of a trace as boxes, with its own player and a line that tells the step. */
export class LayerPanel {
  element = html("div", { class: "layer-panel" });
  player;
  transport;
  #box;
  #unfolded = false;
  /** @type {number | null} */ #asked = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */ #asking;
  #space = { width: 0, height: 470 };
  #fold = html("button", { type: "button", class: "button fold" });
  #place = html("div", { class: "volume-place" });
  #told = html("p", { class: "told" });
  #live = html("p", { class: "visually-hidden", role: "status" });

  /**
   * @param {Model} model
   * @param {number} start  The first position.
   * @param {(type: string, detail?: unknown) => void} emit
   */
  constructor(model, start, emit) {
    this.emit = emit;
    this.player = new Player(model, start);
    this.transport = new Transport(this.player);
    this.#box = this.#view();
    this.element.append(
      this.#fold,
      this.#place,
      this.#told,
      this.transport.element,
      this.#live,
    );
    this.#fold.addEventListener(
      "click",
      () => (this.unfolded = !this.#unfolded),
    );
    this.player.addEventListener("change", () => {
      this.#render();
      this.emit("moved");
    });
    this.player.addEventListener(
      "play",
      () => !this.player.playing && this.#say(),
    );
    this.transport.element.addEventListener("stepped", () => this.#say());
    this.transport.heed([this.element]);
    drive(this.player);
    this.#name();
    if (!model.playable) this.player.seek(Infinity);
  }

  get unfolded() {
    return this.#unfolded;
  }

  set unfolded(unfolded) {
    this.#unfolded = unfolded;
    this.#name();
    this.#box.fold(unfolded);
    this.#render();
    this.emit("folded", unfolded);
  }

  /** Another trace in the same place. @param {Model} model */
  renew(model) {
    this.player.model = model;
    this.#asked = null;
    this.#box = this.#view();
    if (!model.playable) this.player.seek(Infinity);
    this.place(this.#space.width, this.#space.height);
  }

  /** @param {number} width @param {number} height */
  place(width, height) {
    this.#space = { width, height };
    this.#box.place(width, height);
    this.#render();
  }

  #view() {
    const view = new BoxView(this.player.model, (map, cell) =>
      this.#select(map, cell),
    );
    view.fold(this.#unfolded);
    this.#place.replaceChildren(view.element);
    return view;
  }

  #name() {
    write(this.#fold, this.#unfolded ? "Fold" : "Unfold");
    this.#fold.setAttribute("aria-pressed", String(this.#unfolded));
  }

  /** The step in view: the last one made, or the last of all where none can be played. */
  get #turn() {
    const { move } = this.player;
    return move?.group.includes(this.#box.scene.phaseIndex) ? move.turn : null;
  }

  #render() {
    const { player } = this;
    const turn = this.#turn;
    const { scene } = this.#box;
    const numbers =
      turn === null ? null : player.model.numbers(scene.phaseIndex, turn);
    if (turn !== null && !numbers && turn !== this.#asked) this.#ask(turn);
    this.#asked = turn;
    const finished = player.complete ? numbers : null;
    this.#box.render(player, turn, finished);
    write(
      this.#told,
      turn === null
        ? "The filter box stands ready."
        : this.#tell(turn, finished),
    );
  }

  /** Ask for the numbers of a step, when one stays with it. @param {number} turn */
  #ask(turn) {
    const phase = this.#box.scene.phaseIndex;
    clearTimeout(this.#asking);
    this.#asking = setTimeout(
      () => this.emit("explain", { phase, turn }),
      RESTING,
    );
  }

  /**
   * A step in one line: the window, and how its sum comes about.
   *
   * @param {number} turn
   * @param {StepNumbers | null} numbers
   */
  #tell(turn, numbers) {
    const { scene } = this.#box;
    const [row, column] = scene
      .box(scene.phase.writes, turn)
      .slice(-2)
      .map(([at]) => at + 1);
    const first = scene.firstChannel(turn);
    const channels = rangeText(
      Array.from({ length: scene.depth }, (_, c) => first + c),
    );
    const through =
      scene.depth > 1 ? `channels ${channels}` : `channel ${channels}`;
    const map = scene.maps > 1 ? ` of map ${scene.mapOf(turn) + 1}` : "";
    const by = scene.weight
      ? `Filter ${scene.mapOf(turn) + 1} spans ${through}`
      : `The window reads ${through}`;
    const gives = `${by} and gives row ${row}, column ${column}${map}`;
    return numbers ? `${gives}: ${told(scene, turn, numbers)}.` : `${gives}.`;
  }

  /**
   * Go to a cell of a map, else to the same one as now, hence to the map's filter.
   *
   * @param {number} map
   * @param {{row: number, column: number}} [cell]
   */
  #select(map, cell) {
    const { player } = this;
    const { scene } = this.#box;
    player.pause();
    const each = scene.phase.steps / Math.max(1, scene.maps);
    const columns = scene.output.shape.at(-1) ?? 1;
    const now = (this.#turn ?? 0) % each;
    const within = cell ? cell.row * columns + cell.column : now;
    player.goTo({ phase: scene.phaseIndex, turn: map * each + within });
    this.#say();
  }

  #say() {
    write(this.#live, spoken(this.player));
  }
}
