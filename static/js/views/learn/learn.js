import { ask } from "../../api.js";
import { unravel } from "../../boxes.js";
import { html, math, write } from "../../dom.js";
import { numberText } from "../../format.js";
import { Checks } from "./checks.js";
import { LossChart } from "./loss-chart.js";

/** @import {Lab} from "../../lab.js" */
/** @import {Reply} from "../../types.js" */

const STEPS = 200;
const PAUSE = 60;
const HIDDEN = [
  { name: "Find the hidden Sobel", target: "sobel_x" },
  { name: "Find the hidden blur", target: "box_blur_3x3" },
];
const FITS = 1e-9;

/**
 * Beside the gradients: numeric checks, and gradient descent on a loss. The server computes the
 * whole way down once; every step of it is then set as the filter and traced like any other.
 *
 * Properties: `lab` (whose settings it learns for), `show(reply)` (a new trace).
 */
export class LearnCard extends HTMLElement {
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
  #offer = html("section", { class: "offer-learning" });
  #descent = html("section", { class: "descent" });
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

  #checks = new Checks(() => this.#lab.body);

  connectedCallback() {
    if (this.childElementCount) return;
    const rate = html("label", { class: "rate" }, ["η ", this.#rate]);
    const acts = html("div", { class: "acts" }, [this.#step, this.#fit, rate]);
    this.#descent.append(
      this.#formula,
      this.#chart.element,
      acts,
      this.#rule,
      this.#said,
    );
    const heading = (/** @type {string} */ text) => html("h3", {}, [text]);
    this.#descent.prepend(heading("Loss"));
    const learning = html("p", { class: "muted" }, [
      "A loss lets the filter learn: it is half the sum of the squared differences from a target, and every step moves the filter against its gradient.",
    ]);
    this.#offer.append(heading("Let the filter learn"), learning);
    this.append(
      html("section", {}, [heading("Are they right?"), this.#checks.element]),
      this.#descent,
      this.#offer,
    );
    this.#lab.figure.addEventListener("check", (event) =>
      this.#checks.ask(/** @type {CustomEvent} */ (event).detail),
    );
    this.#step.addEventListener("click", () => this.#take(false));
    this.#fit.addEventListener("click", () => {
      if (this.#playing) this.#playing = false;
      else this.#take(true);
    });
    this.#rate.addEventListener("change", () => (this.#way = null));
    // Whatever somebody else changes leads another way down.
    this.#lab.addEventListener("state", () => {
      if (this.#mine) return;
      this.#way = null;
      this.#playing = false;
    });
    this.#offer.append(...HIDDEN.map((hidden) => this.#find(hidden)));
  }

  /** The figure's lab; set from outside, perhaps before this class was there. @returns {Lab} */
  get #lab() {
    return /** @type {any} */ (this).lab;
  }

  /** @param {Reply} reply */
  show(reply) {
    const gradients = Object.values(reply.tensors).some((t) => t.gradientOf);
    this.hidden = !gradients;
    if (!gradients) {
      this.#playing = false;
      return;
    }
    this.#checks.clear();
    const loss = reply.tensors.loss;
    this.#descent.hidden = !loss;
    const learns = this.#lab.controls.some(({ key }) => key === "target");
    this.#offer.hidden = Boolean(loss) || !learns;
    if (loss) this.#showFormula(reply);
    if (loss && !this.#way) {
      this.#chart.show([loss.values[0]], 0);
      write(this.#said, `The loss is ${numberText(loss.values[0])}.`);
    }
  }

  /** The loss in symbols, and its value. @param {Reply} reply */
  #showFormula({ phases, tensors }) {
    const { formula } = phases.find(({ writes }) => writes === "loss") ?? {};
    if (!formula) return;
    this.#formula.replaceChildren(
      math(formula.symbols),
      html("span", {}, [`= ${numberText(tensors.loss.values[0])}`]),
    );
  }

  /** A button that sets a hidden filter to be found. @param {typeof HIDDEN[number]} hidden */
  #find({ name, target }) {
    const button = html("button", { type: "button", class: "button" }, [name]);
    button.addEventListener("click", () =>
      this.#lab.set({ gy: "loss", target, fx: "integers", x: "random" }),
    );
    return button;
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
    this.#rate.placeholder = numberText(reply.rate);
    return true;
  }

  /** Take one step of the way; say whether there may be another. */
  async #next() {
    const way = this.#way;
    if (!way || this.#at + 1 >= way.losses.length) {
      write(this.#said, way?.stopped ?? this.#words());
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
    write(this.#said, this.#words());
    return way.losses[this.#at] > FITS * way.losses[0];
  }

  #words() {
    const losses = this.#way?.losses ?? [0];
    const before = numberText(losses[Math.max(0, this.#at - 1)]);
    return `Step ${this.#at}: the loss goes from ${before} to ${numberText(losses[this.#at])}.`;
  }
}
