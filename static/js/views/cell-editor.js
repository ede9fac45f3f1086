import { html } from "../dom.js";
import { fullText, parseNumber, valueText } from "../format.js";

/** Milliseconds in which a fault is read. */
const READ = 6000;

/**
 * One text field, laid over the cell that is being edited.
 *
 * Enter and leaving commit, Escape restores, arrows up and down and Tab commit and go on. What is
 * no number is told: Enter keeps it open, leaving gives it up.
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
  #fault = html("p", { class: "cell-fault", role: "alert", hidden: "" });
  #before = 0;
  #telling = 0;

  constructor() {
    this.element.addEventListener("keydown", (event) => {
      if (event.key === "Enter" && this.#wrong)
        this.#tell("use one such as −1.5");
      else if (event.key === "Enter") this.#finish(true);
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
    this.#before = value;
    this.#check();
    this.#done = done;
    this.element.focus();
    if (typed === null) this.element.select();
  }

  /** Whether what is typed is no number. */
  get #wrong() {
    const { value } = this.element;
    return value.trim() !== "" && parseNumber(value) === null;
  }

  #check() {
    const unfinished = /^[-+\u2212.,]$/.test(this.element.value.trim());
    const wrong = this.#wrong && !unfinished;
    this.element.setAttribute("aria-invalid", String(wrong));
    this.#fault.hidden = true;
  }

  /** Say below the field that it holds no number. @param {string} remedy */
  #tell(remedy) {
    const { left, top, height } = this.element.style;
    const { style } = this.#fault;
    style.left = left;
    style.top = `calc(${top} + ${height} + 4px)`;
    if (this.element.nextSibling !== this.#fault)
      this.element.after(this.#fault);
    this.#fault.hidden = false;
    this.#fault.textContent = `“${this.element.value}” is not a number; ${remedy}.`;
    this.element.setAttribute("aria-invalid", "true");
    clearTimeout(this.#telling);
    const hide = () => (this.#fault.hidden = true);
    this.#telling = setTimeout(hide, READ);
  }

  /** @param {boolean} commit */
  #finish(commit) {
    const done = this.#done;
    if (!done) return;
    if (commit && this.#wrong) this.#tell(`${valueText(this.#before)} stays`);
    this.#done = null;
    this.element.hidden = true;
    done(commit ? parseNumber(this.element.value) : null);
  }
}
