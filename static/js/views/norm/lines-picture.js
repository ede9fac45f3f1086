import { set, svg, write } from "../../dom.js";
import { decimalsFor, equalsText, fullText, valueText } from "../../format.js";
import { Model } from "../../model.js";
import { Letters } from "../graph/letters.js";

/** @import {Layout, Row} from "./lines-layout.js" */
/** @import {Tag} from "./tags.js" */
/** @import {NormReply} from "./types.js" */

/**
 * What a row is drawn with.
 *
 * @typedef {object} Parts
 * @property {SVGElement} group
 * @property {SVGElement} band
 * @property {SVGElement} axis
 * @property {SVGElement} mean
 * @property {SVGElement} support  Of the mean, below the line: no dot covers it.
 * @property {SVGElement} letter
 * @property {SVGElement} caption
 * @property {SVGElement} chosen
 * @property {SVGElement} mu
 * @property {SVGElement} sigma
 * @property {SVGElement[]} stems
 * @property {SVGElement[]} links  From the row above.
 * @property {SVGGElement[]} dots
 */

/** The drawing of the number lines: its parts stay, and are moved. */
export class LinesPicture {
  element = svg("svg", { class: "lines-picture" });
  #ticks = svg("g", { class: "ticks" });
  /** @type {Parts[]} */ #rows = [];
  #shape = "";
  #ticked = "";

  /** The place of a dot on the page. @param {number} row @param {number} index */
  box(row, index) {
    return this.#rows[row].dots[index].getBoundingClientRect();
  }

  /** @param {number} row @param {number} index */
  focus(row, index) {
    this.#rows[row].dots[index].focus();
  }

  /**
   * @param {Layout} layout
   * @param {number | null} sample
   * @param {NormReply} reply
   */
  draw(layout, sample, reply) {
    this.#shapeAs(layout, reply);
    this.element.toggleAttribute("data-narrow", layout.narrow);
    const { width, height } = layout;
    set(this.element, { viewBox: `0 0 ${width} ${height}`, width, height });
    this.#drawTicks(layout);
    layout.rows.forEach((row, n) => {
      const parts = this.#rows[n];
      this.#drawLine(parts, row, layout);
      this.#drawWords(parts, row, layout, sample, n === 0);
      this.#drawDots(parts, row, layout, sample);
      const above = layout.rows[n - 1];
      parts.links.forEach((link, i) => {
        const [from, to] = [above.dots[i], row.dots[i]];
        set(link, { x1: from.x, y1: from.y, x2: to.x, y2: to.y });
        link.toggleAttribute("data-selected", i === sample);
      });
    });
  }

