import { html, set, svg, write } from "../../dom.js";
import { equalsText, fullText, numberText } from "../../format.js";
import { RADIUS, rowsOf } from "./layout.js";

/** @import {Model} from "../../model.js" */
/** @import {Feed, Parts} from "./feed.js" */
/** @import {Rows} from "./layout.js" */

/** The batches as rows of dots on one scale; each that has come shows its mean and its spread. */
export class Batches {
  element = svg("svg", { class: "running-batches", role: "img" });
  /** @type {{group: SVGGElement, dots: SVGElement[]}[]} */ #rows = [];

  /**
   * @param {Model} model
   * @param {Parts} parts
   * @param {number} width
   */
  show(model, parts, width) {
    const { shape, values } = model.tensor(parts.source);
    const [batches, samples] = shape;
    const rows = Array.from({ length: batches }, (_, n) =>
      values.slice(n * samples, (n + 1) * samples),
    );
    const means = model.tensor(parts.mean).values;
    const spreads = model.tensor(parts.variance).values.map(Math.sqrt);
    const ends = means.flatMap((mean, n) => [
      mean - spreads[n],
      mean + spreads[n],
    ]);
    const layout = rowsOf(rows, ends, width);
    set(this.element, {
      width,
      height: layout.height,
      viewBox: `0 0 ${width} ${layout.height}`,
    });
    const variances = model.tensor(parts.variance).values;
    this.#rows = rows.map((_, n) =>
      rowAt(layout, n, means[n], variances[n], spreads[n]),
    );
    const groups = this.#rows.map(({ group }) => group);
    this.element.replaceChildren(ticksOf(layout), ...groups);
  }

  /** @param {Feed} feed @param {number} batches */
  feed({ fed, now, arrived }, batches) {
    this.#rows.forEach(({ group, dots }, n) => {
      const state = n < fed ? "fed" : n === now ? "coming" : "waiting";
      set(group, { "data-state": state });
      group.toggleAttribute("data-now", n === now);
      dots.forEach((dot, i) =>
        dot.toggleAttribute("data-here", n < fed || (n === now && i < arrived)),
      );
    });
    const label = `${batches} batches on number lines; ${fed} fed`;
    set(this.element, { "aria-label": label });
  }
}

/**
 * @param {Rows} layout
 * @param {number} n
 * @param {number} mean
 * @param {number} variance
 * @param {number} spread
 */
function rowAt(
  { rows, x, left, right, width, narrow, row },
  n,
  mean,
  variance,
  spread,
) {
  const { y, dots } = rows[n];
  const circles = dots.map((dot) =>
    svg("circle", { class: "sample", cx: dot.x, cy: dot.y, r: RADIUS }),
  );
  const [low, high] = [x(mean - spread), x(mean + spread)];
  const words = [wordAt(right + 12, y, "μ", mean)];
  if (!narrow) words.push(wordAt(right + 112, y, "σ²", variance));
  const group = svg("g", { class: "batch-row" }, [
    svg("rect", {
      class: "lit",
      x: 0,
      y: y + 10 - row,
      width,
      height: row,
      rx: 5,
    }),
    svg("rect", {
      class: "band",
      ...{
        x: low,
        y: y - 7,
        width: Math.max(0, high - low),
        height: 14,
        rx: 3,
      },
    }),
    svg("line", { class: "axis", x1: left, x2: right, y1: y, y2: y }),
    svg("text", { class: "number", x: 18, y: y + 4 }, [`${n + 1}`]),
    ...circles,
    svg("line", {
      class: "mean",
      ...{ x1: x(mean), x2: x(mean), y1: y - 12, y2: y + 9 },
    }),
    ...words,
  ]);
  return { group, dots: circles };
}

/** @param {number} x @param {number} y @param {string} letter @param {number} value */
function wordAt(x, y, letter, value) {
  const text = svg("text", { class: "statistic", x, y: y + 4 }, [
    `${letter} ${equalsText(value)}`,
  ]);
  text.append(svg("title", {}, [fullText(value)]));
  return text;
}

/** @param {Rows} layout */
function ticksOf({ scale, x, height, rows }) {
  const [first, last] = [rows[0].y, height - 20];
  return svg(
    "g",
    { class: "ticks" },
    scale.ticks.flatMap((tick) => [
      svg("line", { x1: x(tick), x2: x(tick), y1: first - 20, y2: last }),
      svg("text", { x: x(tick), y: height - 5 }, [numberText(tick)]),
    ]),
  );
}

/** What the marks of the rows mean. */
export function batchesLegend() {
  const legend = html("p", { class: "running-legend muted" });
  write(
    legend,
    "Dots: samples. Upright mark: mean μ. Band: μ ± σ of the batch.",
  );
  return legend;
}
