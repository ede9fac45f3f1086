import { largestOf, tint } from "../../colour.js";
import { html, write } from "../../dom.js";
import { isWhole, saidOf, shortText, signedText } from "./numbers.js";
import { writeNumber } from "./typeset.js";

/**
 * @typedef {object} Manner  How an amount is written.
 * @property {boolean} [sum]  A sum over the batch.
 * @property {boolean} [signed]  One of several that are added.
 * @property {boolean} [total]  What several come to.
 */

const CHARACTER = { usual: 8.5, dense: 7.25 };
const SIGN = 14;
const MARK = 11;
const SMALL = 6.7;
const READABLE = 26;

/** A number beside an edge, or one for every sample as a strip of tinted cells. */
export class Amount {
  #sum = html("span", { class: "graph-sum" }, ["Σ"]);
  #number = html("span", { class: "graph-number" });
  #strip = html("span", { class: "graph-strip" });
  /** @type {HTMLElement[]} */ #cells = [];
  #room;
  #name;
  #flat;
  #character;

  /**
   * @param {HTMLElement} element  That holds it.
   * @param {string} name  What people call it.
   * @param {number} room  In pixels.
   * @param {{flat?: boolean, dense?: boolean}} [style]  A strip of one row; small letters.
   */
  constructor(element, name, room, { flat = false, dense = false } = {}) {
    this.#flat = flat;
    this.#character = dense ? CHARACTER.dense : CHARACTER.usual;
    this.element = element;
    this.#name = name;
    this.#room = room;
    if (!element.matches("button")) element.setAttribute("role", "img");
    element.append(this.#sum, this.#number, this.#strip);
  }

  /**
   * @param {number[]} values  NaN where nothing is written yet.
   * @param {Manner} [manner]
   */
  show(values, { sum = false, signed = false, total = false } = {}) {
    const there =
      values.length > 0 && values.every((one) => !Number.isNaN(one));
    this.#sum.hidden = !sum || !there;
    this.#number.hidden = values.length > 1;
    this.#strip.hidden = values.length < 2;
    this.element.toggleAttribute("data-empty", !there);
    const label = `${this.#name}: ${there ? saidOf(values) : "not yet computed"}`;
    if (this.element.getAttribute("aria-label") !== label)
      this.element.setAttribute("aria-label", label);
    if (values.length > 1) {
      this.#showStrip(values);
      this.element.removeAttribute("data-rounded");
      return;
    }
    const text = there ? this.#fit(values[0], sum, signed || total) : "";
    writeNumber(this.#number, text);
    this.element.toggleAttribute(
      "data-rounded",
      there && !isWhole(values[0], text),
    );
  }

  /**
   * As much of a number as there is room for, beside the sum sign and the mark of rounding.
   *
   * @param {number} value
   * @param {boolean} sum
   * @param {boolean} signed
   */
  #fit(value, sum, signed) {
    const room = this.#room - (sum ? SIGN : 0);
    const writes = signed ? signedText : shortText;
    const most = (/** @type {number} */ pixels) =>
      Math.min(10, Math.floor(pixels / this.#character));
    const text = writes(value, most(room));
    return isWhole(value, text) ? text : writes(value, most(room - MARK));
  }

  /** @param {number[]} values */
  #showStrip(values) {
    const rows = values.length > 2 && !this.#flat ? 2 : 1;
    const inRow = Math.ceil(values.length / rows);
    const room = Math.floor((this.#room - inRow + 1) / inRow);
    const width = Math.min(rows > 1 ? 58 : 34, room);
    if (this.#cells.length !== values.length) {
      this.#cells = values.map((_, i) => html("i", { "data-index": i }));
      this.#strip.replaceChildren(...this.#cells);
      this.#strip.style.gridTemplateColumns = `repeat(${inRow}, ${width}px)`;
      this.#strip.toggleAttribute("data-bare", width < READABLE);
    }
    const most = Math.floor((width - 1) / SMALL);
    const largest = largestOf(values);
    this.#cells.forEach((cell, i) => {
      const there = !Number.isNaN(values[i]);
      const readable = there && width >= READABLE;
      const text = readable ? shortText(values[i], most) : "";
      write(cell, text);
      cell.toggleAttribute(
        "data-rounded",
        text !== "" && !isWhole(values[i], text),
      );
      const shade = there ? String(tint(values[i], largest)) : "none";
      if (cell.dataset.tint !== shade) cell.dataset.tint = shade;
    });
  }
}