  /**
   * Make the parts anew where other lines or another number of dots are shown.
   *
   * @param {Layout} layout
   * @param {NormReply} reply
   */
  #shapeAs({ rows }, reply) {
    const shape = rows
      .map(({ line, dots }) => `${line.name}${dots.length}`)
      .join();
    if (shape === this.#shape) return;
    this.#shape = shape;
    const letters = new Letters(new Model(reply));
    this.#rows = rows.map(({ line, dots }, n) => {
      const { label, role } = reply.tensors[line.name];
      const name = letters.text(line.name);
      const each = (/** @type {() => any} */ make) => dots.map(() => make());
      const text = (/** @type {string} */ name) => svg("text", { class: name });
      return {
        group: svg("g", { "data-role": role, "data-line": line.name }),
        band: svg("rect", { class: "band", rx: 4 }),
        axis: svg("line", { class: "axis" }),
        mean: svg("line", { class: "mean" }),
        support: svg("path", { class: "support" }),
        letter: svg("text", { class: "row-letter" }, [name]),
        caption: svg("text", { class: "row-caption" }, [label]),
        ...{ chosen: text("chosen"), mu: text("mu"), sigma: text("sigma") },
        stems: each(() => svg("line", { class: "stem" })),
        links: n ? each(() => svg("line", { class: "link" })) : [],
        dots: dots.map((_, i) => dotOf(line, name, [n, i])),
      };
    });
    for (const { group, axis, mean, support, stems, dots, ...words } of this
      .#rows) {
      const { letter, caption, chosen, mu, sigma } = words;
      group.append(axis, mean, support, letter, caption, chosen, mu, sigma);
      group.append(...stems, ...dots);
    }
    // No band lies over a line that leads past it.
    const under = {
      bands: this.#rows.map(({ band }) => band),
      links: this.#rows.flatMap(({ links }) => links),
    };
    this.element.replaceChildren(
      svg("g", { class: "bands" }, under.bands),
      this.#ticks,
      svg("g", { class: "links" }, under.links),
      ...this.#rows.map(({ group }) => group),
    );
  }

  /** @param {Layout} layout */
  #drawTicks({ scale, rows, x, width, height }) {
    const { low, high } = scale;
    const drawn = [low, high, width, height, ...rows.map(({ y }) => y)].join();
    if (drawn === this.#ticked) return;
    this.#ticked = drawn;
    const decimals = decimalsFor([scale.step], 12);
    const marks = scale.ticks.flatMap((tick) =>
      rows.map(({ y }) =>
        svg("line", { x1: x(tick), x2: x(tick), y1: y - 4, y2: y + 4 }),
      ),
    );
    const texts = scale.ticks.map((tick) =>
      svg("text", { x: x(tick), y: height - 3 }, [
        valueText(tick, decimals > 6 ? 0 : decimals),
      ]),
    );
    this.#ticks.replaceChildren(...marks, ...texts);
  }

  /** @param {Parts} parts @param {Row} row @param {Layout} layout */
  #drawLine(parts, { line, y }, { x, left, right, radius }) {
    const { band, axis, mean, support } = parts;
    set(axis, { x1: left, x2: right, y1: y, y2: y });
    const [middle, spread] = [line.mean ?? 0, line.std ?? 0];
    const from = x(middle - spread);
    const width = Math.max(0, x(middle + spread) - from);
    const high = 2 * radius + 2;
    set(band, { x: from, width, y: y - radius - 1, height: high });
    set(mean, { x1: x(middle), x2: x(middle) });
    set(mean, { y1: y - radius - 3, y2: y + radius + 3 });
    const foot = y + radius + 1;
    set(support, { d: `M${x(middle)} ${foot}l5 7h-10z` });
    for (const part of [band, mean, support])
      part.toggleAttribute("data-absent", line.mean === null);
  }

  /**
   * @param {Parts} parts
   * @param {Row} row
   * @param {Layout} layout
   * @param {number | null} sample
   * @param {boolean} first  Whether its mean and spread have letters of their own.
   */
  #drawWords(parts, row, layout, sample, first) {
    const { letter, chosen, mu, sigma } = parts;
    const { line } = row;
    const value = line.values[sample ?? -1];
    const name = `${letter.textContent}${subscript(sample ?? 0)}`;
    write(chosen, value === undefined ? "" : `${name} ${equalsText(value)}`);
    const middle = line.mean === null ? "" : equalsText(line.mean);
    const spread = line.std === null ? "" : equalsText(line.std);
    write(mu, middle && `${first ? "μ" : "mean"} ${middle}`);
    write(sigma, spread && `${first ? "σ" : "std"} ${spread}`);
    if (layout.narrow) this.#wordsAbove(parts, row, layout);
    else this.#wordsBeside(parts, row, layout);
  }

  /** @param {Parts} parts @param {Row} row @param {Layout} layout */
  #wordsBeside(parts, { y }, { right, radius, compact }) {
    const { letter, caption, chosen, mu, sigma } = parts;
    const [x, by] = [right + radius + 14, compact ? 13 : 17];
    set(letter, { x: 0, y: y + 2 });
    set(caption, { x: 0, y: y + 17, "data-narrow": "false" });
    set(chosen, { x, y: y + 4 - by });
    set(mu, { x, y: y + 4, "text-anchor": "start" });
    set(sigma, { x, y: y + 4 + by, "text-anchor": "start" });
  }

  /** @param {Parts} parts @param {Row} row @param {Layout} layout */
  #wordsAbove(parts, row, { width }) {
    const { letter, caption, chosen, mu, sigma } = parts;
    const y = row.top - 6;
    const apart = 14 + 7.4 * (sigma.textContent ?? "").length;
    set(letter, { x: 2, y });
    set(caption, { "data-narrow": "true" });
    set(chosen, { x: 22, y });
    set(mu, { x: width - apart, y, "text-anchor": "end" });
    set(sigma, { x: width, y, "text-anchor": "end" });
  }

  /** @param {Parts} parts @param {Row} row @param {Layout} layout @param {number | null} sample */
  #drawDots({ group, stems, dots }, row, { scale }, sample) {
    const { line, y, radius, names, tags } = row;
    set(group, { "data-names": names });
    row.dots.forEach((place, i) => {
      const [dot, stem] = [dots[i], stems[i]];
      set(dot, { transform: `translate(${place.x} ${place.y})` });
      dot.toggleAttribute("data-selected", i === sample);
      stem.toggleAttribute("data-absent", y - place.y < 0.5);
      set(stem, { x1: place.x, x2: place.x, y1: place.y, y2: y });
      drawDot(dot, place.reach, row.radius);
      drawName(dot, names, tags[i] ?? null, radius);
      if (!line.edits) return;
      const value = line.values[i];
      set(dot, {
        "aria-valuemin": fullText(Math.min(scale.low, value)),
        "aria-valuemax": fullText(Math.max(scale.high, value)),
        "aria-valuenow": fullText(value),
        "aria-valuetext": valueText(value),
      });
    });
  }
}

