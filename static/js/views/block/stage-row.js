import { html, write } from "../../dom.js";
import { Model } from "../../model.js";
import { relateThrough } from "../board/relations.js";
import { CellEditor } from "../cell-editor.js";
import { Bar } from "../graph/bar.js";
import { Contributions } from "../graph/contributions.js";
import { Letters } from "../graph/letters.js";
import { Panel } from "../graph/panel.js";
import { StopPlayer } from "../graph/stop-player.js";
import { Graph } from "../graph/structure.js";
import { StagePicture } from "./picture.js";
import { sentence } from "./said.js";
import { StageShown } from "./shown.js";

/** @import {CellRef, Reply} from "../../types.js" */
/** @import {Checked} from "../graph/panel.js" */
/** @import {Part} from "./columns.js" */

const HINT =
  "Point at any cell to see what it is made of and what it goes into; click to pin it, type over a framed one.";

/**
 * A chain of operations as a row of grids: values above, their gradients below, a player from
 * stage to stage, and the formula of the cell in hand.
 *
 * Properties: `reply` (a trace with the parts of the chain), `position` (stages done, of both
 * directions), `pinned` (a cell, or null). Method `check(gradients)` takes what a numeric check
 * found, or null while that is not known.
 * Events: "edit" (detail {tensor, index, value}), "moved" (position or pinned changed).
 */
