import { html, math, write } from "../../dom.js";
import { powerText } from "../../format.js";
import { partsOf, piece, rightOf } from "./formula.js";
import { linesOf } from "./lines-of-numbers.js";
import { comparedTexts, saidOf } from "./numbers.js";
import { mark } from "./parts.js";
import { numberParts } from "./typeset.js";

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
const SIDES = ["analytic ", "numeric "];

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
  #said = "";

  constructor() {
    this.element.append(this.#title, this.#symbols, this.#lines, this.#check);
  }

  get title() {
    return this.#title.textContent ?? "";
  }

  /** The title and the number, for those who do not see them. */
  get said() {
    return this.#said;
  }

  /**
   * @param {Shown} shown
   * @param {{position: number, length: number, backward: boolean}} player
   * @param {Record<string, Checked> | null} checks
   */
  show(shown, player, checks) {
    const { tensor, giving: phases } = shown;
    const title = titleOf(shown, player, phases);
    write(this.#title, title);
    const whole = tensor !== null && shown.isWritten(tensor);
    this.#said = whole ? `${title}. ${saidOf(shown.values(tensor))}` : title;
    const there =
      tensor !== null &&
      (phases.length
        ? phases.every((phase) => shown.phases.has(phase))
        : shown.isWritten(tensor));
    const key = [tensor, phases.join()].join(":");
    if (key !== this.#written) {
      this.#written = key;
      this.#writeSymbols(shown, phases);
    }
    const lines = there ? linesOf(shown, tensor, phases) : [];
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
    // Until all routes have come, this is what it has got so far.
    const equals = phases.length < shown.routes.length ? "+=" : "=";
    const right = phases.map((phase, i) =>
      piece(i ? "+" : equals, rightOf(model, phase), shown.lookOf(phase)),
    );
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
    const { analytic, numeric } = found;
    const one = cells.length === 1;
    const texts = one
      ? comparedTexts([analytic[cells[0]], numeric[cells[0]]])
      : [];
    const parts = texts.map((text, i) =>
      html("span", {}, [SIDES[i], html("code", {}, numberParts(text))]),
    );
    const agrees = found.agrees ? "✓ agrees" : "✗ differs";
    this.#check.replaceChildren(
      html("b", {}, ["Numeric check"]),
      ...parts,
      html("span", {}, [
        "relative difference ",
        html(
          "code",
          {},
          numberParts(
            found.relative_error === null
              ? "\u2013"
              : powerText(found.relative_error),
          ),
        ),
      ]),
      html("strong", { "data-agrees": String(found.agrees) }, [agrees]),
      ...(found.why ? [html("span", { class: "muted" }, [found.why])] : []),
    );
  }
}

/**
 * @param {Shown} shown
 * @param {{position: number, length: number, backward: boolean}} player
 * @param {number[]} phases
 */
function titleOf(shown, { position, length, backward }, phases) {
  const way = backward ? "Backward" : "Forward";
  const all = shown.routes.length;
  const routes = all > 1 ? countOf(phases.length, all) : "";
  if (shown.selected) {
    const { label } = shown.model.tensor(shown.selected);
    return routes ? `${label}: ${routes}` : label;
  }
  if (!shown.stop) return `${way}: ${length} steps. Press Play.`;
  const what = routes
    ? `${shown.model.tensor(shown.stop.tensor).label}, ${routes}`
    : shown.model.phases[phases[0]].title;
  return `${way}, step ${position} of ${length}: ${lower(what)}`;
}

/** Of routes, how many have come. @param {number} come @param {number} all */
function countOf(come, all) {
  const [some, routes] = [come, all].map((count) => WORDS[count] ?? count);
  if (come === all) return `${routes} routes, one sum`;
  return `${come > 1 ? some : "first"} of ${routes} routes`;
}

/** @param {string} text */
function lower(text) {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