/**
 * @param {Element} dot
 * @param {number} reach
 * @param {number} radius
 */
function drawDot(dot, reach, radius) {
  const radii = [reach, radius + 1, radius, Math.max(2, radius - 3)];
  radii.forEach((r, n) => set(dot.children[n], { r }));
}

/**
 * @param {Element} dot
 * @param {string} names
 * @param {Tag | null} tag
 * @param {number} radius
 */
function drawName(dot, names, tag, radius) {
  const [lead, name] = [...dot.children].slice(-2);
  const outside = names === "none";
  name.toggleAttribute("data-absent", outside && !tag);
  // The index is written 3 below its letter, and alone where there is no room for that.
  const y = names === "full" ? 4 : names === "small" ? 3 : 0.5;
  set(name, { x: tag?.x ?? 0, y: (tag?.y ?? 0) + y });
  lead.toggleAttribute("data-absent", !tag?.far);
  if (!tag?.far) return;
  const end = tag.x - Math.sign(tag.x) * 6;
  set(lead, { x1: Math.sign(tag.x) * radius, y1: 0, x2: end, y2: tag.y });
}

/**
 * @param {{name: string, edits: string | null}} line
 * @param {string} letter
 * @param {[row: number, index: number]} place
 */
function dotOf({ name, edits }, letter, [row, index]) {
  const dot = svg("g", { class: "dot", "data-row": row, "data-index": index }, [
    svg("circle", { class: "reach" }),
    svg("circle", { class: "casing" }),
    svg("circle", { class: "rim" }),
    svg("circle", { class: "core" }),
    svg("line", { class: "lead" }),
    svg("text", { class: "dot-name" }, [
      svg("tspan", { class: "letter" }, [letter]),
      svg("tspan", { class: "index", dy: 3 }, [`${index + 1}`]),
    ]),
  ]);
  if (edits)
    set(dot, {
      role: "slider",
      tabindex: 0,
      "aria-label": `${name} ${index + 1}`,
      "aria-orientation": "horizontal",
    });
  return dot;
}

/** @param {number} index */
function subscript(index) {
  return `${index + 1}`.replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]);
}
