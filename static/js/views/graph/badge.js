import { html, write } from "../../dom.js";
import { sumOf } from "./numbers.js";
import { mark } from "./parts.js";
import { lookOf } from "./shown.js";
import { writeNumber } from "./typeset.js";

/** @import {Letters} from "./letters.js" */
/** @import {Written} from "./numbers.js" */
/** @import {Shown} from "./shown.js" */

/** Where some routes have come, by how many have not. */
const LATER = [
  "",
  "The other route comes later.",
  "The other routes come later.",
];
/** In the place of what has not come yet. */
const NONE = "\u2013";
const HINT =
  "Where several routes meet, what each brings is listed here before it is added.";

/** What comes to a gradient by each of its routes, as numbers and as bars that add up. */
export class Badge {
  element = html("section", {
    class: "graph-badge",
    "aria-label": "Routes that meet",
  });
  #hint = html("p", { class: "graph-hint muted" }, [HINT]);
  #list = html("div", { class: "graph-routes" });
  #bars = html("div", { class: "graph-bars", "aria-hidden": "true" });
  #note = html("p", { class: "graph-note muted" });
  #built = "";
  /** @type {HTMLElement[]} */ #numbers = [];
  #letters;

  /** @param {Letters} letters */
  constructor(letters) {
    this.#letters = letters;
    this.element.append(this.#hint, this.#list, this.#bars, this.#note);
  }

  /** @param {Shown} shown */
  show(shown) {
    const node = shown.gradient && shown.node;
    const routes = node ? shown.graph.routesTo(node) : [];
    const there = routes.length > 1;
    this.#hint.hidden = there;
    for (const part of [this.#list, this.#bars, this.#note])
      part.hidden = !there;
    mark(this.element, "routes", there ? String(routes.length) : null);
    if (!there || !shown.gradient) return;
    const { gradient } = shown;
    const all = shown.cells(gradient).length > 1;
    this.#build(shown, gradient, routes, all);
    const coming = routes.map(({ phase }) => shown.route(phase));
    const totals = shown.values(gradient);
    if (!all) this.#write(coming, totals[0]);
    else
      write(
        this.#note,
        "Each sample has bars of its own: its routes, then what they come to.",
      );
    this.#draw(
      totals.map((total, cell) => [
        ...coming.map(({ values }) => values[cell]),
        total,
      ]),
      all,
    );
  }

  /**
   * @param {{values: number[], cancels: boolean}[]} coming
   * @param {number} total
   */
  #write(coming, total) {
    const values = [...coming.map(({ values }) => values[0]), total];
    const there = values.filter((value) => !Number.isNaN(value));
    // Until all are there, those that are stand for themselves.
    const sum = sumOf(
      there.slice(0, coming.length),
      Number.isNaN(total) ? 0 : total,
    );
    const written = [...sum.terms, sum.total];
    values.forEach((value, i) =>
      writeNumber(
        this.#numbers[i],
        Number.isNaN(value)
          ? NONE
          : addedText(value, /** @type {Written} */ (written.shift())),
      ),
    );
    if (there.length < values.length) {
      const missing = coming.filter(({ values: [one] }) => Number.isNaN(one));
      write(this.#note, there.length ? LATER[Math.min(missing.length, 2)] : "");
      return;
    }
    const cancels = coming.some((one) => one.cancels)
      ? "The 0 is a sum whose terms cancel."
      : "";
    const within = sum.within ? `The numbers shown re-add ${sum.within}.` : "";
    write(this.#note, [cancels, within].filter(Boolean).join(" "));
  }

  /**
   * @param {Shown} shown
   * @param {string} gradient
   * @param {{phase: number, edge: {to: string}}[]} routes
   * @param {boolean} all
   */
  #build(shown, gradient, routes, all) {
    const sample = shown.perSample(gradient) ? shown.sample : null;
    const key = [gradient, sample, all].join();
    if (key === this.#built) return;
    this.#built = key;
    const rows = routes.map(({ edge }, i) => {
      const number = html("span", { class: "graph-number" });
      const to = shown.perSample(edge.to) ? sample : null;
      return {
        number,
        row: html("div", { "data-route": lookOf(i) }, [
          html("i", { class: "graph-swatch" }),
          html("span", {}, ["via ", this.#letters.of(edge.to, to)]),
          number,
        ]),
      };
    });
    const total = html("span", { class: "graph-number" });
    const last = html("div", { "data-route": "total" }, [
      html("span", {}, [this.#letters.of(gradient, sample)]),
      total,
    ]);
    this.#numbers = [...rows.map(({ number }) => number), total];
    this.#list.replaceChildren(...rows.map(({ row }) => row), last);
    this.#list.toggleAttribute("data-all", all);
  }

  /**
   * Bars from where the one before ends; the last from zero.
   *
   * @param {number[][]} samples  Of each, the routes and the total.
   * @param {boolean} all
   */
  #draw(samples, all) {
    const reach = samples.map((values) => reachOf(values));
    const ends = reach.flat(2).filter((value) => !Number.isNaN(value));
    const low = Math.min(0, ...ends);
    const size = Math.max(0, ...ends) - low || 1;
    const count = samples.length * (samples[0]?.length ?? 0);
    while (this.#bars.children.length < count + 1)
      this.#bars.append(html("i", {}));
    while (this.#bars.children.length > count + 1)
      this.#bars.lastChild?.remove();
    const [zero, ...bars] = /** @type {HTMLElement[]} */ ([
      ...this.#bars.children,
    ]);
    this.#bars.toggleAttribute("data-upright", all);
    zero.dataset.route = "zero";
    const part = (/** @type {number} */ value) => (100 * (value - low)) / size;
    placeBar(zero, all, part(0), part(0), 0, 1);
    let at = 0;
    const thin = 1 / (samples.length * 1.3);
    reach.forEach((one, sample) =>
      one.forEach(([from, to], i) => {
        const bar = bars[at++];
        bar.dataset.route = i < one.length - 1 ? lookOf(i) : "total";
        const each = 1 / one.length;
        const along = all
          ? sample / samples.length + i * each * thin
          : i * each;
        bar.hidden = Number.isNaN(to);
        placeBar(
          bar,
          all,
          part(from),
          part(to),
          along,
          each * (all ? thin : 1),
        );
      }),
    );
  }
}

/** With its sign, and marked where it is rounded. @param {number} value @param {Written} written */
function addedText(value, { full, exact }) {
  return `${exact ? "" : "≈ "}${value > 0 ? "+" : ""}${full}`;
}

/** @param {number[]} values @returns {[from: number, to: number][]} */
function reachOf(values) {
  let from = 0;
  return values.map((value, i) => {
    if (i === values.length - 1) return [0, value];
    const bar = /** @type {[number, number]} */ ([from, from + value]);
    from += value;
    return bar;
  });
}

/**
 * @param {HTMLElement} bar
 * @param {boolean} upright
 * @param {number} from  In percent.
 * @param {number} to
 * @param {number} along  Which part of the other side it begins at.
 * @param {number} thick
 */
function placeBar(bar, upright, from, to, along, thick) {
  const start = `${Math.min(from, to)}%`;
  const size = `${Math.abs(to - from)}%`;
  const [aside, width] = [`${along * 100}%`, `${thick * 100}%`];
  Object.assign(
    bar.style,
    upright
      ? { bottom: start, height: size, left: aside, width, top: "" }
      : { left: start, width: size, top: aside, height: width, bottom: "" },
  );
}
