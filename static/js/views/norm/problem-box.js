import { html } from "../../dom.js";

/** @import {Lab} from "../../lab.js" */
/** @import {Problem} from "../../types.js" */
/** @import {Control} from "../../url-state.js" */

/** Explains in place what the server refuses, with the ways out. */
export class ProblemBox {
  #element;
  #controls;
  #lab;

  /** @param {HTMLElement} element @param {Control[]} controls @param {Lab} lab */
  constructor(element, controls, lab) {
    this.#element = element;
    this.#controls = controls;
    this.#lab = lab;
  }

  hide() {
    this.#element.hidden = true;
  }

  /** @param {Problem} problem @returns What is wrong, in a sentence. */
  show({ message, field, remedies }) {
    const offers = (remedies ?? []).map(({ label, set }) =>
      this.#offer(label, () => this.#lab.set(set)),
    );
    const back = this.#lab.history.canUndo
      ? this.#offer("Undo the last change", () => this.#lab.undo())
      : this.#offer("Start over", () => this.#lab.reset());
    const sentence = `${this.#plainly(message, field)}.`;
    this.#element.hidden = false;
    this.#element.replaceChildren(
      html("h2", {}, ["These numbers have no result"]),
      html("p", {}, [sentence]),
      html("div", { class: "offers" }, [...offers, back]),
    );
    return sentence;
  }

  /** @param {string} label @param {() => void} act */
  #offer(label, act) {
    const button = html("button", { type: "button", class: "button" }, [label]);
    button.addEventListener("click", act);
    return button;
  }

  /** A refusal with the name that its control has on the page. @param {string} message @param {string | null} field */
  #plainly(message, field) {
    const control = this.#controls.find(
      ({ path }) => path === field || path.startsWith(`${field}.`),
    );
    const words = control
      ? message.replace(/^[\w.]+: /, `${control.label}: `)
      : message;
    return words.replace(/\.$/, "").replaceAll(">=", "≥");
  }
}
