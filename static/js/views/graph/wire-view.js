import { html, write } from "../../dom.js";
import { Amount } from "./amount.js";
import { sumOf } from "./numbers.js";
import { at, mark, press, showWire, wireDrawing } from "./parts.js";

/** @import {Wire} from "./layout.js" */
/** @import {Shown} from "./shown.js" */

const MINUS = "\u2212";
/** So many terms, of so many characters, have room in two lines. */
const WRITTEN_OUT = 4;
const LONGEST = 8;

/** An edge: its line in the look of its route, the value it carries and the gradient that comes back. */
export class WireView {
  drawing;
  #value;
  #gradient;
  #terms = html("span", { class: "graph-amount", hidden: "" });
  #wire;
  #roomy;

  /**
   * @param {Wire} wire
   * @param {number} index
   * @param {string | null} gradient  The gradient's tensor, where the edge can choose it.
   * @param {{name: string, whole: boolean, dense: boolean, roomy: boolean}} style  What it is
   *   called; whether the gradient comes on this edge alone; whether letters are small; whether
   *   there is room for terms.
   */
  constructor(wire, index, gradient, { name, whole, dense, roomy }) {
    const { from } = wire.edge;
    this.#wire = wire;
    this.#roomy = roomy;
    this.index = index;
    this.drawing = wireDrawing(wire.points);
    const value = html("span", { class: "graph-amount" });
    value.dataset.tensor = from;
    const { room } = wire.label;
    this.#value = new Amount(value, `Value of ${name}`, room, { dense });
    this.#gradient = new Amount(
      gradientElement(gradient, whole),
      whole ? `Gradient of ${name}` : `Route to ${name}`,
      room,
      { dense },
    );
    at(this.#terms, wire.label, "terms");
    at(value, wire.label, "value");
    at(this.#gradient.element, wire.label, "gradient");
  }

  get texts() {
    return [this.#value.element, this.#gradient.element, this.#terms];
  }

  /** @param {Shown} shown */
  show(shown) {
    const { edge } = this.#wire;
    const look = shown.look(this.index);
    showWire(this.drawing, shown, this.index);
    this.#value.show(shown.values(edge.from));
    const gradient = shown.graph.nodes.get(edge.from)?.gradient;
    const routes = shown.graph.routesTo(edge.from);
    const [phase] = edge.backward;
    const signed = routes.length > 1;
    mark(this.#gradient.element, "look", signed ? look : null);
    if (phase !== undefined) {
      const { values, cancels } = shown.route(phase);
      this.#showTerms(
        cancels && this.#roomy ? shown.given.terms(phase, 0) : [],
      );
      this.#gradient.show(values, { sum: shown.sums(phase), signed });
    } else if (gradient && !routes.length)
      this.#gradient.show(shown.values(gradient));
    else this.#gradient.show([]);
    if (this.#gradient.element instanceof HTMLButtonElement)
      press(
        this.#gradient.element,
        shown.selected !== null && shown.selected === gradient,
      );
  }

  /** Beside a 0 what cancels. @param {number[]} terms */
  #showTerms(terms) {
    this.#terms.hidden = terms.length < 2;
    if (terms.length < 2) return;
    const { terms: written, exact } = sumOf(terms, 0, true);
    const many = `${terms.length} terms cancel`;
    const said = written.map(({ full }, i) =>
      !i || full.startsWith(MINUS) ? full : `+${full}`,
    );
    const fits =
      said.length <= WRITTEN_OUT &&
      said.every((text) => text.length <= LONGEST);
    write(
      this.#terms,
      fits
        ? `${exact ? "" : "≈"}${said.join(" ")}`.replaceAll(
            MINUS,
            `${MINUS}\u2060`,
          )
        : many,
    );
  }
}

/** @param {string | null} gradient @param {boolean} whole */
function gradientElement(gradient, whole) {
  const element =
    gradient && whole
      ? html("button", { type: "button", class: "graph-amount" })
      : html("span", { class: "graph-amount" });
  if (gradient) element.dataset.gradient = element.dataset.tensor = gradient;
  return element;
}
