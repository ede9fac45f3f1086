import { html } from "../dom.js";
import { fullText, parseNumber } from "../format.js";

/**
 * One text field, laid over the cell that is being edited.
 *
 * Enter and leaving commit, Escape restores, arrows up and down and Tab commit and go on.
 */
export class CellEditor {
  element = html("input", {
    class: "cell-editor",
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    "aria-label": "New value",
    hidden: "",
  });
  /** @type {((value: number | null) => void) | null} */ #done = null;

  constructor() {
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Enter") this.#finish(true);
      else if (event.key === "Escape") this.#finish(false);
      else if (event.key === "Tab") this.#finish(true);
      else {
        event.stopPropagation();
        return;
      }
      if (event.key !== "Tab") event.preventDefault();
      event.stopPropagation();
    });
    this.element.addEventListener("blur", () => this.#finish(true));
    this.element.addEventListener("input", () => this.#check());
  }

  get open() {
    return this.#done !== null;
  }

  /**
   * @param {DOMRect} cell
   * @param {DOMRect} around  Of the element that holds the field.
   * @param {number} value
   * @param {string | null} typed  What began the edit, or null to show the present value.
   * @param {(value: number | null) => void} done  With the new value, or null to leave it.
   */
  edit(cell, around, value, typed, done) {
    this.#finish(false);
    const width = Math.max(cell.width, 56);
    const { style } = this.element;
    style.left = `${cell.left - around.left - (width - cell.width) / 2}px`;
    style.top = `${cell.top - around.top}px`;
    style.width = `${width}px`;
    style.height = `${Math.max(cell.height, 26)}px`;
    this.element.hidden = false;
    this.element.value = typed ?? fullText(value);
    this.#check();
    this.#done = done;
    this.element.focus();
    if (typed === null) this.element.select();
  }

  #check() {
    const wrong =
      this.element.value.trim() !== "" &&
      parseNumber(this.element.value) === null;
    const unfinished = /^[-+\u2212.,]$/.test(this.element.value.trim());
    this.element.setAttribute("aria-invalid", String(wrong && !unfinished));
  }

  /** @param {boolean} commit */
  #finish(commit) {
    const done = this.#done;
    if (!done) return;
    this.#done = null;
    this.element.hidden = true;
    done(commit ? parseNumber(this.element.value) : null);
  }
}
