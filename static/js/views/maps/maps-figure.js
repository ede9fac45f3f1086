import { html, write } from "../../dom.js";
import { counted } from "../../format.js";
import { Model } from "../../model.js";
import { CellEditor } from "../cell-editor.js";
import { Cube } from "./cube.js";
import { MapsField } from "./field.js";
import { isRoomy } from "./layout.js";
import { shareOf, sharesOf, tensorsOf, wordsOf } from "./shares.js";
import { Told } from "./told.js";

/** @import {CellRef, Reply} from "../../types.js" */
/** @import {Share} from "./shares.js" */

/** Under this width the solid stands below the tensor. */
const NARROW = 700;
const GAP = 28;
/** Around a tensor, so that the line of its frames is whole. */
const EDGE = 6;
/** What the solid takes beside two tensors. */
const SOLID = 250;

/**
 * Feature maps before and after, painted by which cells share a mean.
 *
 * Properties: `reply`, `name` (of what is done), `shown` (the tensor that was chosen, or ""),
 * `pinned` (the place of a cell, or null).
 * Events: "cell" (detail {index, value}: a number was typed), "moved" (pinned or shown changed).
 */
export class NormMaps extends HTMLElement {
  name = "";
  /** @type {Model | null} */ #model = null;
  /** @type {Share[]} */ #shares = [];
  #frame = html("div", { class: "maps-frame" });
  #pictures = html("div", { class: "maps-pictures" });
  #pieces = html("figcaption", { class: "muted" });
  #sentence = html("p", { class: "maps-sentence", role: "status" });
  #effect = html("p", { class: "muted maps-effect" });
  #switch = html("span", {
    class: "segments maps-shown",
    role: "group",
    "aria-label": "Tensor shown",
  });
  #cube = new Cube((index) => this.#point(index));
  #told = new Told();
  #editor = new CellEditor();
  /** @type {Map<string, {field: MapsField, box: HTMLElement}>} */ #fields =
    new Map();
  /** @type {number | null} */ #pointed = null;
  /** @type {number | null} */ #pinned = null;
  #last = 0;
  #shown = "";
  #room = 0;
  /** @type {ResizeObserver | null} */ #watch = null;

  connectedCallback() {
    this.#watch = new ResizeObserver(() => this.#fit());
    this.#watch.observe(this);
    this.#told.addEventListener("release", () => this.#pin(null));
    this.#told.addEventListener("term", (event) =>
      this.#term(/** @type {CustomEvent} */ (event).detail),
    );
    this.#switch.addEventListener("click", ({ target }) => {
      const button = /** @type {Element} */ (target).closest("[data-tensor]");
      if (button) this.shown = button.getAttribute("data-tensor") ?? "";
    });
  }

  disconnectedCallback() {
    this.#watch?.disconnect();
  }

  get model() {
    return this.#model;
  }

  /** @param {Reply} reply */
  set reply(reply) {
    this.#model = new Model(reply);
    this.#shares = sharesOf(this.#model);
    if (!this.#fields.size) this.#build(this.#model);
    const { length } = this.#model.tensor(this.#source).values;
    if (this.#last >= length) this.#last = 0;
    if ((this.#pinned ?? 0) >= length) this.#pinned = null;
    this.#draw();
  }

  get shown() {
    return this.#shown;
  }

  /** @param {string} name */
  set shown(name) {
    if (name === this.#shown || (this.#model && !this.#fields.has(name)))
      return;
    this.#shown = name;
    this.#choose();
    this.#moved();
  }

  get pinned() {
    return this.#pinned;
  }

  /** @param {number | null} index */
  set pinned(index) {
    this.#pinned = index;
    if (index !== null) this.#last = index;
    if (this.#model) this.#light();
  }

  /** The tensor whose cells share something. */
  get #source() {
    return tensorsOf(/** @type {Model} */ (this.#model)).source;
  }

  /** The tensors that have the cells of the input. @param {Model} model */
  #build(model) {
    const { shape } = model.tensor(this.#source);
    const names = Object.keys(model.tensors).filter(
      (name) => `${model.tensor(name).shape}` === `${shape}`,
    );
    const source = model.tensor(this.#source).label;
    this.#pictures.replaceChildren(html("h3", {}, [source]), this.#switch);
    for (const name of names) {
      const field = new MapsField(name, model.given(name), {
        pointed: (cell) => this.#point(cell?.index ?? null),
        pinned: ({ index }) => this.#pin(index === this.#pinned ? null : index),
        edit: (cell, typed) => this.#edit(cell, typed),
        released: () => this.#pin(null),
      });
      const { label } = model.tensor(name);
      const box = html("div", { class: "maps-scroll" });
      box.append(field.element);
      this.#pictures.append(box);
      this.#fields.set(name, { field, box });
      this.#switch.append(
        html("button", { type: "button", "data-tensor": name }, [label]),
      );
    }
    this.#pictures.append(
      html("figure", { class: "maps-side" }, [
        this.#cube.element,
        this.#pieces,
      ]),
    );
    const said = [this.#sentence, this.#effect];
    this.#frame.append(this.#pictures, this.#editor.element);
    this.replaceChildren(
      html("div", { class: "maps-said" }, said),
      this.#frame,
      this.#told.element,
    );
    if (!this.#fields.has(this.#shown)) this.#shown = "";
  }

  #fit() {
    if (!this.#model || this.clientWidth === this.#room) return;
    this.#draw();
  }

  #draw() {
    const model = /** @type {Model} */ (this.#model);
    const words = wordsOf(model);
    const { means, m } = model.names;
    const each = `one μ a ${words.each}, ${means} of them, ${counted(m, "cell")} each`;
    write(
      this.#sentence,
      `${this.name} takes the mean over ${words.over}: ${each}.`,
    );
    write(this.#effect, effectOf(words.apart, m));
    this.#room = this.clientWidth;
    this.#choose();
    const shape = model.tensor(this.#source).shape;
    const pieces = `${counted(means, "piece")}, one for each μ`;
    const label = `The maps as a solid in ${pieces}`;
    const wide = this.#room < NARROW ? this.#room : SOLID;
    this.#cube.show(shape, this.#shares, label, wide);
    write(this.#pieces, pieces);
    this.#light();
  }

  /** Show the tensors that have room beside each other. */
  #choose() {
    if (!this.#model) return;
    const { shape } = this.#model.tensor(this.#source);
    const stacked = this.#room < NARROW;
    const room = this.#room - EDGE - (stacked ? 0 : SOLID + GAP);
    const half = (room - GAP - EDGE) / 2;
    const single = stacked || !isRoomy(shape, half);
    this.toggleAttribute("data-stacked", stacked);
    this.toggleAttribute("data-single", single);
    const names = [...this.#fields.keys()];
    const usual = single ? this.#source : names[1];
    const chosen =
      this.#shown && (single || this.#shown !== this.#source)
        ? this.#shown
        : usual;
    for (const [name, { field, box }] of this.#fields) {
      box.hidden = name !== chosen && (single || name !== this.#source);
      const tensor = this.#model.tensor(name);
      if (!box.hidden)
        field.show(tensor, tensor.label, this.#shares, single ? room : half);
    }
    for (const button of this.#switch.children) {
      const name = button.getAttribute("data-tensor") ?? "";
      button.toggleAttribute("hidden", !single && name === this.#source);
      button.setAttribute("aria-pressed", `${name === chosen}`);
    }
    this.#light();
  }

  get #current() {
    return this.#pinned ?? this.#pointed ?? this.#last;
  }

  #light() {
    const model = /** @type {Model} */ (this.#model);
    const index = this.#current;
    const share = shareOf(this.#shares, index);
    for (const { field, box } of this.#fields.values()) {
      if (box.hidden) continue;
      field.mark("data-shares", share.cells);
      field.mark("data-pointed", [index]);
      field.mark("data-pinned", this.#pinned === null ? [] : [index]);
      field.light(share.turn);
    }
    this.#cube.light(share.turn);
    this.#told.show(model, this.#source, share, index, this.#pinned !== null);
    this.#told.mark(share.cells.indexOf(index));
  }

  /** @param {number | null} index */
  #point(index) {
    if (index === this.#pointed) return;
    const before = this.#current;
    this.#pointed = index;
    if (index !== null && this.#pinned === null) this.#last = index;
    if (this.#current !== before) this.#light();
  }

  /** @param {number | null} index */
  #pin(index) {
    if (index === null)
      this.#last = this.#pointed ?? this.#pinned ?? this.#last;
    this.pinned = index;
    this.#moved();
  }

  /** Point out the cell of a term. @param {number | null} place */
  #term(place) {
    const { cells } = shareOf(this.#shares, this.#current);
    const marked = place === null ? [] : [cells[place]];
    for (const { field, box } of this.#fields.values())
      if (!box.hidden) field.mark("data-now", marked);
  }

  /** @param {CellRef} cell @param {string | null} typed */
  #edit({ tensor, index }, typed) {
    const { field } = /** @type {{field: MapsField}} */ (
      this.#fields.get(tensor)
    );
    const value = /** @type {Model} */ (this.#model).tensor(tensor).values[
      index
    ];
    const [own, around] = [field.at(index), this.#frame].map((element) =>
      element.getBoundingClientRect(),
    );
    this.#editor.edit(own, around, value, typed, (number) => {
      field.focusOn(index);
      if (number !== null && number !== value)
        this.dispatchEvent(
          new CustomEvent("cell", { detail: { index, value: number } }),
        );
    });
  }

  #moved() {
    this.dispatchEvent(new Event("moved"));
  }
}

/** What follows for the samples of a batch. @param {boolean} apart @param {number} cells */
function effectOf(apart, cells) {
  if (cells === 1)
    return "A cell that is alone is its own mean: its normalised value is 0, whatever x is.";
  return apart
    ? "Each sample is normalised on its own: the others do not matter, in training or later."
    : "The samples of the batch share it: change one, and the same channel of all others changes.";
}
