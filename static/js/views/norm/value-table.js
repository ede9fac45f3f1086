import { html, set, write } from "../../dom.js";
import { Model } from "../../model.js";
import { Letters } from "../graph/letters.js";
import {
  decimalsFor,
  fullText,
  isWhole,
  parseNumber,
  valueText,
} from "../../format.js";
import { SharedValues } from "./shared-values.js";
import { cellOf, headOf, sampleOf } from "./value-cells.js";

/** @import {NormReply} from "./types.js" */
/** @import {Edits} from "../../url-state.js" */

/** Where samples are columns. */
const NARROW = matchMedia("(width <= 720px)");
const SMALL = 0.005;
const UNFINISHED = /^[-+\u2212.,]?$|e[-+\u2212]?$/i;

/**
 * Every value of the batch: one row a sample, sums at the foot; on a narrow screen the other way
 * round; below, what the samples share. What is given can be typed over.
 *
 * Properties: `reply`, `sample`. Method: `refuse(edits, cells, sentence)` (until the next reply).
 *
 * Events: "set" (detail {edits, index, value, again}), "sample" (detail: index).
 */
export class ValueTable extends HTMLElement {
  /** @type {NormReply | null} */ #reply = null;
  /** @type {number | null} */ #sample = null;
  #table = html("table");
  #shared = new SharedValues();
  #fault = html("p", { class: "fault", role: "alert", hidden: "" });
  /** Told aloud elsewhere; here it stands by the cell that it is about. */
  #refusal = html("p", { class: "fault", id: "refused-cells", hidden: "" });
  /** @type {Element[]} */ #refused = [];
  #shape = "";
  /** @type {HTMLElement[][]} By column and sample. */ #cells = [];
  /** @type {HTMLElement[]} */ #heads = [];
  /** @type {HTMLElement[]} */ #sums = [];
  /** @type {HTMLElement[]} */ #samples = [];
  /** @type {HTMLElement | null} */ #typedIn = null;

