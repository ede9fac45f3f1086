import { html, svg } from "../../dom.js";
import { saidOf } from "./numbers.js";

/** @import {Box, Label, Point} from "./layout.js" */
/** @import {Letters} from "./letters.js" */
/** @import {Shown} from "./shown.js" */
/** @import {Graph} from "./structure.js" */

const BEND = 9;
const HEAD = 5;

/** A polyline with round bends. @param {Point[]} points */
function pathOf(points) {
  const parts = points.map(([x, y], i) => {
    const before = points[i - 1];
    const after = points[i + 1];
    if (!before) return `M${x} ${y}`;
    if (!after) return `L${x} ${y}`;
    const [x1, y1] = toward([x, y], before);
    const [x2, y2] = toward([x, y], after);
    return `L${x1} ${y1}Q${x} ${y} ${x2} ${y2}`;
  });
  return parts.join("");
}

/** A bend's length from a corner towards another point. @param {Point} from @param {Point} to */
function toward([x, y], [x2, y2]) {
  const far = Math.hypot(x2 - x, y2 - y);
  const part = Math.min(BEND, far / 2) / (far || 1);
  return [x + (x2 - x) * part, y + (y2 - y) * part];
}

/** An arrow's head at the end of a polyline. @param {Point[]} points */
function headOf(points) {
  const [x, y] = /** @type {Point} */ (points.at(-1));
  const [x1, y1] = /** @type {Point} */ (points.at(-2));
  const far = Math.hypot(x - x1, y - y1) || 1;
  const [u, v] = [(x - x1) / far, (y - y1) / far];
  const back = [x - u * HEAD * 2, y - v * HEAD * 2];
  const side = [-v * HEAD, u * HEAD];
  return `M${x} ${y}L${back[0] + side[0]} ${back[1] + side[1]}L${back[0] - side[0]} ${back[1] - side[1]}Z`;
}

/**
 * The drawing of an edge: its line, the one that is drawn over it, and a head at either end.
 *
 * @param {Point[]} points
 */
export function wireDrawing(points) {
  const d = pathOf(points);
  const head = (/** @type {Point[]} */ along, /** @type {string} */ way) =>
    svg("path", { d: headOf(along), class: "graph-arrow", "data-way": way });
  return svg("g", { class: "graph-wire" }, [
    svg("path", { d, class: "graph-line" }),
    svg("path", { d, class: "graph-drawn", pathLength: 1 }),
    head(points, "there"),
    head([...points].reverse(), "back"),
  ]);
}

/**
 * Give an edge the look of its route.
 *
 * @param {Element} drawing
 * @param {Shown} shown
 * @param {number} index  Of the edge.
 */
export function showWire(drawing, shown, index) {
  const look = shown.look(index);
  const arrives = look && !look.startsWith("context") && shown.arriving;
  mark(drawing, "look", look);
  mark(
    drawing,
    "arrives",
    arrives ? (shown.gradient ? "back" : "there") : null,
  );
  mark(drawing, "dim", shown.selected && !look ? "" : null);
}

/**
 * A node: a button that shows its formula, forward or backward.
 *
 * @param {Graph} graph
 * @param {Letters} letters
 * @param {string} name
 * @param {Box} box
 */
export function nodeElement(graph, letters, name, box) {
  const element = html("button", { type: "button", class: "graph-node" });
  const gradient = graph.nodes.get(name)?.gradient;
  Object.assign(element.dataset, { role: letters.role(name), tensor: name });
  element.dataset.name = `${letters.name(name)}, ${letters.label(name).toLowerCase()}`;
  if (gradient) element.dataset.gradient = gradient;
  place(element, box);
  return element;
}

/**
 * @param {HTMLElement} element
 * @param {Shown} shown
 * @param {string} name
 */
export function showNode(element, shown, name) {
  const gradient = shown.graph.nodes.get(name)?.gradient;
  const way = shown.gradient ? "back" : "there";
  mark(element, "hand", shown.node === name ? way : null);
  mark(element, "written", shown.isWritten(name) ? "" : null);
  const value = shown.isWritten(name)
    ? saidOf(shown.values(name))
    : "not yet computed";
  mark(element, "aria-label", `Node ${element.dataset.name}: ${value}`);
  press(
    element,
    shown.selected !== null && [name, gradient].includes(shown.selected),
  );
}

/** @param {Element} element @param {boolean} pressed */
export function press(element, pressed) {
  mark(element, "aria-pressed", String(pressed));
}

/** @param {HTMLElement} element @param {Box} box */
export function place(element, box) {
  element.style.left = `${box.x - box.width / 2}px`;
  element.style.top = `${box.y - box.height / 2}px`;
  element.style.width = `${box.width}px`;
  element.style.height = `${box.height}px`;
}

/** Place a text at its label. @param {HTMLElement} element @param {Label} label @param {string} kind */
export function at(element, label, kind) {
  element.dataset.kind = kind;
  element.dataset.anchor = label.anchor;
  element.style.left = `${label.x}px`;
  element.style.top = `${label.y}px`;
}

/**
 * Set a data attribute, or one for accessibility, only where it differs.
 *
 * @param {Element} element
 * @param {string} name
 * @param {string | null} value
 */
export function mark(element, name, value) {
  const key = name.startsWith("aria") ? name : `data-${name}`;
  if (value === null) element.removeAttribute(key);
  else if (element.getAttribute(key) !== value)
    element.setAttribute(key, value);
}
