import { set, svg } from "../dom.js";

/**
 * The outline of a window on a grid: one element that moves, with a casing so that it reads on
 * any fill. A dilated window frames each of its taps inside a thin frame of the whole.
 */
export class WindowView {
  element = svg("g", { class: "window", "aria-hidden": "true" });
  #at = { x: 0, y: 0 };

  /** @param {string} role  "x", "w" or "y": which outline it wears. */
  constructor(role) {
    this.element.setAttribute("data-role", role);
  }

  get at() {
    return this.#at;
  }

  /**
   * @param {number} size  Side of a cell.
   * @param {[number, number]} taps  Rows and columns of taps.
   * @param {[number, number]} step  Cells from one tap to the next.
   */
  shape(size, taps, step) {
    const key = [size, ...taps, ...step].join();
    if (this.element.dataset.key === key) return;
    this.element.dataset.key = key;
    const pitch = size + 2;
    const rows = (taps[0] - 1) * step[0] + 1;
    const columns = (taps[1] - 1) * step[1] + 1;
    const frame = (
      /** @type {number} */ r,
      /** @type {number} */ c,
      /** @type {number} */ h,
      /** @type {number} */ w,
    ) => ({
      x: c * pitch - 2,
      y: r * pitch - 2,
      width: w * pitch + 2,
      height: h * pitch + 2,
      rx: Math.min(7, size / 4),
    });
    const dilated = step[0] > 1 || step[1] > 1;
    const boxes = [];
    if (dilated) {
      for (let r = 0; r < taps[0]; r++) {
        for (let c = 0; c < taps[1]; c++)
          boxes.push(frame(r * step[0], c * step[1], 1, 1));
      }
    } else boxes.push(frame(0, 0, rows, columns));
    const whole = dilated
      ? [svg("rect", { class: "extent", ...frame(0, 0, rows, columns) })]
      : [];
    this.element.replaceChildren(
      ...whole,
      ...boxes.map((box) => svg("rect", { class: "casing", ...box })),
      ...boxes.map((box) => svg("rect", { class: "outline", ...box })),
      ...boxes.map((box) => svg("rect", { class: "inline", ...box })),
    );
  }

  /** @param {number} x @param {number} y */
  move(x, y) {
    this.#at = { x, y };
    set(this.element, { transform: `translate(${x} ${y})` });
  }

  /** @param {boolean} shown */
  show(shown) {
    this.element.toggleAttribute("hidden", !shown);
    this.element.style.display = shown ? "" : "none";
  }
}
