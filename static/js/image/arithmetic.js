import { largestOf, tint } from "../colour.js";
import { html, write } from "../dom.js";
import { allExact, cellText, decimalsFor, numberText } from "../format.js";
import { grey, inkOn } from "./magnifier.js";

/** @import {ChannelSum, Explanation} from "./api.js" */

const NOT_YET = "…";

/** One pixel in numbers: window times filter, products, their sum, and the pixel it makes. */
export class Arithmetic {
  element;
  #grids;
  #chips = html("ol", {
    class: "chips",
    "aria-label": "The sum, term by term",
  });
  #end = html("p", { class: "conclusion" });
  #note = html("p", { class: "muted sum-note" });
  #shape = "";

  constructor() {
    this.#grids = ["Window", "Filter", "Products"].map(
      (name) => new NumberTable(name),
    );
    const [window, filter, products] = this.#grids.map((grid) => grid.element);
    const equation = html("div", { class: "equation" }, [
      window,
      html("span", { class: "sign", "aria-hidden": "true" }, ["·"]),
      filter,
      html("span", { class: "sign", "aria-hidden": "true" }, ["="]),
      products,
    ]);
    this.element = html("div", { class: "arithmetic" }, [
      equation,
      this.#chips,
      this.#end,
      this.#note,
    ]);
    this.#listen();
  }

  /**
   * Show a sum, or blanks while it is not known.
   *
   * @param {Explanation | null} explanation
   * @param {number} channel
   * @param {"clip" | "signed"} view
   */
  show(explanation, channel, view) {
    this.element.toggleAttribute("data-pending", !explanation);
    if (!explanation) {
      for (const grid of this.#grids) grid.clear();
      for (const part of this.#chips.querySelectorAll("b, small"))
        write(part, NOT_YET);
      write(this.#end, NOT_YET);
      write(this.#note, "");
      return;
    }
    const { shape, taps, beyond, divisor } = explanation;
    const sum =
      explanation.channels[Math.min(channel, explanation.channels.length - 1)];
    if (this.#shape !== `${shape}`) this.#reshape(shape);
    const [window, filter, products] = this.#grids;
    window.showGreys(sum.window, new Set(beyond));
    filter.showTints(taps);
    products.showTints(sum.products);
    this.#showChips(sum, taps, new Set(beyond));
    this.#end.replaceChildren(...conclusion(sum, divisor, view));
    write(this.#note, view === "clip" ? sum.note : "");
  }

  /** @param {[rows: number, columns: number]} shape */
  #reshape(shape) {
    this.#shape = `${shape}`;
    for (const grid of this.#grids) grid.reshape(...shape);
    const chips = Array.from({ length: shape[0] * shape[1] }, (_, at) =>
      html("li", { "data-at": at }, [
        html("b", { class: "chip", "data-role": "input" }),
        "·",
        html("b", { class: "chip", "data-role": "weight" }),
        html("small"),
      ]),
    );
    this.#chips.replaceChildren(...chips);
    this.element.toggleAttribute("data-wide", shape[1] > 3);
  }

  /**
   * @param {ChannelSum} sum
   * @param {number[]} taps
   * @param {Set<number>} beyond
   */
  #showChips(sum, taps, beyond) {
    const parts = this.#chips.querySelectorAll("b");
    sum.window.forEach((value, at) => {
      write(parts[2 * at], cellText(value));
      write(parts[2 * at + 1], cellText(taps[at]));
      parts[2 * at].toggleAttribute("data-beyond", beyond.has(at));
    });
    const soFar = this.#chips.querySelectorAll("small");
    sum.running.forEach((value, at) => write(soFar[at], numberText(value)));
  }

  /** Pointing at a number lights its partners: same place, same term. */
  #listen() {
    /** @type {(event: Event) => void} */
    const light = (event) => {
      const place = /** @type {Element} */ (event.target).closest("[data-at]");
      const at = place?.getAttribute("data-at") ?? null;
      for (const part of this.element.querySelectorAll("[data-at]")) {
        part.toggleAttribute(
          "data-lit",
          at !== null && part.getAttribute("data-at") === at,
        );
      }
    };
    this.element.addEventListener("pointerover", light);
    this.element.addEventListener("pointerleave", light);
  }
}

/** A small grid of numbers with a caption. */
class NumberTable {
  element;
  #body = html("tbody");
  /** @type {HTMLTableCellElement[]} */ #cells = [];

  /** @param {string} name */
  constructor(name) {
    this.element = html(
      "table",
      { class: "numbers", "data-grid": name.toLowerCase() },
      [html("caption", {}, [name]), this.#body],
    );
  }

  /**
   * @param {number} rows
   * @param {number} columns
   */
  reshape(rows, columns) {
    this.#cells = Array.from({ length: rows * columns }, (_, at) =>
      html("td", { "data-at": at }),
    );
    const lines = Array.from({ length: rows }, (_, row) =>
      html("tr", {}, this.#cells.slice(row * columns, (row + 1) * columns)),
    );
    this.#body.replaceChildren(...lines);
  }

  /** Empty every cell. */
  clear() {
    for (const cell of this.#cells) {
      write(cell, "");
      cell.style.background = cell.style.color = "";
      cell.removeAttribute("data-tint");
      cell.removeAttribute("data-beyond");
    }
  }

  /**
   * Each number on its own grey; cells beyond the edge are hatched.
   *
   * @param {number[]} values
   * @param {Set<number>} beyond
   */
  showGreys(values, beyond) {
    this.#cells.forEach((cell, at) => {
      const outside = beyond.has(at);
      write(cell, cellText(values[at]));
      cell.toggleAttribute("data-beyond", outside);
      cell.style.background = outside ? "" : grey(values[at]);
      cell.style.color = outside ? "" : inkOn(values[at]);
    });
  }

  /**
   * Each number on the tint of its size and sign.
   *
   * @param {number[]} values
   */
  showTints(values) {
    const largest = largestOf(values);
    this.#cells.forEach((cell, at) => {
      write(cell, cellText(values[at]));
      cell.setAttribute("data-tint", `${tint(values[at], largest)}`);
    });
  }
}

