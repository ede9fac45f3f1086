import { ask } from "../../api.js";
import { unravel } from "../../boxes.js";
import { html, math, write } from "../../dom.js";
import { equalsText, fullText } from "../../format.js";
import { LossChart } from "./loss-chart.js";

/** @import {Lab} from "../../lab.js" */
/** @import {Reply} from "../../types.js" */

const STEPS = 200;
const PAUSE = 60;
const FITS = 1e-9;

/**
 * Gradient descent on the loss. The server computes the whole way down once; every step of it is
 * then set as the filter and traced like any other.
 *
 * Properties: `lab` (whose settings it learns for), `show(reply)` (a new trace with a loss),
 * `stop()`.
 */
export class Descent extends HTMLElement {
  #chart = new LossChart();
  #said = html("p", { class: "learn-said", role: "status" });
  #step = html("button", { type: "button", class: "button button-primary" }, [
    "Take a step",
  ]);
  #fit = html("button", { type: "button", class: "button" }, ["Until it fits"]);
  #rate = html("input", {
    type: "text",
    class: "field",
    inputmode: "decimal",
    "aria-label": "Learning rate",
    placeholder: "auto",
  });
  #formula = html("div", { class: "loss-formula" });
  #rule = html("p", { class: "learn-rule" }, [
    html("i", {}, ["W"]),
    " ← ",
    html("i", {}, ["W"]),
    " − ",
    html("i", {}, ["η ∂L/∂W"]),
  ]);
  /** @type {{losses: number[], weight: {shape: number[], values: number[][]}, rate: number, stopped: string | null} | null} */
  #way = null;
  #at = 0;
  #mine = false;
  #playing = false;

  connectedCallback() {
    if (this.childElementCount) return;
    const rate = html("label", { class: "rate" }, ["η ", this.#rate]);
    const acts = html("div", { class: "acts" }, [this.#step, this.#fit, rate]);
    this.append(
      html("h3", {}, ["Loss"]),
      this.#formula,
      this.#chart.element,
      acts,
      this.#rule,
      this.#said,
    );
    this.#step.addEventListener("click", () => this.#take(false));
    this.#fit.addEventListener("click", () => {
      if (this.#playing) this.#playing = false;
      else this.#take(true);
    });
    this.#rate.addEventListener("change", () => this.#leave());
    // Whatever somebody else changes leads another way down.
    this.#lab.addEventListener("state", () => {
      if (!this.#mine) this.#leave();
    });
  }

  /** Set from outside, perhaps before this class was there. @returns {Lab} */
  get #lab() {
    return /** @type {any} */ (this).lab;
  }

  /** @param {Reply} reply  With a loss. */
  show(reply) {
    const [loss] = reply.tensors.loss.values;
    this.#showFormula(reply);
    if (this.#way) return;
    this.#chart.show([loss], 0);
    write(this.#said, `The loss is ${about(loss)}.`);
  }

  stop() {
    this.#playing = false;
  }

  /** The loss in symbols, and its value. @param {Reply} reply */
  #showFormula({ phases, tensors }) {
    const { formula } = phases.find(({ writes }) => writes === "loss") ?? {};
    if (!formula) return;
    this.#formula.replaceChildren(
      math(formula.symbols),
      html("span", {}, [equalsText(tensors.loss.values[0])]),
    );
  }

  /** @param {boolean} on  Whether to go on until it fits. */
  async #take(on) {
    if (!this.#way && !(await this.#ask())) return;
    this.#playing = on;
    write(this.#fit, on ? "Pause" : "Until it fits");
    do {
      if (!(await this.#next())) break;
      if (on) await new Promise((done) => setTimeout(done, PAUSE));
    } while (this.#playing);
    this.#playing = false;
    write(this.#fit, "Until it fits");
  }

  /** Go no further on this way. */
  #leave() {
    this.#way = null;
    this.#playing = false;
  }

  /** Ask for the whole way down; say whether there is one. */
  async #ask() {
    const typed = this.#rate.value.trim().replace(",", ".");
    const rate = typed === "" ? null : Number(typed) || typed;
    const body = { ...this.#lab.body, rate, steps: STEPS };
    const reply = await ask(
      "/api/descend",
      body,
      new AbortController().signal,
    ).catch(() => null);
    if (!reply || reply.problem) {
      write(this.#said, reply?.problem.message ?? "");
      return false;
    }
    this.#way = reply;
    this.#at = 0;
    this.#rate.placeholder = fullText(reply.rate);
    return true;
  }

  /** Take one step of the way; say whether there may be another. */
  async #next() {
    const way = this.#way;
    if (!way) return false;
    if (this.#at + 1 >= way.losses.length) {
      write(this.#said, way.stopped ?? this.#words(way));
      return false;
    }
    this.#at += 1;
    const { shape, values } = way.weight;
    /** @type {Record<string, number>} */
    const cells = {};
    values[this.#at].forEach((value, i) => {
      cells[unravel(i, shape).join(".")] = value;
    });
    this.#mine = true;
    const drawn = this.#lab.setCells("w", cells, this.#at > 1);
    this.#mine = false;
    await drawn;
    if (way !== this.#way) return false;
    this.#chart.show(way.losses, this.#at);
    write(this.#said, this.#words(way));
    return way.losses[this.#at] > FITS * way.losses[0];
  }

  /** @param {{losses: number[]}} way */
  #words({ losses }) {
    const before = about(losses[Math.max(0, this.#at - 1)]);
    return `Step ${this.#at}: the loss goes from ${before} to ${about(losses[this.#at])}.`;
  }
}

/** A number in a sentence, which says of itself whether it is rounded. @param {number} value */
const about = (value) => equalsText(value).replace("= ", "");
