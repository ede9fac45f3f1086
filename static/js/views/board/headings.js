import { svg, write } from "../../dom.js";

/** @import {BoardScene, Group} from "./scene.js" */

const LETTER = 7.2;
const SMALL_LETTER = 6.4;

/** The names over the grids, and the numbers of their planes. */
export class Headings {
  element = svg("g", { "aria-hidden": "true" });
  /** @type {Map<string, {text: SVGTextElement, plain: string, flipped: string}>} */
  #texts = new Map();

  /**
   * @param {BoardScene} scene
   * @param {number} width
   */
  build(scene, width) {
    this.#texts.clear();
    this.element.replaceChildren(
      ...scene.groups.flatMap((group) => this.#over(scene, group, width)),
      ...signs(scene),
    );
  }

  /**
   * @param {BoardScene} scene
   * @param {Group} group
   * @param {number} width
   */
  #over({ model, places }, { drawn, slices, at, column, row }, width) {
    const { label } = model.tensor(drawn.name);
    const last = column === places.columns.length - 1;
    // Lines come down in the middle of a gutter, beside a gradient.
    const free = places.gutter / (row === "gradient" && !last ? 2 : 1) - 4;
    const room = Math.min(at.across + free, width - at.x - 6);
    const short = label.replace("Gradient of", "Grad.");
    const first = label.split(" ")[0];
    const words = fitting([label, short, first], room / LETTER);
    const plain = `${drawn.sign} ${words}`.trim();
    const flipped = fitting([`${plain}, flipped`, "Flipped"], room / LETTER);
    const tagged = slices.some(({ tag }) => tag !== "");
    const y = at.y - (tagged ? 30 : 14);
    const text = svg("text", { class: "heading", x: at.x, y }, [plain]);
    this.#texts.set(drawn.name, { text, plain, flipped });
    const each = slices.length > 1 ? at.width / slices.length : room;
    const tags = slices.map(({ tag }, i) => {
      const number = tag.replace(/ of \d+/g, "");
      const words = fitting(
        [tag, number, number.replace("filter ", "")],
        each / SMALL_LETTER,
      );
      const { x } = at.planes[i];
      return svg("text", { class: "tag", x, y: at.y - 14 }, [words]);
    });
    return [text, ...(tagged ? tags : [])];
  }

  /** Say whether a tensor is read backwards. @param {string} name @param {boolean} flipped */
  flip(name, flipped) {
    const heading = this.#texts.get(name);
    if (heading) write(heading.text, flipped ? heading.flipped : heading.plain);
  }
}

/** The first of some words that fits, or else the last. @param {string[]} words @param {number} letters */
const fitting = (words, letters) =>
  words.find(({ length }) => length <= letters) ?? words[words.length - 1];

/**
 * Between the variables: what was combined to what, before the play.
 *
 * @param {BoardScene} scene
 */
function signs({ model, groups, places }) {
  const columnOf = (/** @type {string} */ tensor) =>
    groups.find(
      ({ drawn, row }) =>
        row === "value" && [drawn.name, drawn.wide].includes(tensor),
    );
  for (const { setup, reads, extra, writes } of model.phases) {
    const made = columnOf(writes);
    const factors = Object.keys(reads).filter(
      (symbol) => !extra.includes(symbol),
    );
    const read = factors.map((symbol) => columnOf(reads[symbol]));
    if (!setup || !made || read.length !== 2 || places.gutter < 50) continue;
    const columns = read.map((group) => group?.column ?? -1).sort();
    if (columns[1] !== columns[0] + 1 || made.column !== columns[1] + 1)
      continue;
    const height = Math.min(
      made.at.height,
      ...read.map((group) => group?.at.height ?? 0),
    );
    return ["\u2217", "="].map((sign, i) =>
      svg(
        "text",
        {
          class: "sign",
          "text-anchor": "middle",
          x: places.gutters[columns[i] + 1],
          y: made.at.y + height / 2,
        },
        [sign],
      ),
    );
  }
  return [];
}