/**
 * The end of the sum: "= 812, 812 / 9 ≈ 90.22, stored as 90".
 *
 * @param {ChannelSum} sum
 * @param {number} divisor
 * @param {"clip" | "signed"} view
 * @returns {(Node | string)[]}
 */
function conclusion(sum, divisor, view) {
  const decimals = decimalsFor([sum.quotient], 2);
  const quotient = numberText(sum.quotient, decimals);
  const parts = [
    html("span", {}, ["sum = ", html("b", {}, [numberText(sum.sum)])]),
  ];
  if (divisor !== 1) {
    const sign = allExact([sum.quotient], decimals) ? "=" : "≈";
    const over = `${numberText(sum.sum)} / ${numberText(divisor)} ${sign} `;
    parts.push(html("span", {}, [over, html("b", {}, [quotient])]));
  }
  const result = view === "clip" ? `${sum.stored}` : quotient;
  const said = view === "clip" ? "pixel " : "shown ";
  parts.push(
    html("span", {}, [
      said,
      html("b", { class: "chip", "data-role": "output" }, [result]),
    ]),
  );
  return parts.flatMap((part, at) => (at ? [" → ", part] : [part]));
}

/**
 * The same in words, for those who listen.
 *
 * @param {Explanation} explanation
 * @param {number} channel
 */
export function spoken(explanation, channel) {
  const sum =
    explanation.channels[Math.min(channel, explanation.channels.length - 1)];
  const { row, column, divisor } = explanation;
  const decimals = decimalsFor([sum.quotient], 2);
  const about = allExact([sum.quotient], decimals) ? "" : "about ";
  const over =
    divisor === 1
      ? ""
      : `, divided by ${divisor} ${about}${numberText(sum.quotient, decimals)}`;
  const where = `Row ${row + 1}, column ${column + 1}, ${sum.label.toLowerCase()}`;
  return `${where}: sum ${numberText(sum.sum)}${over}, pixel ${sum.stored}.`;
}
