import { set, svg, write } from "../../dom.js";
import { equalsText } from "../../format.js";

const WIDTH = 320;
const HEIGHT = 150;
const LEFT = 20;
const BOTTOM = 24;
const TOP = 22;

/** The loss after each step, and where one is. */
export class LossChart {
  element = svg("svg", {
    class: "loss-chart",
    viewBox: `0 0 ${WIDTH} ${HEIGHT}`,
    role: "img",
  });
  #line = svg("path", { class: "line" });
  #ahead = svg("path", { class: "ahead" });
  #dot = svg("circle", { class: "dot", r: 4.5 });
  #axes = svg("path", {
    class: "axes",
    d: `M${LEFT} ${TOP}V${HEIGHT - BOTTOM}H${WIDTH - 8}`,
  });
  // Over the axis, where it may be as long as it is.
  #most = svg("text", { x: LEFT - 6, y: TOP - 8 });
  #least = svg("text", {
    x: LEFT - 6,
    y: HEIGHT - BOTTOM + 1,
    "text-anchor": "end",
  });
  #steps = svg("text", {
    x: WIDTH - 8,
    y: HEIGHT - 8,
    "text-anchor": "end",
  });
  #none = svg("text", { x: LEFT, y: HEIGHT - 8, "text-anchor": "middle" });
  #axis = svg("text", {
    x: (LEFT + WIDTH) / 2,
    y: HEIGHT - 8,
    "text-anchor": "middle",
  });

  constructor() {
    write(this.#least, "0");
    write(this.#none, "0");
    write(this.#axis, "steps taken");
    const words = [
      this.#most,
      this.#least,
      this.#none,
      this.#axis,
      this.#steps,
    ];
    this.element.append(this.#axes, this.#ahead, this.#line, this.#dot);
    this.element.append(...words);
  }

  /**
   * @param {number[]} losses
   * @param {number} at  Steps taken.
   */
  show(losses, at) {
    const most = Math.max(...losses, Number.MIN_VALUE);
    const last = Math.max(1, losses.length - 1);
    const place = (/** @type {number} */ step) => {
      const x = LEFT + ((WIDTH - 8 - LEFT) * step) / last;
      const high = HEIGHT - BOTTOM - TOP;
      return `${x.toFixed(1)} ${(TOP + high * (1 - losses[step] / most)).toFixed(1)}`;
    };
    const path = (/** @type {number[]} */ steps) =>
      steps.length ? `M${steps.map(place).join("L")}` : "";
    const all = losses.map((_, step) => step);
    set(this.#line, { d: path(all.slice(0, at + 1)) });
    set(this.#ahead, { d: path(all.slice(at)) });
    const [x, y] = place(at).split(" ");
    set(this.#dot, { cx: x, cy: y });
    write(this.#most, `loss ${equalsText(most)}`);
    write(this.#steps, losses.length > 1 ? `${last}` : "");
    const words = `Loss after ${at} of ${last} steps ${equalsText(losses[at])}`;
    this.element.setAttribute("aria-label", words);
  }
}