  connectedCallback() {
    if (this.#table.isConnected) return;
    const box = html("div", {
      ...{ class: "table-box", role: "region", tabindex: 0 },
      "aria-label": "Every value, a table that scrolls",
    });
    box.append(this.#table);
    this.append(box, this.#fault, this.#refusal, this.#shared.element);
    this.addEventListener("input", (event) => this.#typed(event.target));
    this.addEventListener("change", (event) => this.#left(event.target));
    this.addEventListener("keydown", (event) => this.#keyed(event));
    this.addEventListener("click", (event) => this.#clicked(event));
    NARROW.addEventListener("change", () => this.#draw());
  }

  get reply() {
    return this.#reply;
  }

  set reply(reply) {
    this.#reply = reply;
    this.#accept();
    this.#draw();
  }

  /** What was refused before is settled. */
  #accept() {
    this.#refusal.hidden = true;
    for (const input of this.#refused) {
      input.setAttribute("aria-invalid", "false");
      input.removeAttribute("aria-describedby");
    }
    this.#refused = [];
  }

  /**
   * Show in their places numbers that have no result, and say why.
   *
   * @param {string} edits  The tensor of the request.
   * @param {Edits} cells  What was asked for.
   * @param {string} sentence
   */
  refuse(edits, cells, sentence) {
    this.#accept();
    const inputs = /** @type {NodeListOf<HTMLInputElement>} */ (
      this.querySelectorAll(`input[data-edits="${edits}"]`)
    );
    this.#refused = [...inputs].filter((input) => {
      const asked = cells[input.dataset.index ?? ""];
      const refused =
        asked !== undefined && fullText(asked) !== input.dataset.value;
      if (refused && document.activeElement !== input)
        input.value = fullText(asked);
      return refused;
    });
    if (!this.#refused.length) return;
    for (const input of this.#refused)
      set(input, {
        "aria-invalid": "true",
        "aria-describedby": this.#refusal.id,
      });
    write(this.#refusal, sentence);
    this.#refusal.hidden = false;
  }

  set sample(/** @type {number | null} */ sample) {
    this.#sample = sample;
    this.#mark();
  }

  #draw() {
    if (!this.#reply) return;
    const { table, tensors } = this.#reply;
    const narrow = NARROW.matches;
    const columns = table.map((c) => c.key + c.values.length);
    const shape = [narrow, ...columns, ...Object.keys(tensors)].join();
    if (shape !== this.#shape) this.#build(this.#reply, narrow);
    this.#shape = shape;
    table.forEach((column, c) => {
      const shown = column.edits ? [] : column.values;
      const sum = column.cancels || column.sum === null ? [] : [column.sum];
      const decimals = decimalsFor([...shown, ...sum], mostFor(column.values));
      // One spelling for what is small: by its size, as soon as one of them must be.
      const sizes = column.values.some(
        (n) => n && !Number(n.toFixed(decimals)),
      );
      const decimalsOf = (/** @type {number} */ n) =>
        sizes && Math.abs(n) < SMALL ? 0 : decimals;
      const rounded = [...shown, ...sum].some(
        (n) => !isWhole(n, decimalsOf(n)),
      );
      this.#heads[c].toggleAttribute("data-rounded", rounded);
      column.values.forEach((value, i) =>
        fill(this.#cells[c][i], value, decimalsOf(value)),
      );
      const { sum: total } = column;
      const foot = total === null ? "" : valueText(total, decimalsOf(total));
      write(this.#sums[c], column.cancels ? "0" : foot);
      this.#sums[c].toggleAttribute("data-power", foot.includes("×"));
      this.#sums[c].toggleAttribute("data-cancels", column.cancels);
      if (column.cancels)
        this.#sums[c].title = "The values above cancel: 0, but for rounding";
      else this.#sums[c].removeAttribute("title");
    });
    this.#shared.draw(this.#reply);
    this.#mark();
  }

  /** @param {NormReply} reply @param {boolean} narrow */
  #build(reply, narrow) {
    const { table } = reply;
    const letters = new Letters(new Model(reply));
    this.#shared.build(reply, letters);
    const count = table[0].values.length;
    const routes = table.flatMap(({ route, key }) => (route ? [key] : []));
    const sides = narrow ? ["row", "col"] : ["col", "row"];
    this.#heads = table.map((column) =>
      headOf(column, sides[0], reply, letters),
    );
    this.#samples = Array.from({ length: count }, (_, i) =>
      sampleOf(table[0], i, sides[1]),
    );
    this.#cells = table.map((column) =>
      column.values.map((_, i) => cellOf(column, i)),
    );
    this.#sums = table.map(() => html("td", { class: "sum" }));
    table.forEach(({ role, key }, c) => {
      for (const cell of [this.#heads[c], this.#sums[c], ...this.#cells[c]]) {
        cell.dataset.role = role;
        const route = routes.indexOf(key) + 1;
        if (route) cell.dataset.route = `${route}`;
      }
    });
    const sum = html("th", { scope: sides[1], class: "sum" }, ["Σ"]);
    const ends = [...this.#samples, sum];
    const rows = narrow
      ? [
          [html("td"), ...ends],
          ...table.map((_, c) => [
            this.#heads[c],
            ...this.#cells[c],
            this.#sums[c],
          ]),
        ]
      : [
          [html("td"), ...this.#heads],
          ...this.#samples.map((th, i) => [
            th,
            ...this.#cells.map((column) => column[i]),
          ]),
          [sum, ...this.#sums],
        ];
    const made = rows.map((cells) => html("tr", {}, cells));
    this.#table.replaceChildren(
      html("caption", { class: "visually-hidden" }, ["Every value"]),
      html("thead", {}, made.slice(0, 1)),
      html("tbody", {}, made.slice(1)),
    );
    this.#table.toggleAttribute("data-narrow", narrow);
  }

  #mark() {
    this.#samples.forEach((th, i) => {
      const selected = i === this.#sample;
      th.firstElementChild?.setAttribute("aria-pressed", `${selected}`);
      for (const cell of [th, ...this.#cells.map((column) => column[i])])
        cell.toggleAttribute("data-selected", selected);
    });
  }

  /** @param {EventTarget | null} input */
  #typed(input) {
    if (!(input instanceof HTMLInputElement)) return;
    const value = parseNumber(input.value);
    if (value === null)
      return this.#judge(input, !UNFINISHED.test(input.value));
    this.#judge(input, false);
    const { edits, index } = input.dataset;
    const again = this.#typedIn === input;
    this.#typedIn = input;
    this.#emit("set", { edits, index: Number(index), value, again });
  }

  /** @param {EventTarget | null} input */
  #left(input) {
    this.#typedIn = null;
    if (!(input instanceof HTMLInputElement)) return;
    if (input.value.trim() === "") input.value = input.dataset.value ?? "";
    this.#judge(input, parseNumber(input.value) === null);
  }

  /** Say what is wrong with a text, and keep it. @param {HTMLInputElement} input @param {boolean} wrong */
  #judge(input, wrong) {
    set(input, { "aria-invalid": `${wrong}` });
    const faulty = /** @type {HTMLInputElement | null} */ (
      this.querySelector("input[aria-invalid=true]:not([aria-describedby])")
    );
    this.#fault.hidden = !faulty;
    if (faulty)
      write(
        this.#fault,
        `${faulty.getAttribute("aria-label")}: “${faulty.value}” is not a number; use one such as −1.5.`,
      );
  }

  /** @param {KeyboardEvent} event */
  #keyed({ key, target }) {
    if (!(target instanceof HTMLInputElement)) return;
    if (key === "Escape") {
      target.value = target.dataset.value ?? "";
      this.#judge(target, false);
    }
    if (key === "Enter") this.#left(target);
    const by = { ArrowUp: -1, ArrowDown: 1, Enter: 1 }[key];
    const { edits, index } = target.dataset;
    const next = `input[data-edits="${edits}"][data-index="${Number(index) + (by ?? 0)}"]`;
    if (by)
      /** @type {HTMLElement | null} */ (this.querySelector(next))?.focus();
  }

  /** @param {MouseEvent} event */
  #clicked(event) {
    const target = /** @type {Element} */ (event.target);
    const cell = target.closest("[data-sample]");
    if (cell instanceof HTMLElement)
      this.#emit("sample", Number(cell.dataset.sample));
  }

  /** @param {string} type @param {unknown} detail */
  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }
}

/** Small numbers show more decimals. @param {number[]} values */
function mostFor(values) {
  const largest = Math.max(...values.map(Math.abs));
  return largest < SMALL ? 7 : 4;
}

/** @param {HTMLElement} cell @param {number} value @param {number} decimals */
function fill(cell, value, decimals) {
  const input = cell.firstElementChild;
  if (!(input instanceof HTMLInputElement)) {
    const text = valueText(value, decimals);
    write(cell, text);
    cell.toggleAttribute("data-power", text.includes("×"));
    return;
  }
  const text = fullText(value);
  input.dataset.value = text;
  const wrong = input.getAttribute("aria-invalid") === "true";
  if (document.activeElement !== input && !wrong) input.value = text;
  input.size = Math.max(4, Math.min(12, input.value.length + 1));
}
