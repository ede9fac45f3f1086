import { html, set, svg } from "../../dom.js";
import { equalsText, numberText } from "../../format.js";
import { chartOf, pathOf } from "./layout.js";

/** @import {Model} from "../../model.js" */
/** @import {Course, Feed} from "./feed.js" */

/**
 * What stands beside a course: how far from it the band reaches, and what the batches come from.
 *
 * @typedef {{spread: number[] | null, level: number[] | null}} Beside
 */

/** With less room from batch to batch, what is before the first one has no word. */
const LEAST = 36;

/** The chart of a running value: the batches' own as points, what runs as a line behind them. */
export class CourseChart {
  #picture = svg("svg", { class: "running-course", role: "img" });
  #title = html("figcaption");
  element = html("figure", { class: "running-chart" });
  #height;

  /** @param {number} height */
  constructor(height) {
    this.#height = height;
    this.element.append(this.#title, this.#picture);
  }

  /**
   * @param {Model} model
   * @param {Course} course
   * @param {Beside} beside
   * @param {Feed} feed
   * @param {number} width
   */
  show(model, course, { spread, level }, feed, width) {
    const { label, values: running } = model.tensor(course.running);
    const own = model.tensor(course.follows);
    const reach = running.map((value, n) => spread?.[n] ?? 0);
    const ends = running.flatMap((value, n) => [
      value - reach[n],
      value + reach[n],
    ]);
    const size = { width, height: this.#height };
    const batches = own.values.length;
    const chart = chartOf(
      batches,
      [...own.values, ...ends, ...(level ?? [])],
      size,
    );
    const at = (/** @type {number} */ n, /** @type {number} */ value) => ({
      x: chart.x(n),
      y: chart.y(value),
    });
    const done = running.slice(0, feed.fed + 1);
    const above = done.map((value, n) => at(n, value + reach[n]));
    const below = done.map((value, n) => at(n, value - reach[n])).reverse();
    const band = spread ? `${pathOf([...above, ...below])}Z` : "";
    const line = pathOf(done.map((value, n) => at(n, value)));
    const points = own.values.slice(0, feed.fed).map((value, n) => {
      const { x, y } = at(n + 1, value);
      return svg("path", { class: "own", d: `M${x} ${y - 5}l5 5l-5 5l-5 -5z` });
    });
    const knots = done.map((value, n) => {
      const { x, y } = at(n, value);
      return svg("circle", { class: "knot", cx: x, cy: y, r: 3 });
    });
    set(this.#picture, { ...size, viewBox: `0 0 ${width} ${size.height}` });
    this.#picture.replaceChildren(
      gridOf(chart, batches),
      svg("path", { class: "band", d: band }),
      ...levelOf(level, at),
      ...pullOf(running, own.values, feed, at),
      svg("path", { class: "line", d: line }),
      ...knots,
      ...points,
    );
    const now = equalsText(running[feed.fed]);
    const text = `${label} after ${feed.fed} of ${batches}: ${now}`;
    set(this.#picture, { "aria-label": text });
    this.#title.textContent = `${label} ${now}`;
  }
}

/** @param {ReturnType<typeof chartOf>} chart @param {number} batches */
function gridOf({ left, right, bottom, scale, x, y }, batches) {
  const levels = scale.ticks.flatMap((tick) => [
    svg("line", { x1: left, x2: right, y1: y(tick), y2: y(tick) }),
    svg("text", { class: "value", x: left - 8, y: y(tick) + 4 }, [
      numberText(tick),
    ]),
  ]);
  const numbers = Array.from({ length: batches + 1 }, (_, n) =>
    svg("text", { class: "batch", x: x(n), y: bottom + 20 }, [
      n ? `${n}` : x(1) - x(0) < LEAST ? "0" : "start",
    ]),
  );
  return svg("g", { class: "grid-lines" }, [...levels, ...numbers]);
}

/**
 * Each batch has its own level, from halfway before it to halfway behind.
 *
 * @param {number[] | null} level
 * @param {(n: number, value: number) => {x: number, y: number}} at
 */
function levelOf(level, at) {
  if (!level) return [];
  const points = level.flatMap((value, n) => [
    at(n + 0.5, value),
    at(Math.min(level.length, n + 1.5), value),
  ]);
  return [svg("path", { class: "level", d: pathOf(points) })];
}

/**
 * How far the last batch pulled: from where the line was, towards the batch.
 *
 * @param {number[]} running
 * @param {number[]} own
 * @param {Feed} feed
 * @param {(n: number, value: number) => {x: number, y: number}} at
 */
function pullOf(running, own, { fed }, at) {
  if (!fed) return [];
  const [from, to] = [at(fed, running[fed - 1]), at(fed, own[fed - 1])];
  const before = at(fed - 1, running[fed - 1]);
  return [svg("path", { class: "pull", d: pathOf([before, from, to]) })];
}

/** What the marks of the charts mean. @param {boolean} level */
export function courseLegend(level) {
  const items = [
    ["own", "M7 2l5 5l-5 5l-5 -5z", "of a batch"],
    ["line", "M0 7H28", "running"],
    ["band", "M0 2H28V12H0z", "± root of the running variance"],
    ["pull", "M0 7H28", "pull of the last batch"],
    ...(level ? [["level", "M0 7H28", "mean of the population"]] : []),
  ];
  return html(
    "ul",
    { class: "running-legend muted" },
    items.map(([name, d, words]) =>
      html("li", {}, [
        svg(
          "svg",
          {
            class: "running-course",
            "aria-hidden": "true",
            ...{ width: name === "own" ? 14 : 28, height: 14 },
          },
          [svg("path", { class: name, d })],
        ),
        words,
      ]),
    ),
  );
}
