import { html, svg } from "../../dom.js";
import { Amount } from "./amount.js";
import { listLayoutOf } from "./list-layout.js";
import {
  nodeElement,
  press,
  showNode,
  showWire,
  wireDrawing,
} from "./parts.js";

/** @import {Letters} from "./letters.js" */
/** @import {Shown} from "./shown.js" */
/** @import {Graph} from "./structure.js" */

/**
 * @typedef {object} Row
 * @property {string} name
 * @property {string | null} gradient
 * @property {HTMLElement} node
 * @property {Amount[]} amounts  Its value, and its gradient.
 *
 * @typedef {{left: number, width: number}} Column
 */

const KINDS = ["value", "gradient"];
const HEAD = 28;

/** The graph as a list for narrow screens: a node a row, its value and its gradient beside it. */
export class ListView {
  element = html("div", { class: "graph-list" });
  #body = html("div", { class: "graph-rows" });
  /** @type {Row[]} */ #rows = [];
  #wires;
  #graph;
  #letters;
  #written = "";

  /** @param {Graph} graph @param {Letters} letters @param {number} width */
  constructor(graph, letters, width) {
    this.#graph = graph;
    this.#letters = letters;
    const layout = listLayoutOf(graph);
    this.element.style.height = `${layout.height + HEAD}px`;
    this.#wires = layout.wires.map(({ points }) => wireDrawing(points));
    const lines = svg("svg", {
      width: layout.width,
      height: layout.height,
      "aria-hidden": "true",
    });
    lines.append(...this.#wires);
    this.#body.append(lines);
    const free = width - layout.width - 14;
    const columns = [
      { left: layout.width + 4, width: free * 0.43 },
      { left: layout.width + free * 0.43 + 10, width: free * 0.57 },
    ];
    columns.forEach((column, i) => {
      const head = html("span", { class: "graph-column" }, [KINDS[i]]);
      head.dataset.kind = KINDS[i];
      lay(head, column);
      this.element.append(head);
    });
    for (const [name, box] of layout.boxes) {
      const node = nodeElement(graph, letters, name, box);
      this.#body.append(node);
      this.#addRow(name, node, box.y, columns);
    }
    this.element.append(this.#body);
  }

  /**
   * @param {string} name
   * @param {HTMLElement} node
   * @param {number} y
   * @param {Column[]} columns
   */
  #addRow(name, node, y, columns) {
    const gradient = this.#graph.nodes.get(name)?.gradient ?? null;
    const amounts = columns.map((column, i) => {
      const choice = i > 0 && gradient !== null;
      const element = html(choice ? "button" : "span", {
        class: "graph-amount",
        "data-kind": i ? "gradient-cell" : "cell",
      });
      if (choice) element.dataset.gradient = gradient;
      element.style.top = `${y}px`;
      lay(element, column);
      this.#body.append(element);
      const called = this.#letters.name(name);
      const label = `${i ? "Gradient" : "Value"} of ${called}`;
      return new Amount(element, label, column.width, { dense: true });
    });
    this.#rows.push({ name, gradient, node, amounts });
  }

  /** @param {Shown} shown */
  show(shown) {
    for (const { name, gradient, node, amounts } of this.#rows) {
      if (this.#written !== `${shown.sample}`) {
        const sample = shown.perSample(name) ? shown.sample : null;
        node.replaceChildren(this.#letters.of(name, sample));
      }
      showNode(node, shown, name);
      const [value, back] = amounts;
      value.show(shown.values(name));
      back.show(gradient ? shown.values(gradient) : [], {
        sum: shown.isSum(name),
        total: shown.graph.routesTo(name).length > 1,
      });
      if (gradient) press(back.element, shown.selected === gradient);
    }
    this.#written = `${shown.sample}`;
    this.#wires.forEach((wire, index) => showWire(wire, shown, index));
  }
}

/** @param {HTMLElement} element @param {Column} column */
function lay(element, { left, width }) {
  element.style.left = `${left}px`;
  element.style.width = `${width}px`;
}
