import { html, set, write } from "../../dom.js";
import { equalsText, fullText } from "../../format.js";
import { derivation } from "./derivation.js";
import { inputOf, outputOf, statisticsOf } from "./mode-parts.js";
import { ModesPicture } from "./modes-picture.js";

/** @import {Model} from "../../model.js" */

const WORDS = /** @type {Record<string, {name: string, call: string}>} */ ({
  training: { name: "Training", call: "model.train()" },
  inference: { name: "Inference", call: "model.eval()" },
});

/**
 * One input in two modes: the outputs side by side, and how one of them comes about.
 *
 * Events: "mode" (detail: its name), "sample" (detail: index), "alone" (detail: whether one sample
 * is to be shown, and not all).
 */
export class Modes extends EventTarget {
  element = html("div", { class: "running-modes" });
  #picture = new ModesPicture();
  #switch = html("span", {
    class: "segments",
    role: "group",
    "aria-label": "Mode",
  });
  #company = html("span", {
    class: "segments",
    role: "group",
    "aria-label": "Given to both modes",
  });
  #why = html("p", { class: "modes-why" });
  #table = html("table", { class: "modes-table" });
  #told = html("div", { class: "modes-told" });

  constructor() {
    super();
    for (const [mode, { name, call }] of Object.entries(WORDS)) {
      const button = html("button", { type: "button", "data-mode": mode }, [
        name,
      ]);
      button.title = call;
      this.#switch.append(button);
    }
    for (const [alone, words] of [
      ["false", "Whole batch"],
      ["true", "First sample alone"],
    ])
      this.#company.append(
        html("button", { type: "button", "data-alone": alone }, [words]),
      );
    const beside = html("div", { class: "modes-beside" }, [
      html("div", { class: "modes-scroll" }, [this.#table]),
      this.#picture.element,
    ]);
    const switches = [this.#switch, this.#company];
    this.element.append(
      html("div", { class: "modes-switches" }, switches),
      this.#why,
      beside,
      this.#told,
    );
    this.element.addEventListener("click", ({ target }) => {
      const button = /** @type {Element} */ (target).closest("button");
      const { mode, sample, alone } = button?.dataset ?? {};
      if (mode) this.#emit("mode", mode);
      if (alone) this.#emit("alone", alone === "true");
      if (sample) this.#emit("sample", Number(sample));
    });
  }

  /** @param {string} name @param {unknown} detail */
  #emit(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }

  /**
   * @param {Record<string, Model>} models
   * @param {string} mode
   * @param {number} sample
   * @param {number} width
   */
  show(models, mode, sample, width) {
    for (const button of this.#switch.querySelectorAll("button"))
      set(button, { "aria-pressed": `${button.dataset.mode === mode}` });
    const { length } = inputOf(models[mode]).values;
    for (const button of this.#company.querySelectorAll("button"))
      set(button, {
        "aria-pressed": `${button.dataset.alone === `${length === 1}`}`,
      });
    write(this.#why, reason(models, mode));
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)
      ?.dataset.sample;
    this.#fill(models, mode, sample);
    if (focused !== undefined)
      /** @type {HTMLElement | null} */ (
        this.#table.querySelector("button[aria-pressed=true]")
      )?.focus();
    this.#picture.show(models, WORDS, mode, sample, width);
    const model = models[mode];
    const turns = derivation(model, (phase) =>
      model.phases[phase].steps > 1 ? sample : 0,
    );
    const { name } = WORDS[mode];
    const title = html("h4", {}, [`${name}: sample ${sample + 1} in numbers`]);
    this.#told.replaceChildren(title, ...turns);
  }

  /** @param {Record<string, Model>} models @param {string} mode @param {number} sample */
  #fill(models, mode, sample) {
    const names = Object.keys(WORDS);
    const heads = names.map((name) =>
      html("th", { scope: "col", "data-chosen": `${name === mode}` }, [
        WORDS[name].name,
        html("small", {}, statisticsOf(models[name]).map(said)),
      ]),
    );
    const { values } = inputOf(models[mode]);
    const rows = values.map((x, i) => {
      const button = html("button", { type: "button", "data-sample": i }, [
        "x",
        html("sub", {}, [`${i + 1}`]),
        ` ${equalsText(x)}`,
      ]);
      set(button, {
        "aria-pressed": `${i === sample}`,
        title: `Show how y comes of x = ${fullText(x)}`,
      });
      const outputs = names.map((name) => {
        const y = outputOf(models[name]).values[i];
        return html(
          "td",
          { "data-chosen": `${name === mode}`, title: fullText(y) },
          [`y ${equalsText(y)}`],
        );
      });
      const row = html("tr", {}, [
        html("th", { scope: "row" }, [button]),
        ...outputs,
      ]);
      row.toggleAttribute("data-sample", i === sample);
      return row;
    });
    const corner = html("td", {}, [
      html("span", { class: "visually-hidden" }, ["Input"]),
    ]);
    this.#table.replaceChildren(
      html("caption", { class: "visually-hidden" }, [
        "The same input, and what comes of it in both modes",
      ]),
      html("thead", {}, [html("tr", {}, [corner, ...heads])]),
      html("tbody", {}, rows),
    );
  }
}

/** @param {{letter: string, value: number}} statistic */
function said({ letter, value }) {
  const text = `${letter} ${equalsText(value)}`;
  return html("span", { title: fullText(value) }, [text]);
}

/** Why a mode gives what it gives, in two sentences. @param {Record<string, Model>} models @param {string} mode */
function reason(models, mode) {
  const [mu, sigma2] = statisticsOf(models[mode]).map(({ value }) =>
    equalsText(value),
  );
  const one = inputOf(models[mode]).values.length === 1;
  if (mode === "inference")
    return (
      `Inference takes what training kept, μ ${mu} and σ² ${sigma2}, whatever else is in the batch. ` +
      (one
        ? "So one sample alone is enough: its y is the same as within a batch."
        : "So x is measured by another ruler than in training, and the same x gives another y.")
    );
  if (one)
    return (
      `One sample is its own mean, and σ² ${sigma2}: x − μ = 0, and y is the shift β, whatever x is. ` +
      "PyTorch refuses such a batch in training; only inference has an answer."
    );
  return (
    `Training takes the batch’s own μ ${mu} and σ² ${sigma2}, the biased variance. ` +
    "So the y of a sample depends on who else is in its batch."
  );
}
