import { tint } from "../../colour.js";
import { set, svg } from "../../dom.js";
import { cellText } from "../../format.js";

/** Side of a cell before a plate is put to scale. */
export const UNIT = 24;

/**
 * A plane of a tensor as one flat plate: all cells of a tint are one path, so that a volume stays
 * light. It glides to wherever it is put.
 */
export class Plate {
  element = svg("g", { class: "plate" });
  #cells = svg("g");
  #numbers = svg("g", { class: "plate-numbers", "aria-hidden": "true" });
  #values = "";

  /**
   * @param {number} rows
   * @param {number} columns
   * @param {string} role  "x", "w" or "y": the outline it wears.
   * @param {[number, number, number, number]} [ring]  Of these, padding on each side.
   * @param {boolean} [turned]  Whether its cells are shown by half a turn, as they are read.
   */
  constructor(rows, columns, role, ring = [0, 0, 0, 0], turned = false) {
    this.rows = rows;
    this.columns = columns;
    this.turned = turned;
    set(this.element, { "data-role": role });
    const frame = { width: columns * UNIT, height: rows * UNIT };
    this.element.append(
      svg("rect", { class: "plate-ground", ...frame }),
      this.#cells,
      this.#numbers,
      svg("rect", { class: "plate-outline", ...frame }),
    );
    if (ring.some(Boolean)) this.#numbers.before(...this.#border(ring));
  }

  /** The padding hatched, and a frame around what it surrounds. @param {number[]} ring */
  #border([top, bottom, left, right]) {
    const inner = {
      x: left * UNIT,
      y: top * UNIT,
      width: (this.columns - left - right) * UNIT,
      height: (this.rows - top - bottom) * UNIT,
    };
    let hatching = "";
    for (let i = 0; i < this.rows * this.columns; i++) {
      const [x, y] = this.#corner(i);
      const within = x >= inner.x && x < inner.x + inner.width;
      if (within && y >= inner.y && y < inner.y + inner.height) continue;
      for (const [from, to] of [
        [4, 12],
        [12, 20],
      ])
        hatching += `M${x + from} ${y + to}L${x + to} ${y + from}`;
    }
    return [
      svg("path", { class: "hatching", d: hatching }),
      svg("rect", { class: "plate-inner", ...inner }),
    ];
  }

  /** @param {{x: number, y: number}} at @param {number} cell  Side of a cell. */
  put({ x, y }, cell) {
    const scale = cell / UNIT;
    this.element.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
  }

  /**
   * Show some values, from the first of this plane on; NaN is empty.
   *
   * @param {ArrayLike<number>} values
   * @param {number} first
   * @param {number} largest
   * @param {boolean} written  Whether to write the numbers as well.
   */
  show(values, first, largest, written) {
    const shown = Array.from(
      { length: this.rows * this.columns },
      (_, i) => values[first + i],
    );
    if (this.turned) shown.reverse();
    const key = `${shown.join()}|${largest}|${written}`;
    if (key === this.#values) return;
    this.#values = key;
    /** @type {Map<string, string>} */
    const paths = new Map();
    shown.forEach((value, i) => {
      const name = Number.isNaN(value) ? "none" : String(tint(value, largest));
      const [x, y] = this.#corner(i);
      const cell = `M${x + 1} ${y + 1}h${UNIT - 2}v${UNIT - 2}h${2 - UNIT}z`;
      paths.set(name, (paths.get(name) ?? "") + cell);
    });
    this.#cells.replaceChildren(
      ...[...paths].map(([name, d]) =>
        svg("path", { class: "fill", "data-tint": name, d }),
      ),
    );
    this.#numbers.replaceChildren(...(written ? this.#write(shown) : []));
  }

  /** @param {number[]} values */
  #write(values) {
    const texts = values.map((value, i) => {
      const [x, y] = this.#corner(i);
      const place = { x: x + UNIT / 2, y: y + UNIT / 2 };
      return svg("text", place, [
        Number.isNaN(value) ? "" : cellText(value, 3),
      ]);
    });
    return texts.filter((text) => text.textContent);
  }

  /** The cell under a pointer. @param {MouseEvent} event */
  cellAt({ clientX, clientY }) {
    const ground = /** @type {Element} */ (this.element.firstElementChild);
    const { left, top, width, height } = ground.getBoundingClientRect();
    return this.nearest(
      Math.floor(((clientY - top) / height) * this.rows),
      Math.floor(((clientX - left) / width) * this.columns),
    );
  }

  /** The cell of these numbers, or the one at the border before it. @param {number} row @param {number} column */
  nearest(row, column) {
    return {
      row: Math.max(0, Math.min(this.rows - 1, row)),
      column: Math.max(0, Math.min(this.columns - 1, column)),
    };
  }

  /** @param {number} i @returns {[number, number]} */
  #corner(i) {
    return [(i % this.columns) * UNIT, Math.floor(i / this.columns) * UNIT];
  }
}

/** A frame that glides over the cells of a plate. */
export class Frame {
  element = svg("g", { class: "plate-frame" });
  #shape = "";

  /** @param {string} role */
  constructor(role) {
    set(this.element, { "data-role": role });
  }

  /** @param {[number, number]} taps @param {[number, number]} step  From one tap to the next. */
  shape([rows, columns], [down, across]) {
    const key = [rows, columns, down, across].join();
    if (key === this.#shape) return;
    this.#shape = key;
    const spread = down > 1 || across > 1;
    const whole = {
      width: ((columns - 1) * across + 1) * UNIT,
      height: ((rows - 1) * down + 1) * UNIT,
    };
    const frames = [
      svg("rect", { class: spread ? "frame-extent" : "frame", ...whole }),
    ];
    for (let i = 0; spread && i < rows * columns; i++) {
      const x = (i % columns) * across * UNIT;
      const y = Math.floor(i / columns) * down * UNIT;
      frames.push(
        svg("rect", { class: "frame", x, y, width: UNIT, height: UNIT }),
      );
    }
    this.element.replaceChildren(...frames);
  }

  /** @param {number} row @param {number} column */
  put(row, column) {
    const [x, y] = [column * UNIT, row * UNIT];
    this.element.style.transform = `translate(${x}px, ${y}px)`;
  }
}
