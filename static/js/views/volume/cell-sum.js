import { largestOf } from "../../colour.js";
import { html, svg, write } from "../../dom.js";
import { counted, grouped, numberText } from "../../format.js";
import { fit, HEAD } from "../../measure.js";
import { GridView } from "../grid.js";

/**
 * One output cell as POST /api/volume explains it.
 *
 * @typedef {object} CellStep
 * @property {[number, number, number]} at
 * @property {number} first  The first channel whose terms are there.
 * @property {number[]} sums  Of every channel.
 * @property {number} total
 * @property {number | null} bias
 * @property {number} divisor
 * @property {number} result
 * @property {number[]} padding  Places in the window.
 * @property {{x: number[], w: number[]}} operands
 * @property {{terms: number[], running: number[]}} numbers
 */

const AT_ONCE = 3;
const APART = 20;
const LEAST = 76;
const MOST_SUMS = 8;

/**
 * All terms of one output cell: a grid of products a channel, their sums, the bias, the result.
 *
 * Events: "channel" (detail: the first channel that is wanted).
 */
export class CellSum extends EventTarget {
  element = html("div", { class: "cell-sum" });
  #title = html("h2");
  #sum = html("p", { class: "sum-line" });
  #picture = svg("svg", { class: "picture products" });
  #term = html("p", { class: "term-told muted" });
  #pager = html("div", {
    class: "pager",
    role: "group",
    "aria-label": "Channels",
  });
  #back = html(
    "button",
    { type: "button", class: "button", "aria-label": "Previous channels" },
    ["‹"],
  );
  #on = html(
    "button",
    { type: "button", class: "button", "aria-label": "Next channels" },
    ["›"],
  );
  #which = html("span");
  /** @type {GridView[]} */ #grids = [];
  /** @type {CellStep | null} */ #step = null;
  #shape = "";
  #from = 0;
  #width = 0;
  #atOnce = AT_ONCE;
  /** @type {[number, number]} */ #taps = [1, 1];

  constructor() {
    super();
    this.#pager.append(this.#back, this.#which, this.#on);
    this.element.append(
      this.#title,
      this.#sum,
      this.#pager,
      this.#picture,
      this.#term,
    );
    this.#back.addEventListener("click", () => this.#turn(-this.#atOnce));
    this.#on.addEventListener("click", () => this.#turn(this.#atOnce));
  }

  /**
   * @param {CellStep} step
   * @param {[number, number]} taps  Rows and columns of a filter.
   * @param {number} width
   * @param {number} [atOnce]  Channels that are shown together.
   */
  show(step, taps, width, atOnce = AT_ONCE) {
    this.#step = step;
    this.#taps = taps;
    this.#width = width;
    this.#atOnce = atOnce;
    const sent = step.numbers.terms.length / (taps[0] * taps[1]);
    this.#from = Math.max(
      step.first,
      Math.min(this.#from, step.first + sent - 1),
    );
    this.#tell();
    this.#draw();
  }

  #tell() {
    const { at, sums, total, bias, divisor, result } = /** @type {CellStep} */ (
      this.#step
    );
    const [map, row, column] = at.map((n) => n + 1);
    write(
      this.#title,
      `Output map ${map}, row ${row}, column ${column}: ${numberText(result)}`,
    );
    const terms = counted(sums.length * this.#taps[0] * this.#taps[1], "term");
    const shown = sums
      .slice(0, MOST_SUMS)
      .map((value, c) => part(`channel ${c + 1}`, value));
    const rest =
      sums.length > MOST_SUMS
        ? [
            html("span", {}, [
              `and ${grouped(sums.length - MOST_SUMS)} channels more`,
            ]),
          ]
        : [];
    const tail = [
      part(divisor === 1 ? "sum" : `sum, to be divided by ${divisor}`, total),
    ];
    if (bias !== null) tail.push(part("bias", bias, "+"));
    this.#sum.replaceChildren(
      html("b", {}, [`${terms}:`]),
      ...shown,
      ...rest,
      html("span", {}, ["="]),
      ...tail,
      html("span", {}, ["→"]),
      part("output", result, "", "y"),
    );
  }

  #draw() {
    const step = /** @type {CellStep} */ (this.#step);
    const [rows, columns] = this.#taps;
    const area = rows * columns;
    const channels = step.sums.length;
    const count = Math.min(this.#atOnce, channels - this.#from);
    const across = Math.max(
      1,
      Math.min(count, Math.floor(this.#width / (columns * 18 + APART))),
    );
    const cell = fit(
      columns,
      (this.#width - (across - 1) * APART) / across,
      30,
      12,
    );
    const pitch = Math.max(LEAST, columns * (cell + 2)) + APART;
    const key = [rows, columns, count, this.#from].join();
    if (key !== this.#shape) this.#build(key, count);
    const largest = largestOf(step.numbers.terms);
    this.#grids.forEach((grid, i) => {
      const x = (i % across) * pitch;
      const y = HEAD / 2 + Math.floor(i / across) * (rows * (cell + 2) + HEAD);
      grid.place({ x, y: y + 2 }, cell);
      grid.show(
        step.numbers.terms,
        (this.#from - step.first + i) * area,
        largest,
      );
    });
    const down = Math.ceil(count / across);
    this.#picture.setAttribute("width", `${across * pitch}`);
    this.#picture.setAttribute(
      "height",
      `${down * (rows * (cell + 2) + HEAD)}`,
    );
    this.#page(channels);
  }

  /** @param {string} key @param {number} count */
  #build(key, count) {
    this.#shape = key;
    const [rows, columns] = this.#taps;
    const nothing = () => {};
    this.#grids = Array.from({ length: count }, (_, i) => {
      const number = this.#from + i + 1;
      return new GridView(
        {
          label: `Products channel ${number}`,
          heading: `Channel ${number}`,
          first: { tensor: "", index: i * rows * columns },
          rows,
          columns,
          editable: false,
          ring: [0, 0, 0, 0],
          caption: "below",
        },
        {
          pointed: (cell) => this.#tellTerm(cell?.index ?? null),
          pinned: nothing,
          edit: nothing,
          released: nothing,
        },
      );
    });
    this.#picture.replaceChildren(...this.#grids.map(({ element }) => element));
    this.#tellTerm(null);
  }

  /** @param {number | null} index  Of the terms that are shown. */
  #tellTerm(index) {
    if (index === null) {
      write(this.#term, "Point at a product for its factors.");
      return;
    }
    const { first, operands, numbers, padding } = /** @type {CellStep} */ (
      this.#step
    );
    const [rows, columns] = this.#taps;
    const [channel, place] = [
      Math.floor(index / (rows * columns)) + this.#from,
      index % (rows * columns),
    ];
    const at = (channel - first) * rows * columns + place;
    const where = `channel ${channel + 1}, row ${Math.floor(place / columns) + 1}, column ${(place % columns) + 1}`;
    const outside = padding.includes(place) ? " (padding)" : "";
    const [x, w, product, running] = [
      operands.x,
      operands.w,
      numbers.terms,
      numbers.running,
    ].map((list) => numberText(list[at]));
    write(
      this.#term,
      `${where}: input ${x}${outside} · filter ${w} = ${product}; sum so far ${running}.`,
    );
  }

  /** @param {number} channels */
  #page(channels) {
    this.#pager.hidden = channels <= this.#atOnce;
    this.#back.disabled = this.#from === 0;
    this.#on.disabled = this.#from + this.#atOnce >= channels;
    const last = Math.min(channels, this.#from + this.#atOnce);
    const which =
      last === this.#from + 1
        ? `Channel ${last}`
        : `Channels ${this.#from + 1} to ${last}`;
    write(this.#which, `${which} of ${grouped(channels)}`);
  }

  /** @param {number} by */
  #turn(by) {
    const { sums, first, numbers } = /** @type {CellStep} */ (this.#step);
    this.#from = Math.max(0, Math.min(sums.length - 1, this.#from + by));
    const end = first + numbers.terms.length / (this.#taps[0] * this.#taps[1]);
    const last = Math.min(sums.length, this.#from + this.#atOnce);
    if (this.#from < first || last > end)
      this.dispatchEvent(new CustomEvent("channel", { detail: this.#from }));
    else this.#draw();
  }
}

/**
 * @param {string} name
 * @param {number} value
 * @param {string} [sign]
 * @param {string} [role]
 */
function part(name, value, sign = "", role = "") {
  const label = html("small", {}, [name]);
  const number = html("b", { class: "sum-value", "data-role": role }, [
    numberText(value),
  ]);
  return html("span", { class: "sum-part" }, [sign, label, number]);
}
