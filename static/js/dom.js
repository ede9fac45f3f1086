const SVG = "http://www.w3.org/2000/svg";

/**
 * Make an SVG element.
 *
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number>} [attributes]
 * @param {(Node | string)[]} [children]
 * @returns {SVGElementTagNameMap[K]}
 */
export function svg(tag, attributes = {}, children = []) {
  const element = document.createElementNS(SVG, tag);
  set(element, attributes);
  element.append(...children);
  return element;
}

/**
 * Make an HTML element.
 *
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number>} [attributes]
 * @param {(Node | string)[]} [children]
 * @returns {HTMLElementTagNameMap[K]}
 */
export function html(tag, attributes = {}, children = []) {
  const element = document.createElement(tag);
  set(element, attributes);
  element.append(...children);
  return element;
}

/**
 * @param {Element} element
 * @param {Record<string, string | number>} attributes
 */
export function set(element, attributes) {
  for (const [name, value] of Object.entries(attributes))
    if (element.getAttribute(name) !== `${value}`)
      element.setAttribute(name, `${value}`);
}

/**
 * Write a text only where it differs, so that nothing is laid out in vain.
 *
 * @param {Node} node
 * @param {string} text
 */
export function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

/** @type {Map<string, Element>} */
const parsed = new Map();

/**
 * The element of a formula that the server made; each formula is parsed once.
 *
 * @param {string} source  MathML.
 * @returns {Element}
 */
export function math(source) {
  let formula = parsed.get(source);
  if (!formula) {
    const { body } = new DOMParser().parseFromString(source, "text/html");
    formula = /** @type {Element} */ (body.firstElementChild);
    parsed.set(source, formula);
  }
  return document.importNode(formula, true);
}

/** @type {(() => void)[]} */
const queue = [];

/**
 * Do things in tasks of their own, each after the next frame, so that none is long.
 *
 * @param {(() => void)[]} tasks
 */
export function inTurn(tasks) {
  const idle = !queue.length;
  queue.push(...tasks);
  if (idle && queue.length) next();
}

function next() {
  requestAnimationFrame(() =>
    setTimeout(() => {
      queue[0]();
      queue.shift();
      if (queue.length) next();
    }),
  );
}

/** Show what waits within an element until the first picture is painted. @param {Element} root */
export function reveal(root) {
  const waiting = [...root.querySelectorAll("[data-waiting]")];
  inTurn(waiting.map((part) => () => part.removeAttribute("data-waiting")));
}

/** Whether things may move. */
export function motion() {
  return !matchMedia("(prefers-reduced-motion: reduce)").matches;
}
