import { tint } from "../colour.js";
import { set, svg, write } from "../dom.js";
import { cellText, fullText, isShown } from "../format.js";

const SMALLEST_TEXT = 18;
const SIZES = [
  [38, 15],
  [32, 14],
  [25, 12],
];
/** Of a letter's size: its width, closer together in a small cell. */
const [WIDTH, CLOSE] = [0.605, 0.565];
/** What can still be read, in pixels. */
const LEAST = 9;

/** One cell: its fill says the value, its text too where there is room, its label always. */
export class CellView {
  fill = svg("rect", { class: "fill" });
  #text = svg("text", { "aria-hidden": "true" });
  /** @type {SVGRectElement | null} */ #overlay = null;
  #size = 0;
  /** @type {number | null | undefined} */ #value = undefined;
  #largest = 0;

  /**
   * @param {number} own  Its place in its plane, or -1 for padding around it.
   * @param {string} name  "row 2, column 3".
   * @param {boolean} editable
   */
  constructor(own, name, editable) {
    this.own = own;
    this.name = name;
    this.g = svg("g", { class: own < 0 ? "cell padding" : "cell" }, [
      this.fill,
    ]);
    if (own < 0) {
      this.overlay("hatch");
      return;
    }
    set(this.g, {
      role: "gridcell",
      tabindex: own === 0 ? 0 : -1,
      "data-own": own,
    });
    if (!editable) this.g.setAttribute("aria-readonly", "true");
  }

  /**
   * @param {number} x
   * @param {number} y
   * @param {number} size
   */
  place(x, y, size) {
    set(this.g, { transform: `translate(${x} ${y})` });
    if (size === this.#size) return;
    this.#size = size;
    for (const rect of [this.fill, this.#overlay]) {
      if (rect)
        set(rect, { width: size, height: size, rx: Math.min(6, size / 5) });
    }
    if (size >= SMALLEST_TEXT) {
      set(this.#text, { x: size / 2, y: size / 2 });
      this.#writeText();
      this.g.append(this.#text);
    } else this.#text.remove();
  }

  /**
   * Show a value, if it differs; NaN is empty.
   *
   * @param {number | undefined} number
   * @param {number} largest  The largest of the tensor, for the tint.
   */
  show(number, largest) {
    const value = number === undefined || Number.isNaN(number) ? null : number;
    if (value === this.#value && largest === this.#largest) return;
    this.#value = value;
    this.#largest = largest;
    set(this.fill, {
      "data-tint": value === null ? "none" : tint(value, largest),
    });
    this.#writeText();
    if (this.own < 0) return;
    const said = value === null ? "empty" : fullText(value);
    set(this.g, { "aria-label": `${this.name}: ${said}` });
  }

  /** Write the value as long as there is room for it, and smaller where there is little. */
  #writeText() {
    const value = this.#value ?? null;
    const most = this.#size >= 38 ? 5 : this.#size >= 34 ? 4 : 3;
    const text = value === null ? "" : cellText(value, most);
    write(this.#text, text);
    // What the style sheet gives to cells of this size.
    const usual = SIZES.find(([least]) => this.#size >= least)?.[1];
    const letter = (usual ? WIDTH : CLOSE) * text.length;
    const room = Math.floor((2 * (this.#size - 4)) / letter) / 2;
    this.#text.style.fontSize =
      room < (usual ?? 11) ? `${Math.max(LEAST, room)}px` : "";
    this.#text.toggleAttribute(
      "data-rounded",
      value !== null && !isShown(value, text),
    );
  }

  /** Hatch the cell, or cross it out, or neither. @param {string | null} kind */
  overlay(kind) {
    this.#overlay?.remove();
    this.#overlay = kind === null ? null : svg("rect", { class: kind });
    if (!this.#overlay) return;
    const size = this.#size;
    set(this.#overlay, {
      width: size,
      height: size,
      rx: Math.min(6, size / 5),
    });
    this.fill.after(this.#overlay);
  }
}
