import { set, svg, write } from "../dom.js";

/** @import {Layout, Point} from "../layout.js" */
/** @import {GridView} from "./grid.js" */

/**
 * The lens from a window to its filter: straight along gutters to the edge of the input, then
 * slanting to the corners of what the window is multiplied with.
 */
export class Lens {
  element = svg("g", { class: "lens", "aria-hidden": "true" });
  #shade = svg("path", { class: "shade" });
  #edges = svg("path", { class: "edges" });

  constructor() {
    this.element.append(this.#shade, this.#edges);
  }

  /**
   * @param {Layout["kind"]} kind
   * @param {{x: number, y: number, width: number, height: number}} window
   * @param {{x: number, y: number, width: number, height: number}} input
   * @param {{x: number, y: number, width: number, height: number}} target
   */
  draw(kind, window, input, target) {
    const [left, right] = [window.x - 1, window.x + window.width + 1];
    const [top, bottom] = [window.y - 1, window.y + window.height + 1];
    if (kind === "row") {
      const edge = input.x + input.width + 5;
      const end = target.x - 8;
      const high = level(top, target.y - 3);
      const low = level(bottom, target.y + target.height + 3);
      set(this.#shade, {
        d: `M${edge} ${top}L${end} ${high}V${low}L${edge} ${bottom}Z`,
      });
      set(this.#edges, {
        d: `M${right} ${top}H${edge}L${end} ${high}M${right} ${bottom}H${edge}L${end} ${low}`,
      });
      return;
    }
    const edge = input.y + input.height + 5;
    const first = level(left, target.x - 3);
    const last = level(right, target.x + target.width + 3);
    const end = target.y - 8;
    set(this.#shade, {
      d: `M${left} ${edge}L${first} ${end}H${last}L${right} ${edge}Z`,
    });
    set(this.#edges, {
      d: `M${left} ${bottom}V${edge}L${first} ${end}M${right} ${bottom}V${edge}L${last} ${end}`,
    });
  }

  /** @param {boolean} shown */
  show(shown) {
    this.element.style.display = shown ? "" : "none";
  }
}

/** The end of a line: nearly level it would look crooked. */
const level = (/** @type {number} */ from, /** @type {number} */ to) =>
  Math.abs(from - to) < 5 ? from : to;

/** The way of the sum into its output cell: right angles, in gutters only. */
export class SumLine {
  element = svg("g", { class: "sum-line", "aria-hidden": "true" });
  #path = svg("path", { class: "way" });
  #head = svg("path", { class: "head" });
  #fixed = svg("g");
  /** @type {SVGTextElement[]} */ #partials = [];
  #busEnd = 0;
  #lead = 12;

  constructor() {
    this.element.append(this.#path, this.#head, this.#fixed);
  }

  /**
   * Draw what does not move: signs between the grids, and the bus that adds the channels.
   *
   * @param {Layout} layout
   * @param {boolean[]} read  Which of the shown channels are added.
   * @param {boolean} weighted
   * @param {{width: number, height: number}} product
   * @param {string} word  What stands between the terms and their result.
   * @param {string} reader  What does not read the other channels.
   */
  signs(layout, read, weighted, product, word, reader) {
    this.#lead = word.length > 1 ? 20 : word ? 12 : -14;
    this.#partials =
      layout.kind !== "columns"
        ? []
        : layout.products.map((at) =>
            svg("text", {
              class: "partial-sum",
              x: at.x + product.width + 24,
              y: at.y + product.height / 2 + 21,
              "text-anchor": "middle",
            }),
          );
    const several = read.filter(Boolean).length > 1;
    const signs = [];
    const middle = product.height / 2;
    const sign = (
      /** @type {number} */ x,
      /** @type {number} */ y,
      /** @type {string} */ text,
    ) =>
      svg(
        "text",
        {
          class: text.length > 1 ? "sign word" : "sign",
          x,
          y,
          "text-anchor": "middle",
        },
        [text],
      );
    layout.filters.forEach((at, i) => {
      if (!read[i]) signs.push(unread(at, middle, reader));
    });
    for (const at of layout.products.filter((_, i) => read[i])) {
      const gap = layout.kind === "row" ? 20 : 12;
      if (weighted) signs.push(sign(at.x - gap, at.y + middle, "="));
      if (layout.kind === "columns") {
        const x = at.x + product.width + 24;
        signs.push(
          sign(x, at.y + middle - 10, word),
          svg("path", {
            class: "bus",
            d: `M${x} ${at.y + middle + 34}V${layout.bus - (several ? 8 : 0)}`,
          }),
          svg("rect", {
            class: "partial",
            x: x - 19,
            y: at.y + middle + 8,
            width: 38,
            height: 26,
            rx: 6,
          }),
        );
        if (several) signs.push(...plus(x, layout.bus));
      }
    }
    if (layout.kind !== "columns") {
      if (read[0]) signs.push(sign(layout.sum.x, layout.sum.y, word));
    } else {
      const shown = layout.products.filter((_, i) => read[i]);
      const xs = shown.map((at) => at.x + product.width + 24);
      this.#busEnd = xs[xs.length - 1] + (several ? 8 : 0);
      for (let i = 0; i + 1 < xs.length; i++) {
        signs.push(
          svg("path", {
            class: "bus",
            d: `M${xs[i] + 8} ${layout.bus}H${xs[i + 1] - 8}`,
          }),
        );
      }
    }
    this.#fixed.replaceChildren(...signs, ...this.#partials);
  }

  /** The sum of each channel so far. @param {string[]} texts */
  set partials(texts) {
    this.#partials.forEach((partial, i) => write(partial, texts[i] ?? ""));
  }

  /**
   * @param {Layout} layout
   * @param {{width: number}} product
   * @param {GridView} map
   * @param {{x: number, y: number}} at  Where the map stands.
   * @param {number} row  Of the cell that is written.
   */
  draw(layout, product, map, at, row) {
    const y = at.y + (row + 0.5) * (map.size + 2) - 1;
    const { sum, kind, maps } = layout;
    const from =
      kind === "columns"
        ? `M${this.#busEnd} ${layout.bus}H${layout.results.x - 14}`
        : `M${sum.x + this.#lead} ${sum.y}H${maps[0].x - 18}`;
    // To a map behind others the way leads over its top, between the rows of maps.
    const over = at.x > maps[0].x ? `V${at.y - 7}H${at.x - 8}` : "";
    set(this.#path, { d: `${from}${over}V${y}H${at.x - (over ? 7 : 10)}` });
    set(this.#head, { d: `M${at.x - 5} ${y}l-8 -4v8Z` });
  }

  /** @param {boolean} shown */
  show(shown) {
    this.#path.style.display = this.#head.style.display = shown ? "" : "none";
  }
}

/** Said in the place of a filter. @param {Point} at @param {number} middle @param {string} reader */
const unread = ({ x, y }, middle, reader) =>
  svg("text", { class: "unread" }, [
    svg("tspan", { x, y: y + middle - 9 }, [`${reader} does not`]),
    svg("tspan", { x, y: y + middle + 9 }, ["read this channel"]),
  ]);

/** A node that adds. @param {number} x @param {number} y */
const plus = (x, y) => [
  svg("circle", { class: "node", cx: x, cy: y, r: 8 }),
  svg("path", { class: "plus", d: `M${x - 4} ${y}h8M${x} ${y - 4}v8` }),
];
