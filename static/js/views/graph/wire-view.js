import { html, write } from "../../dom.js";
import { Amount } from "./amount.js";
import { sumOf } from "./numbers.js";
import { at, mark, press, showWire, wireDrawing } from "./parts.js";

/** @import {Wire} from "./layout.js" */
/** @import {Shown} from "./shown.js" */

const MINUS = "\u2212";

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
   * @param {{whole: boolean, dense: boolean, roomy: boolean}} style  Whether the gradient comes
   *   on this edge alone; whether letters are small; whether there is room for terms.
   */
  constructor(wire, index, gradient, { whole, dense, roomy }) {
    const { from } = wire.edge;
    this.#wire = wire;
    this.#roomy = roomy;
    this.index = index;
    this.drawing = wireDrawing(wire.points);
    const value = html("span", { class: "graph-amount" });
    value.dataset.tensor = from;
    const { room } = wire.label;
    this.#value = new Amount(value, `Value of ${from}`, room, { dense });
    this.#gradient = new Amount(
      gradientElement(gradient, whole),
      whole ? `Gradient of ${from}` : `Route to ${from}`,
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
    const { terms: texts } = sumOf(terms, 0, true);
    const many = `${texts.length} terms cancel`;
    const said = texts.map((text, i) =>
      !i || text.startsWith(MINUS) ? text : `+${text}`,
    );
    write(
      this.#terms,
      texts.length > 4
        ? many
        : said.join(" ").replaceAll(MINUS, `${MINUS}\u2060`),
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
