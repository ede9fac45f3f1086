import { html, math, write } from "../../dom.js";
import { numberText, tinyText } from "../../format.js";
import { partsOf, piece, rightOf } from "./formula.js";
import { linesOf } from "./lines-of-numbers.js";
import { shortText } from "./numbers.js";
import { mark } from "./parts.js";
import { lookOf } from "./shown.js";

/** @import {Shown} from "./shown.js" */

/**
 * @typedef {object} Checked  A gradient beside one found by moving its variable.
 * @property {number[]} analytic
 * @property {(number | null)[]} numeric  Null where no quotient could be found.
 * @property {number | null} relative_error
 * @property {boolean} agrees
 * @property {string | null} why
 */

const WORDS = ["no", "one", "two", "three", "four", "five", "six"];

/** The formula of the stop in hand, or of the gradient that is chosen: in symbols, then in numbers. */
export class Panel {
  element = html("section", {
    class: "graph-panel",
    "aria-label": "Formula",
  });
  #title = html("h3", { class: "graph-title" });
  #symbols = html("div", { class: "graph-symbols" });
  #lines = html("div", { class: "graph-lines" });
  #check = html("p", { class: "graph-check" });
  #written = "";

  constructor() {
    this.element.append(this.#title, this.#symbols, this.#lines, this.#check);
  }

  get title() {
    return this.#title.textContent ?? "";
  }

  /**
   * @param {Shown} shown
   * @param {{position: number, length: number, backward: boolean}} player
   * @param {Record<string, Checked> | null} checks
   */
  show(shown, player, checks) {
    const { node, gradient } = shown;
    const tensor = gradient ?? node;
    const phases = phasesOf(shown);
    write(this.#title, titleOf(shown, player, phases));
    const there = tensor !== null && shown.isWritten(tensor);
    const key = [tensor, phases.join()].join(":");
    if (key !== this.#written) {
      this.#written = key;
      this.#writeSymbols(shown, phases);
    }
    const lines = there && tensor ? linesOf(shown, tensor, phases) : [];
    this.#lines.replaceChildren(...lines);
    this.#showCheck(shown, checks);
  }

  /** @param {Shown} shown @param {number[]} phases */
  #writeSymbols(shown, phases) {
    if (!phases.length) {
      this.#symbols.replaceChildren();
      return;
    }
    const { model } = shown;
    const { left } = partsOf(math(model.phases[phases[0]].formula.symbols));
    const right = phases.map((phase, i) => {
      const route = phases.length > 1 ? lookOf(i) : null;
      return piece(i ? "+" : "=", rightOf(model, phase), route);
    });
    this.#symbols.replaceChildren(piece("", left), ...right);
  }

  /** @param {Shown} shown @param {Record<string, Checked> | null} checks */
  #showCheck(shown, checks) {
    const { gradient, node } = shown;
    const there = gradient && node && shown.isWritten(gradient);
    const found = there ? checks?.[node] : null;
    // Until the new numbers are checked, the place is kept.
    mark(this.#check, "waiting", there && !checks ? "" : null);
    this.#check.hidden = !there || (checks !== null && !found);
    if (!found || !gradient) return;
    const cells = shown.cells(gradient);
    const one = cells.length === 1;
    const parts = one
      ? [
          html("span", {}, ["analytic ", code(found.analytic[cells[0]])]),
          html("span", {}, ["numeric ", code(found.numeric[cells[0]])]),
        ]
      : [];
    const agrees = found.agrees ? "✓ agrees" : "✗ differs";
    this.#check.replaceChildren(
      html("b", {}, ["Numeric check"]),
      ...parts,
      html("span", {}, [
        "relative difference ",
        html("code", {}, [
          found.relative_error === null
            ? "\u2013"
            : tinyText(found.relative_error),
        ]),
      ]),
      html("strong", { "data-agrees": String(found.agrees) }, [agrees]),
      ...(found.why ? [html("span", { class: "muted" }, [found.why])] : []),
    );
  }
}

/** @param {number | null} value */
function code(value) {
  if (value === null) return html("code", {}, ["\u2013"]);
  const tiny = value !== 0 && Math.abs(value) < 1e-6;
  return html("code", {}, [tiny ? shortText(value) : numberText(value, 10)]);
}

/** The phases that give what is in hand. @param {Shown} shown */
function phasesOf({ graph, gradient, node, stop }) {
  if (!node) return [];
  if (gradient) return graph.routesTo(node).map(({ phase }) => phase);
  return stop?.phases ?? [];
}

/**
 * @param {Shown} shown
 * @param {{position: number, length: number, backward: boolean}} player
 * @param {number[]} phases
 */
function titleOf(shown, { position, length, backward }, phases) {
  const way = backward ? "Backward" : "Forward";
  const routes = `${WORDS[phases.length] ?? phases.length} routes, one sum`;
  const [first] = phases.map((phase) => shown.model.phases[phase].title);
  if (shown.selected) {
    const { label } = shown.model.tensor(shown.selected);
    return phases.length > 1 ? `${label}: ${routes}` : label;
  }
  if (!shown.stop) return `${way}: ${length} steps. Press Play.`;
  const what = phases.length > 1 ? routes : first;
  return `${way}, step ${position} of ${length}: ${lower(what)}`;
}

/** @param {string} text */
function lower(text) {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
