import { tint } from "../colour.js";
import { divisorOf, partialOf, pickOf, reached } from "../combine.js";
import { html, math, set, write } from "../dom.js";
import { allExact, counted, decimalsFor, numberText } from "../format.js";

/** @import {Scene} from "../scene.js" */
/** @import {StepNumbers} from "../types.js" */

const MOST_ROWS = 3;

/**
 * The sum of a step as a sentence of chips, one line a channel, with a slider over its terms.
 *
 * Events: "term" (detail: terms added), "point" (detail: the term pointed at, or null),
 * "measure" (detail: names of symbols of the formula that are pointed at).
 */
export class Chips {
  element = html("section", { class: "chips", "aria-label": "The sum" });
  #lines = html("div", {
    class: "lines",
    "aria-hidden": "true",
    "data-waiting": "",
  });
  #slider = html("input", {
    type: "range",
    min: 0,
    step: 1,
    "aria-label": "Term",
  });
  #said = html("output", { class: "said" });
  #formula = html("span", { class: "formula" });
  /** @type {{chip: HTMLElement, product: HTMLElement, factors: HTMLElement[]}[]} */ #terms =
    [];
  /** @type {HTMLElement[]} */ #totals = [];
  #key = "";
  /** @type {Scene | null} */ #scene = null;

  constructor() {
    const parts = [this.#slider, this.#said, this.#formula];
    const bar = html("div", { class: "term-bar", "data-waiting": "" }, parts);
    this.element.append(this.#lines, bar);
    for (const type of ["pointerover", "pointerleave"]) {
      this.#formula.addEventListener(type, (event) => this.#measure(event));
    }
    this.#slider.addEventListener("input", () =>
      this.#emit("term", this.#slider.valueAsNumber),
    );
    this.#lines.addEventListener("pointerover", (event) =>
      this.#emit("point", termOf(event)),
    );
    this.#lines.addEventListener("pointerleave", () =>
      this.#emit("point", null),
    );
    this.#lines.addEventListener("click", (event) => {
      const term = termOf(event);
      if (term !== null) this.#emit("term", term + 1);
    });
  }

  /** Say which symbol of the formula is pointed at. @param {Event} event */
  #measure(event) {
    const target = /** @type {Element} */ (event.target);
    const name = target.closest("[data-symbol]")?.getAttribute("data-symbol");
    const detail = name && event.type === "pointerover" ? [name] : [];
    this.element.dispatchEvent(new CustomEvent("measure", { detail }));
  }

  /** @param {string} type @param {number | null} detail */
  #emit(type, detail) {
    this.element.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /**
   * @param {Scene} scene
   * @param {number | null} turn
   * @param {StepNumbers | null} numbers
   * @param {number} term  Terms added.
   * @param {number | null} now  The term in hand.
   * @param {(symbol: string, turn: number) => {values: number[], padding: boolean[]}} operands
   */
  show(scene, turn, numbers, term, now, operands) {
    this.#showFormula(scene);
    this.element.toggleAttribute("data-empty", turn === null || !numbers);
    if (turn === null || !numbers) {
      this.#slider.disabled = true;
      const how = scene.model.playable
        ? "Press Play or Next step"
        : "Click an output cell";
      const what = `the ${scene.words.title} its window stands here, term by term.`;
      write(this.#said, `${how}: ${what}`);
      return;
    }
    this.#slider.disabled = false;
    this.#layOut(scene, scene.areaAt(turn));
    this.#widen(scene);
    const pick = pickOf(scene.phase, numbers, term);
    const source = operands(scene.source, turn);
    const weight = scene.weight ? operands(scene.weight, turn) : null;
    const decimals = [source, weight].map((one) =>
      decimalsFor(one?.values ?? []),
    );
    const behind = decimalsFor(numbers.terms);
    this.#terms.forEach(({ chip, product, factors }, i) => {
      const added = i < term;
      chip.dataset.state = added ? "added" : "to-come";
      chip.toggleAttribute("data-now", i === now);
      chip.toggleAttribute("data-pick", i === pick);
      fill(
        factors[0],
        source.values[i],
        scene.largest.input,
        added,
        decimals[0],
      );
      factors[0].toggleAttribute("data-padding", source.padding[i]);
      if (weight)
        fill(
          factors[1],
          weight.values[i],
          scene.largest.weight,
          added,
          decimals[1],
        );
      if (weight)
        write(product, added ? numberText(numbers.terms[i], behind) : "");
    });
    const first = scene.firstChannel(turn) + 1;
    this.#totals.forEach((total, channel) => {
      const label = /** @type {Element} */ (total.parentElement?.firstChild);
      if (scene.depth > 1) write(label, `channel ${first + channel}`);
      const area = scene.areaAt(turn);
      const whole = term >= (channel + 1) * area;
      const value = partialOf(numbers, area, channel, term);
      write(total, whole && value !== null ? numberText(value) : "");
    });
    this.#say(scene, numbers, term);
  }

  /** @param {Scene} scene */
  #showFormula({ phase }) {
    if (this.#formula.dataset.source === phase.formula.symbols) return;
    this.#formula.dataset.source = phase.formula.symbols;
    this.#formula.replaceChildren(math(phase.formula.symbols));
  }

  /** @param {Scene} scene @param {StepNumbers} numbers @param {number} term */
  #say(scene, numbers, term) {
    const total = numbers.terms.length;
    set(this.#slider, { max: total });
    this.#slider.value = String(term);
    this.#slider.style.setProperty("--done", `${(100 * term) / total}%`);
    const all = [...numbers.terms, ...numbers.running];
    const decimals = decimalsFor(all);
    const exact = allExact(all, decimals);
    const value = term
      ? numberText(reached(numbers, term), decimals)
      : scene.words.nothing;
    const words =
      term < total
        ? `term ${term} of ${total}, ${scene.words.soFar} ${exact ? "" : "≈ "}${value}`
        : `${counted(total, "term")}${behindOf(scene, total)} ${exact ? "=" : "≈"} ${value}`;
    write(this.#said, words);
    this.#slider.setAttribute("aria-valuetext", words);
  }

  /** Chips as wide in every step, so that no step takes another number of rows. @param {Scene} scene */
  #widen(scene) {
    if (scene === this.#scene) return;
    this.#scene = scene;
    const { input, largest, weight } = scene;
    const sizes = {
      x: charsOf(input.values, largest.input),
      w: weight ? charsOf(scene.read(weight).values, largest.weight) : 0,
    };
    for (const [name, chars] of Object.entries(sizes))
      this.#lines.style.setProperty(`--${name}-chars`, `${chars}`);
  }

  /** @param {Scene} scene @param {number} area  Terms of one channel. */
  #layOut(scene, area) {
    const { depth, words } = scene;
    const key = `${area},${depth},${scene.weight},${words.title}`;
    if (key === this.#key) return;
    this.#key = key;
    this.#terms = [];
    this.#totals = [];
    const lines = [];
    for (let channel = 0; channel < depth; channel++) {
      const line = html("div", { class: "line" });
      line.append(html("span", { class: "line-label" }, [words.title]));
      const chips = html("span", { class: "line-terms" });
      for (let i = 0; i < area; i++) {
        const factors = [html("span", { class: "chip", "data-symbol": "x" })];
        const pair = [factors[0]];
        if (scene.weight) {
          factors.push(html("span", { class: "chip", "data-symbol": "w" }));
          pair.push(html("span", { class: "times" }, ["·"]), factors[1]);
        }
        const product = html("span", { class: "product" });
        const chip = html(
          "span",
          { class: "term", "data-term": channel * area + i },
          [html("span", { class: "pair" }, pair), product],
        );
        chips.append(
          chip,
          ...(i + 1 < area
            ? [html("span", { class: "plus" }, [words.between])]
            : []),
        );
        this.#terms.push({ chip, product, factors });
      }
      const total = html("span", { class: "line-total" });
      line.append(chips, html("span", { class: "equals" }, ["="]), total);
      this.#totals.push(total);
      lines.push(line);
    }
    this.#lines.replaceChildren(...lines);
    this.#lines.toggleAttribute("data-bare", !scene.weight);
    this.#lines.toggleAttribute("data-long", depth > MOST_ROWS || area > 12);
  }
}

/**
 * Characters of the longest of some numbers, with its sign.
 *
 * @param {ArrayLike<number>} values
 * @param {number} largest
 */
function charsOf(values, largest) {
  const decimals = decimalsFor(Array.from(values));
  return numberText(-largest || 0, decimals).length;
}

/** @param {Event} event @returns {number | null} */
function termOf(event) {
  const chip = /** @type {Element} */ (event.target).closest("[data-term]");
  return chip ? Number(chip.getAttribute("data-term")) : null;
}

/**
 * @param {HTMLElement} chip
 * @param {number} value
 * @param {number} largest
 * @param {boolean} added
 * @param {number} decimals
 */
function fill(chip, value, largest, added, decimals) {
  write(chip, numberText(value, decimals));
  chip.dataset.tint = added ? String(tint(value, largest)) : "none";
}

/** What happens once the terms are combined. @param {Scene} scene @param {number} terms */
function behindOf({ phase, extra, words }, terms) {
  const divisor = divisorOf(phase, terms);
  const divided = divisor !== 1 ? ` ÷ ${numberText(divisor)}` : "";
  const said = phase.combine === "max" ? `, ${words.whole}` : "";
  return `${said}${divided}${extra ? " + bias" : ""}`;
}
