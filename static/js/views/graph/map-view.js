import { html, svg } from "../../dom.js";
import { Amount } from "./amount.js";
import { at, mark, nodeElement, place, press, showNode } from "./parts.js";
import { WireView } from "./wire-view.js";

/** @import {Box, Label, Layout} from "./layout.js" */
/** @import {Letters} from "./letters.js" */
/** @import {Shown} from "./shown.js" */
/** @import {Graph, GraphNode} from "./structure.js" */

const FAN = 3;
const APART = 30;

/** The graph as a map: nodes, edges between them, values above and gradients below. */
export class MapView {
  element = html("div", { class: "graph-map" });
  /** @type {Map<string, HTMLElement>} */ #nodes = new Map();
  /** @type {Map<string, HTMLElement>} */ #fans = new Map();
  /** @type {Map<string, {rays: Element[], x: number, from: number, middle: number, to: number}>} */
  #rays = new Map();
  /** @type {{name: string, amount: Amount, gradient: boolean}[]} */ #amounts =
    [];
  /** @type {WireView[]} */ #wires;
  #graph;
  #letters;
  #written = "";

  /**
   * @param {Graph} graph
   * @param {Layout} layout
   * @param {Letters} letters
   */
  constructor(graph, layout, letters) {
    this.#graph = graph;
    this.#letters = letters;
    const { width, height, dense } = layout;
    this.element.toggleAttribute("data-dense", dense);
    this.element.style.width = `${width}px`;
    this.element.style.height = `${height}px`;
    this.#wires = layout.wires.map((wire, index) => {
      const node = /** @type {GraphNode} */ (graph.nodes.get(wire.edge.from));
      const whole = graph.routesTo(node.name).length < 2;
      const carries = wire.edge.backward.length || whole ? node.gradient : null;
      return new WireView(wire, index, carries, {
        name: letters.name(node.name),
        whole,
        dense,
        roomy: layout.roomy.has(wire),
      });
    });
    const lines = svg("svg", { width, height, "aria-hidden": "true" });
    this.element.append(lines);
    for (const [name, box] of layout.fans)
      this.#addFan(lines, layout, name, box);
    lines.append(...this.#wires.map(({ drawing }) => drawing));
    for (const [name, box] of layout.boxes) this.#addNode(name, box);
    for (const wire of this.#wires) this.element.append(...wire.texts);
    for (const [name, box] of layout.totals) this.#addTotal(name, box);
    this.#inOrder();
    for (const [name, label] of layout.ends) this.#addEnd(name, label);
  }

  /** @param {Shown} shown */
  show(shown) {
    this.#write(shown);
    mark(this.element, "all", shown.sample === null ? "" : null);
    for (const [name, element] of this.#nodes) showNode(element, shown, name);
    for (const { name, amount, gradient } of this.#amounts) {
      const { element } = amount;
      amount.show(shown.values(name), {
        sum: gradient && shown.isSum(element.dataset.of ?? ""),
        total: gradient,
      });
      if (gradient) press(element, shown.selected === name);
    }
    for (const wire of this.#wires) wire.show(shown);
  }

  /** The letters, with the number of the sample that is shown. @param {Shown} shown */
  #write(shown) {
    const key = `${shown.sample},${shown.samples}`;
    if (key === this.#written) return;
    this.#written = key;
    for (const [name, element] of this.#nodes) {
      const sample = shown.perSample(name) ? shown.sample : null;
      element.replaceChildren(this.#letters.of(name, sample));
    }
    for (const [name, element] of this.#fans) {
      const read = this.#graph
        .into(name)
        .find(({ from }) => shown.perSample(from));
      const others = Array.from({ length: shown.samples }, (_, i) => i).filter(
        (i) => i !== shown.sample,
      );
      const most = others.length > FAN ? FAN - 1 : FAN;
      element.replaceChildren(
        ...others.slice(0, most).map((i) => {
          const letter = this.#letters.of(read?.from ?? "", i);
          return html("span", {}, [letter]);
        }),
      );
      if (others.length > FAN)
        element.append(html("b", {}, [`+${others.length - most}`]));
      element.hidden = shown.sample === null || !others.length;
      this.#aim(name, element.hidden ? 0 : element.children.length);
    }
  }

  /** @param {string} name @param {Box} box */
  #addNode(name, box) {
    const element = nodeElement(this.#graph, this.#letters, name, box);
    this.#nodes.set(name, element);
    this.element.append(element);
  }

  /** @param {string} name @param {Box} box */
  #addTotal(name, box) {
    const { gradient } = /** @type {GraphNode} */ (this.#graph.nodes.get(name));
    if (!gradient) return;
    const element = html("button", { type: "button", class: "graph-total" });
    element.dataset.gradient = gradient;
    element.dataset.of = name;
    place(element, box);
    const amount = new Amount(
      element,
      `Gradient of ${this.#letters.name(name)}`,
      box.width - 6,
      {
        flat: true,
      },
    );
    this.#amounts.push({ name: gradient, amount, gradient: true });
    this.element.append(element);
  }

  /** Gradients follow one another as they are computed: so one comes to them with the Tab key. */
  #inOrder() {
    const { stops } = this.#graph;
    const at = (/** @type {Element} */ one) =>
      stops.findIndex(
        ({ tensor }) => tensor === one.getAttribute("data-gradient"),
      );
    const buttons = [
      ...this.element.querySelectorAll("button:not(.graph-node)"),
    ];
    this.element.append(...buttons.sort((a, b) => at(a) - at(b)));
  }

  /** @param {string} name @param {Label} label */
  #addEnd(name, label) {
    const element = html("span", { class: "graph-amount" });
    at(element, label, "end");
    const amount = new Amount(
      element,
      `Value of ${this.#letters.name(name)}`,
      label.room,
    );
    this.#amounts.push({ name, amount, gradient: false });
    this.element.append(element);
  }

  /** @param {Element} lines @param {Layout} layout @param {string} name @param {Box} box */
  #addFan(lines, layout, name, box) {
    const node = /** @type {Box} */ (layout.boxes.get(name));
    const element = html("div", { class: "graph-fan", "aria-hidden": "true" });
    place(element, box);
    this.#fans.set(name, element);
    this.element.append(element);
    const x = node.x + Math.sign(box.x - node.x) * (node.width / 4);
    const [from, to] = [node.y + node.height / 2, box.y - box.height / 2];
    const rays = Array.from({ length: FAN }, () =>
      svg("path", { class: "graph-ray" }),
    );
    lines.append(...rays);
    this.#rays.set(name, { rays, x, from, middle: box.x, to });
  }

  /** One line to each of the others, which stand side by side. @param {string} name @param {number} count */
  #aim(name, count) {
    const fan = this.#rays.get(name);
    fan?.rays.forEach((ray, i) => {
      const end = fan.middle + (i - (count - 1) / 2) * APART;
      ray.setAttribute("d", `M${fan.x} ${fan.from}L${end} ${fan.to}`);
      ray.toggleAttribute("hidden", i >= count);
    });
  }
}
