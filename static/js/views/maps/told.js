import { boxAt, cellsOf, unravel } from "../../boxes.js";
import { html, math, write } from "../../dom.js";
import { equalsText, fullText } from "../../format.js";
import { rightSide } from "../../scalars.js";
import { stepsWith } from "../../tracing.js";
import { fillIn, meanParts, othersText, shownTerms } from "./terms.js";

/** @import {Model} from "../../model.js" */
/** @import {Share} from "./shares.js" */

/** @type {Record<string, string>} What an axis is called where a cell is named. */
const NAMES = { image: "Sample" };

/**
 * What is said of a cell: with whom it shares its mean, the mean with all of its terms, and what
 * becomes of the cell.
 *
 * Events: "term" (detail: the place of a term, or null), "release".
 */
export class Told extends EventTarget {
  element = html("div", { class: "maps-told" });
  #title = html("h3");
  #shares = html("p", { class: "muted" });
  #release = html("button", { type: "button", class: "button" }, ["Unpin"]);
  #whole = html("button", { type: "button", class: "button" });
  #all = false;
  #own = -1;
  #lines = html("div", { class: "told-lines" });
  #note = html("p", { class: "muted told-note" });

  constructor() {
    super();
    const head = html("div", { class: "told-head" }, [
      html("div", {}, [this.#title, this.#shares]),
      html("div", { class: "told-actions" }, [this.#whole, this.#release]),
    ]);
    this.element.append(head, this.#lines, this.#note);
    this.#release.addEventListener("click", () => this.#emit("release", null));
    this.#whole.addEventListener("click", () => {
      this.#all = !this.#all;
      this.mark(this.#own);
    });
    this.#lines.addEventListener("pointerover", ({ target }) => {
      const term = /** @type {Element} */ (target).closest("[data-term]");
      this.#emit("term", term && Number(term.getAttribute("data-term")));
    });
    this.#lines.addEventListener("pointerleave", () =>
      this.#emit("term", null),
    );
  }

  /** @param {string} name @param {unknown} detail */
  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  /**
   * @param {Model} model
   * @param {string} source  The tensor that is shared out.
   * @param {Share} share
   * @param {number} index
   * @param {boolean} pinned
   */
  show(model, source, share, index, pinned) {
    const value = model.tensor(source).values[index];
    const unbroken = equalsText(value).replace(" ", "\u00a0");
    write(
      this.#title,
      `${placeText(model, source, index)}: x\u00a0${unbroken}`,
    );
    this.#title.title = fullText(value);
    const others = share.cells.length - 1;
    write(
      this.#shares,
      `${share.letter}: it shares its μ and σ² ${othersText(others)}.`,
    );
    this.#release.hidden = !pinned;
    let rounded = false;
    const lines = model.phases.map((phase, at) => {
      const [turn] = stepsWith(
        model,
        phase,
        phase.writes,
        this.#written(model, at, share, index),
      );
      if (phase.combine !== "mean") return cellLine(model, at, turn);
      const mean = meanParts(model, at, turn);
      rounded ||= mean.rounded;
      return line(model, at, mean.parts);
    });
    this.#lines.replaceChildren(...lines);
    const note = rounded
      ? " Terms are rounded to four decimals, the sum is not: it is that of the terms themselves."
      : "";
    write(this.#note, `ε = ${fullText(model.names.eps)}.${note}`);
  }

  /** The place that a phase writes for this cell. @param {Model} model @param {number} phase @param {Share} share @param {number} index */
  #written(model, phase, share, index) {
    const shared = model.phases[phase].combine === "mean";
    return shared ? model.written(phase, share.turn)[0] : index;
  }

  /** Mark the term of a cell. @param {number} place  -1 for none. */
  mark(place) {
    this.#own = place;
    let most = 0;
    for (const line of this.#lines.children) {
      for (const skip of line.querySelectorAll(".left-out")) skip.remove();
      const terms = [...line.querySelectorAll("[data-term]")];
      most = Math.max(most, terms.length);
      const shown = this.#all
        ? [...terms.keys()]
        : shownTerms(terms.length, place);
      terms.forEach((term, i) => {
        term.toggleAttribute("data-own", i === place);
        term.toggleAttribute("hidden", !shown.includes(i));
        const skips = i > 0 && shown.includes(i) && !shown.includes(i - 1);
        if (skips) term.before(html("span", { class: "left-out" }, ["⋯ "]));
      });
    }
    this.#whole.hidden = shownTerms(most, place).length === most;
    this.#whole.setAttribute("aria-pressed", `${this.#all}`);
    write(this.#whole, `All ${most} terms`);
  }
}

/** @param {Model} model @param {number} phase @param {(Node | string)[]} parts */
export function line(model, phase, parts) {
  const { title, formula, combine } = model.phases[phase];
  const kind = combine === "mean" ? "mean" : "cell";
  return html("div", { class: "told-line", "data-kind": kind }, [
    html("h4", {}, [title]),
    html("div", { class: "symbols" }, [math(formula.symbols)]),
    html("div", { class: "numbers" }, parts),
  ]);
}

/** What becomes of one cell, in numbers. @param {Model} model @param {number} phase @param {number} turn */
export function cellLine(model, phase, turn) {
  const rule = model.phases[phase];
  const numbers = rightSide(rule.formula);
  const exact = fillIn(numbers, (symbol) => {
    const { shape, values } = model.tensor(rule.reads[symbol]);
    return values[cellsOf(boxAt(rule, symbol, turn), shape)[0]];
  });
  const result = model.tensor(rule.writes).values[
    model.written(phase, turn)[0]
  ];
  return line(model, phase, [
    exact ? "= " : "≈ ",
    numbers,
    " ",
    html("b", {}, [equalsText(result)]),
  ]);
}

/**
 * The place of a cell in words: "Sample 1, channel 2, row 1, column 2".
 *
 * @param {Model} model
 * @param {string} tensor
 * @param {number} index
 */
export function placeText(model, tensor, index) {
  const { axes, shape } = model.tensor(tensor);
  const at = unravel(index, shape);
  return axes
    .map((axis, i) => `${NAMES[axis] ?? axis} ${at[i] + 1}`)
    .join(", ");
}