export class StageRow extends HTMLElement {
  /** @type {{model: Model, graph: Graph, given: Contributions, letters: Letters} | null} */
  #chain = null;
  /** @type {Part[]} */ #parts = [];
  /** @type {StopPlayer | null} */ #player = null;
  /** @type {Bar | null} */ #bar = null;
  /** @type {number | null} */ #wished = null;
  /** @type {CellRef | null} */ #pointed = null;
  /** @type {CellRef | null} */ #pinned = null;
  /** @type {Map<string, number>} The cell last looked at, by tensor. */ #last =
    new Map();
  /** @type {Record<string, Checked> | null} */ #checks = null;
  #width = 0;
  #waiting = false;
  #frame = html("div", { class: "block-frame" });
  #said = html("p", { class: "block-said" });
  #release = html("button", { type: "button", class: "button" }, ["Unpin"]);
  #panel = new Panel();
  #live = html("p", { class: "visually-hidden", role: "status" });
  #editor = new CellEditor();
  #picture = new StagePicture({
    pointed: (cell) => this.#point(cell),
    pinned: (cell) => this.#pin(cell),
    edit: (cell, typed) => this.#edit(cell, typed),
    released: () => this.#pin(null),
  });
  /** @type {ResizeObserver | null} */ #watch = null;

  connectedCallback() {
    this.#watch = new ResizeObserver(() => this.#fit());
    this.#watch.observe(this);
    this.#release.addEventListener("click", () => this.#pin(null));
  }

  disconnectedCallback() {
    this.#watch?.disconnect();
    this.#player?.pause();
  }

  get model() {
    return this.#chain?.model ?? null;
  }

  /** @param {Reply & {parts: Part[]}} reply */
  set reply(reply) {
    const model = new Model(reply);
    const graph = new Graph(model);
    const before = this.#chain?.graph.shape;
    this.#parts = reply.parts;
    this.#chain = {
      model,
      graph,
      given: new Contributions(model, graph),
      letters: new Letters(model),
    };
    this.#checks = null;
    if (this.#player) this.#player.renew(model, graph);
    else this.#begin(model, graph);
    if (!this.#holds(this.#pinned)) this.#pinned = null;
    if (!this.#holds(this.#pointed)) this.#pointed = null;
    if (graph.shape !== before) this.#build();
    else this.#picture.parts = this.#parts;
    this.#draw(true);
  }

  get position() {
    return this.#player?.done ?? this.#wished ?? 0;
  }

  /** @param {number} position */
  set position(position) {
    this.#wished = position;
    this.#player?.go(position);
  }

  /** How many stages there are, of both directions. */
  get stages() {
    return this.#player?.stops ?? 0;
  }

  get pinned() {
    return this.#pinned;
  }

  /** @param {CellRef | null} cell */
  set pinned(cell) {
    this.#pinned = this.#holds(cell) ? cell : null;
    this.#draw();
  }

  /** @param {Record<string, Checked> | null} gradients */
  check(gradients) {
    this.#checks = gradients;
    this.#draw();
  }

  /** Offer a key to the player. @param {KeyboardEvent} event */
  key(event) {
    return this.#bar?.transport.key(event) ?? false;
  }

  /** Whether a cell is one of the chain's. @param {CellRef | null} cell */
  #holds(cell) {
    const tensor = cell && this.#chain?.model.tensors[cell.tensor];
    return Boolean(tensor && cell.index < tensor.values.length);
  }

  /** @param {Model} model @param {Graph} graph */
  #begin(model, graph) {
    const player = (this.#player = new StopPlayer(model, graph));
    const bar = (this.#bar = new Bar(player));
    player.go(this.#wished ?? graph.stops.length);
    player.addEventListener("change", () => {
      this.#draw();
      this.#moved();
    });
    player.addEventListener("play", () => {
      if (player.playing) this.#pointed = this.#pinned = null;
      else this.#say();
    });
    bar.element.addEventListener("stepped", () => {
      this.#pointed = this.#pinned = null;
      this.#draw(true);
      this.#say();
    });
    bar.transport.heed([this]);
    this.#panel.element.setAttribute("aria-label", "Formula of the stage");
    this.#frame.append(this.#picture.element, this.#editor.element);
    const said = html("div", { class: "block-told" }, [
      this.#said,
      this.#release,
    ]);
    this.replaceChildren(
      this.#frame,
      bar.element,
      said,
      this.#panel.element,
      this.#live,
    );
  }

  #fit() {
    if (!this.#chain || Math.abs(this.clientWidth - this.#width) <= 1) return;
    this.#build();
    this.#draw(true);
  }

  #build() {
    if (!this.#chain) return;
    const { model, graph, letters } = this.#chain;
    this.#width = this.clientWidth;
    this.#picture.build(model, graph, this.#parts, letters, this.#width);
  }

  /** Draw in the next frame, however much has changed until then. */
  #draw(now = false) {
    if (now) this.#show();
    else if (!this.#waiting) {
      this.#waiting = true;
      requestAnimationFrame(() => {
        this.#waiting = false;
        this.#show();
      });
    }
  }

  #show() {
    const [chain, player, bar] = [this.#chain, this.#player, this.#bar];
    if (!chain || !player || !bar) return;
    const { model, graph, given, letters } = chain;
    const cell = this.#pinned ?? this.#pointed;
    const last = this.#last.get(player.stop?.tensor ?? "") ?? 0;
    const shown = new StageShown(model, graph, player, cell, last, given);
    this.#picture.show(shown, (name) => player.values(name));
    const relations = shown.cell && relateThrough(model, shown.cell);
    this.#picture.relate(cell ? relations : null, this.#pinned !== null);
    this.#panel.show(shown, player, this.#checks);
    bar.show(graph, letters);
    this.#release.hidden = this.#pinned === null;
    this.#said.classList.toggle("muted", !cell);
    if (!shown.cell || !relations) {
      write(this.#said, HINT);
      return;
    }
    const { tensor, index } = shown.cell;
    const value = shown.isThere(tensor) ? player.values(tensor)[index] : NaN;
    write(this.#said, cell ? sentence(model, letters, relations, value) : HINT);
  }

  /** Tell those who listen where the player is. */
  #say() {
    write(this.#live, this.#panel.title);
  }

  /** @param {CellRef | null} cell */
  #point(cell) {
    // What is played is not interrupted by a pointer that passes.
    this.#pointed = this.#player?.playing ? null : cell;
    if (this.#pointed)
      this.#last.set(this.#pointed.tensor, this.#pointed.index);
    this.#draw();
  }

  /** @param {CellRef | null} cell */
  #pin(cell) {
    const { tensor, index } = this.#pinned ?? {};
    const same = cell?.tensor === tensor && cell?.index === index;
    if (cell) this.#player?.pause();
    this.#pinned = same ? null : cell;
    if (!this.#pinned) this.#pointed = null;
    this.#draw();
    this.#moved();
  }

  /** @param {CellRef} cell @param {string | null} typed */
  #edit({ tensor, index }, typed) {
    const own = this.#picture.at(tensor, index);
    const model = this.#chain?.model;
    if (!own || !model) return;
    const value = model.tensor(tensor).values[index];
    const [cell, around] = [own, this.#frame].map((element) =>
      element.getBoundingClientRect(),
    );
    this.#editor.edit(cell, around, value, typed, (number) => {
      this.#picture.focus(tensor, index);
      if (number === null || number === value) return;
      const detail = { tensor, index, value: number };
      this.dispatchEvent(new CustomEvent("edit", { detail }));
    });
  }

  #moved() {
    this.dispatchEvent(new Event("moved"));
  }
}
