import { set, svg } from "../../dom.js";
import { numberText } from "../../format.js";
import { scaleOf } from "../norm/scale.js";
import { along, dotsAt, RADIUS } from "./layout.js";
import { inputOf, outputOf } from "./mode-parts.js";

/** @import {Model} from "../../model.js" */

const HEIGHT = 252;
const LINES = { first: 44, input: 120, last: 196 };

/** The same input between its outputs in two modes, on one scale. */
export class ModesPicture {
  element = svg("svg", { class: "modes-picture", role: "img" });

  /**
   * @param {Record<string, Model>} models
   * @param {Record<string, {name: string}>} words
   * @param {string} mode
   * @param {number} sample
   * @param {number} width
   */
  show(models, words, mode, sample, width) {
    const [above, below] = Object.keys(words);
    const input = inputOf(models[mode]).values;
    const outputs = [above, below].map((name) => outputOf(models[name]).values);
    const [left, right] = [14, width - 14];
    const scale = scaleOf([...input, ...outputs.flat()], right - left);
    const x = along(scale, left, right);
    const place = (/** @type {number[]} */ values, /** @type {number} */ y) =>
      dotsAt(values.map(x), y);
    const from = place(input, LINES.input);
    const ends = [
      { name: above, y: LINES.first, dots: place(outputs[0], LINES.first) },
      { name: below, y: LINES.last, dots: place(outputs[1], LINES.last) },
    ];
    const links = ends.flatMap(({ name, dots }) =>
      dots.map((dot, i) => {
        const link = svg("line", {
          class: "link",
          ...{ x1: from[i].x, y1: from[i].y, x2: dot.x, y2: dot.y },
        });
        link.toggleAttribute("data-selected", i === sample && name === mode);
        return link;
      }),
    );
    const lines = [
      lineOf("x, the same in both", LINES.input, [left, right], from, sample),
      ...ends.map(({ name, y, dots }) => {
        const line = lineOf(
          `y in ${words[name].name.toLowerCase()}`,
          y,
          [left, right],
          dots,
          sample,
        );
        line.setAttribute("data-output", "");
        line.toggleAttribute("data-chosen", name === mode);
        return line;
      }),
    ];
    set(this.element, {
      ...{ width, height: HEIGHT, viewBox: `0 0 ${width} ${HEIGHT}` },
      "aria-label":
        "The input on a number line, between the outputs of training and of inference",
    });
    const ticks = scale.ticks.flatMap((tick) => [
      svg("line", { x1: x(tick), x2: x(tick), y1: 26, y2: HEIGHT - 32 }),
      svg("text", { x: x(tick), y: HEIGHT - 8 }, [numberText(tick)]),
    ]);
    this.element.replaceChildren(
      svg("g", { class: "ticks" }, ticks),
      svg("g", {}, links),
      ...lines,
    );
  }
}

/**
 * @param {string} caption
 * @param {number} y
 * @param {[number, number]} ends
 * @param {{x: number, y: number}[]} dots
 * @param {number} sample
 */
function lineOf(caption, y, [left, right], dots, sample) {
  const circles = dots.map((dot, i) => {
    const circle = svg("circle", { cx: dot.x, cy: dot.y, r: RADIUS });
    circle.toggleAttribute("data-selected", i === sample);
    return circle;
  });
  return svg("g", { class: "modes-line" }, [
    svg("line", { class: "axis", x1: left, x2: right, y1: y, y2: y }),
    svg("text", { class: "caption", x: left, y: y + 20 }, [caption]),
    ...circles,
  ]);
}
