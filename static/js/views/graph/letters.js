import { math } from "../../dom.js";

/** @import {Model} from "../../model.js" */

const SPACE = "http://www.w3.org/1998/Math/MathML";

/** The letters of the tensors, taken out of the formulas of the phases. */
export class Letters {
  /** @type {Map<string, Element>} */ #found = new Map();
  #model;

  /** @param {Model} model */
  constructor(model) {
    this.#model = model;
  }

  /**
   * A tensor's letter as a formula of its own.
   *
   * @param {string} tensor
   * @param {number | null} [sample]  Written for its index i; null leaves the letter i.
   * @returns {MathMLElement}
   */
  of(tensor, sample = null) {
    const formula = element("math");
    const letter = this.#letter(tensor);
    formula.append(
      letter ? document.importNode(letter, true) : element("mi", tensor),
    );
    if (sample !== null) number(formula, sample);
    return formula;
  }

  /** The letter without its index, as plain text. @param {string} tensor */
  text(tensor) {
    const letter = this.of(tensor);
    for (const index of letter.querySelectorAll("msub > :last-child"))
      index.remove();
    const [base, over] = letter.querySelector("mover")?.children ?? [];
    const power = letter.querySelector("msup")?.children;
    if (over) return `${base.textContent}\u0302`;
    if (power?.[1].textContent === "2") return `${power[0].textContent}²`;
    return letter.textContent ?? tensor;
  }

  /** What it is called aloud: its letter where that is a plain one. @param {string} tensor */
  name(tensor) {
    const letter = this.text(tensor);
    return /^[a-z]$/i.test(letter) ? letter : tensor;
  }

  /** What people call it. @param {string} tensor */
  label(tensor) {
    return this.#model.tensor(tensor).label;
  }

  /** The part a tensor plays. @param {string} tensor */
  role(tensor) {
    return this.#model.tensor(tensor).role;
  }

  /** @param {string} tensor */
  #letter(tensor) {
    const known = this.#found.get(tensor);
    if (known) return known;
    for (const { formula, reads, writes } of this.#model.phases) {
      const symbol =
        writes === tensor
          ? writes
          : Object.keys(reads).find((key) => reads[key] === tensor);
      if (!symbol || !formula) continue;
      const letter = math(formula.symbols).querySelector(
        `[data-symbol="${symbol}"]`,
      );
      if (!letter) continue;
      this.#found.set(tensor, letter);
      return letter;
    }
    return null;
  }
}

/**
 * @param {string} tag
 * @param {string} [text]
 * @returns {MathMLElement}
 */
export function element(tag, text = "") {
  const made = /** @type {MathMLElement} */ (
    document.createElementNS(SPACE, tag)
  );
  made.textContent = text;
  return made;
}

/** Put a number for the index i. @param {Element} formula @param {number} sample */
export function number(formula, sample) {
  for (const index of formula.querySelectorAll("msub > mi:last-child"))
    if (index.textContent === "i")
      index.replaceWith(element("mn", `${sample + 1}`));
}
