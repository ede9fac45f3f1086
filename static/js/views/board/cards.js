import { unravel } from "../../boxes.js";
import { html, math, set, write } from "../../dom.js";
import { allExact, decimalsFor, numberText } from "../../format.js";
import { cellInHand } from "./in-hand.js";
import { WEARS } from "./outlines.js";
import { placeText } from "./said.js";

/** @import {Model} from "../../model.js" */
/** @import {Move, Phase} from "../../types.js" */
/** @import {Totals} from "./totals.js" */

/** More terms than this stand in a strip that scrolls. */
const MANY = 30;

/**
 * The formulas of a move, one card a phase, with the numbers of the term in hand.
 *
 * Events: "term" (detail: terms added), "point" (detail: the term pointed at, or null).
 */
export class Cards {
  element = html("section", { class: "cards", "aria-label": "The formulas" });
  #cards = html("div", { class: "card-row", "data-waiting": "" });
  #slider = html("input", {
    type: "range",
    min: 1,
    step: 1,
    "aria-label": "Term",
  });
  #said = html("output", { class: "said" });
  #bar = html("div", { class: "term-bar", "data-waiting": "" }, [
    this.#slider,
    this.#said,
  ]);
  /** @type {Card[]} */ #kept = [];
  #key = "";

  constructor() {
    this.element.append(this.#cards, this.#bar);
    this.#slider.addEventListener("input", () =>
      this.#emit("term", this.#slider.valueAsNumber),
    );
    const termOf = (/** @type {Event} */ event) => {
      const target = /** @type {Element} */ (event.target);
      const chip = target.closest("[data-term]");
      return chip ? Number(chip.getAttribute("data-term")) : null;
    };
    this.#cards.addEventListener("pointerover", (event) =>
      this.#emit("point", termOf(event)),
    );
    this.#cards.addEventListener("pointerleave", () =>
      this.#emit("point", null),
    );
    this.#cards.addEventListener("click", (event) => {
      const term = termOf(event);
      if (term !== null) this.#emit("term", term + 1);
    });
  }

  /** @param {string} type @param {number | null} detail */
  #emit(type, detail) {
    this.element.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /**
   * @param {Model} model
   * @param {Move | null} move
   * @param {Totals} totals
   * @param {number} reached  Terms added.
   * @param {number | null} term  The term in hand.
   */
  show(model, move, totals, reached, term) {
    const group = move?.group ?? model.moves[0]?.group ?? [];
    const key = group.map((i) => model.phases[i].formula.symbols).join();
    if (key !== this.#key) {
      this.#key = key;
      this.#kept = group.map((index) => new Card(model, index));
      this.#cards.replaceChildren(...this.#kept.map(({ element }) => element));
    }
    const terms = move
      ? Math.max(...group.map((i) => model.termsOf(i, move.turn)))
      : 0;
    this.#bar.hidden = terms < 2;
    for (const [i, card] of this.#kept.entries())
      card.show(model, group[i], move, totals, term);
    set(this.#slider, { max: Math.max(1, terms) });
    this.#slider.value = `${Math.max(1, reached)}`;
    this.#slider.style.setProperty(
      "--done",
      `${(100 * (reached - 1)) / (terms - 1 || 1)}%`,
    );
    const words = `term ${term === null ? 0 : term + 1} of ${terms}`;
    write(this.#said, words);
    this.#slider.setAttribute("aria-valuetext", words);
  }
}

/** One phase: what it writes, its formula, its numbers. */
class Card {
  element = html("div", { class: "formula-card" });
  #title = html("h2");
  #numbers = html("p", { class: "numbers" });
  #strip = html("div", { class: "strip", "aria-hidden": "true" });
  #before = html("span", { class: "total" });
  #result = html("span", { class: "total", "data-symbol": "gradient" });
  #equals = html("span", {}, ["="]);
  /** @type {[symbol: string, slot: Element][]} */ #slots;

  /**
   * @param {Model} model
   * @param {number} index
   */
  constructor(model, index) {
    const phase = model.phases[index];
    const term = termOf(phase);
    this.#slots = [...term.querySelectorAll("[data-slot]")].map((slot) => [
      slot.getAttribute("data-slot") ?? "",
      slot,
    ]);
    for (const [symbol, slot] of this.#slots) {
      const tensor = model.tensors[phase.reads[symbol]];
      slot.setAttribute("data-role", tensor ? WEARS[tensor.role] : "");
    }
    const sums = phase.adds || phase.combine !== "each";
    const before = sums ? [this.#before, html("span", {}, ["+"])] : [];
    this.#numbers.append(...before, term, this.#equals, this.#result);
    const formula = html("p", { class: "formula" }, [
      math(phase.formula.symbols),
    ]);
    const row = html("div", { class: "formula-row" }, [formula, this.#numbers]);
    this.element.append(this.#title, row, this.#strip);
    this.element.title = phase.title;
  }

  /**
   * @param {Model} model
   * @param {number} index
   * @param {Move | null} move
   * @param {Totals} totals
   * @param {number | null} term
   */
  show(model, index, move, totals, term) {
    const phase = model.phases[index];
    const tensor = model.tensor(phase.writes);
    this.#numbers.hidden = move === null || term === null;
    if (move === null || term === null) {
      write(this.#title, tensor.label);
      this.#strip.replaceChildren();
      return;
    }
    const { turn } = move;
    const last = model.termsOf(index, turn) - 1;
    const at = Math.min(term, last);
    const place = cellInHand(model, index, phase.writes, turn, at)?.index ?? 0;
    const inPlace = placeText(tensor, unravel(place, tensor.shape));
    write(this.#title, [tensor.label, inPlace].filter(Boolean).join(", "));
    const [old, result, terms] = this.#sums(
      model,
      index,
      turn,
      totals,
      at,
      place,
    );
    const shown = [old, result, terms[at] ?? 0].filter(Number.isFinite);
    const decimals = decimalsFor(shown);
    for (const [symbol, slot] of this.#slots) {
      const name = phase.reads[symbol];
      if (!name) continue;
      const cell = cellInHand(model, index, symbol, turn, at)?.index ?? 0;
      write(slot, numberText(totals.now(name)[cell]));
    }
    write(this.#before, numberText(old || 0, decimals));
    write(this.#equals, allExact(shown, decimals) ? "=" : "≈");
    write(this.#result, numberText(result, decimals));
    this.#showStrip(phase, terms, at);
  }

  /**
   * What is added to, what that comes to, and all terms.
   *
   * @param {Model} model
   * @param {number} index
   * @param {number} turn
   * @param {Totals} totals
   * @param {number} at
   * @param {number} place
   * @returns {[number, number, number[]]}
   */
  #sums(model, index, turn, totals, at, place) {
    const { writes, combine } = model.phases[index];
    const numbers = model.numbers(index, turn);
    const terms = numbers?.terms ?? [];
    if (combine === "each")
      return [totals.before(writes)[place], totals.after(writes)[place], terms];
    const running = numbers?.running ?? [];
    return [at ? running[at - 1] : 0, running[at], terms];
  }

  /** @param {Phase} phase @param {number[]} terms @param {number} at */
  #showStrip(phase, terms, at) {
    const sums = phase.combine !== "each" && terms.length > 1;
    this.#strip.hidden = !sums;
    if (!sums) return;
    while (this.#strip.children.length > terms.length)
      this.#strip.lastChild?.remove();
    while (this.#strip.children.length < terms.length)
      this.#strip.append(
        html("span", { "data-term": this.#strip.children.length }),
      );
    this.#strip.toggleAttribute("data-long", terms.length > MANY);
    const decimals = decimalsFor(terms);
    [...this.#strip.children].forEach((chip, i) => {
      write(chip, numberText(terms[i], decimals));
      chip.toggleAttribute("data-now", i === at);
      chip.toggleAttribute("data-added", i <= at);
    });
  }
}

/** The term of a phase's formula: what follows the equals sign and the sums. @param {Phase} phase */
function termOf({ formula }) {
  const whole = math(formula.numbers);
  const parts = [...whole.children];
  const equals = parts.findIndex(({ textContent }) => textContent === "=");
  for (const part of parts.slice(0, equals + 1)) part.remove();
  while (whole.firstElementChild?.matches("munder, munderover"))
    whole.firstElementChild.remove();
  whole.setAttribute("display", "inline");
  return whole;
}
