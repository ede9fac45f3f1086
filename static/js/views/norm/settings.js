import { parseNumber } from "../../format.js";
import { Rail } from "../rail.js";

/** @import {Control} from "../../url-state.js" */

const LEADS = [1, 2, 5];
/** Characters that a field shows. */
const MOST = 10;
const LEAST_POWER = -8;
const UNFINISHED = /^[-+\u2212.,]?$|e[-+\u2212]?$/i;

/**
 * The value of a slider, as a text; on a scale of powers from 1e-8 on, by 1, 2 and 5.
 *
 * @param {string} position
 * @param {boolean} powers
 */
export function slidText(position, powers) {
  if (!powers) return position;
  const n = Number(position);
  const power = LEAST_POWER + Math.floor(n / LEADS.length);
  return String(Number(`${LEADS[n % LEADS.length]}e${power}`));
}

/**
 * A number as a narrow field has room for it; what is rounded says so.
 *
 * @param {string} value
 */
export function fieldText(value) {
  const number = Number(value);
  if (!Number.isFinite(number)) return value;
  const text = String(number);
  return text.length > MOST ? `≈ ${Number(number.toPrecision(6))}` : text;
}

/**
 * Where a value stands on a slider of powers.
 *
 * @param {number} value
 */
export function powerPosition(value) {
  const power = Math.floor(Math.log10(value) + 1e-9);
  const lead = value / 10 ** power;
  const nearest = LEADS.filter((n) => n <= lead * (1 + 1e-9)).length - 1;
  return (power - LEAST_POWER) * LEADS.length + nearest;
}

/**
 * The controls of the batch: steppers, choices, and numbers with a slider beside them.
 *
 * Events on the form: "setting" (detail {key, value, again}).
 */
export class NormSettings extends Rail {
  /** @type {EventTarget | null} */ #going = null;
  /** @type {Set<HTMLInputElement>} Fields that hold no number. */ #wrong =
    new Set();
  #fault;
  /** Where a refusal is told beside the settings; a section may have none. */
  #refusal;
  #refused = false;

  /** @param {HTMLFormElement} form @param {Control[]} controls */
  constructor(form, controls) {
    super(form, controls);
    this.#fault = /** @type {HTMLElement} */ (form.querySelector(".fault"));
    this.#refusal = form.querySelector("[data-refused]");
    form.addEventListener("input", ({ target }) => this.#moved(target));
    form.addEventListener("change", ({ target }) => this.#settled(target));
    form.addEventListener("focusin", ({ target }) =>
      this.#written(target, true),
    );
    form.addEventListener("focusout", ({ target }) =>
      this.#written(target, false),
    );
    form.addEventListener("keydown", ({ key, target }) => {
      if (key === "Escape") this.#restore(target);
    });
    form.addEventListener("click", ({ target }) => {
      const button = /** @type {Element} */ (target).closest("[data-choose]");
      if (!(button instanceof HTMLElement)) return;
      const { choose = "", value = "" } = button.dataset;
      if (button.getAttribute("aria-pressed") !== "true")
        this.#tell(choose, value, false);
    });
  }

  /** @param {string} key @param {string} value @param {boolean} again */
  #tell(key, value, again) {
    this.form.dispatchEvent(
      new CustomEvent("setting", { detail: { key, value, again } }),
    );
  }

  /** @param {EventTarget | null} input */
  #moved(input) {
    if (!(input instanceof HTMLInputElement)) return;
    const { slides, number } = input.dataset;
    if (!slides && !number) return;
    const again = this.#going === input;
    if (slides) {
      this.#going = input;
      const powers = input.hasAttribute("data-powers");
      this.#tell(slides, slidText(input.value, powers), again);
    } else {
      const value = parseNumber(input.value);
      this.#judge(input, value === null && !UNFINISHED.test(input.value));
      if (value === null) return;
      this.#going = input;
      this.#tell(number ?? "", String(value), again);
    }
  }

  /** A drag is over, or a field is left. @param {EventTarget | null} input */
  #settled(input) {
    this.#going = null;
    if (!(input instanceof HTMLInputElement) || !input.dataset.number) return;
    if (input.value.trim() === "") input.value = input.dataset.value ?? "";
    this.#judge(input, parseNumber(input.value) === null);
  }

  /** A number is written out for whoever works on it. @param {EventTarget | null} input @param {boolean} out */
  #written(input, out) {
    if (!(input instanceof HTMLInputElement) || !input.dataset.number) return;
    const { value = "" } = input.dataset;
    const rounded = fieldText(value);
    if (!rounded.startsWith("≈")) return;
    if (!out && input.value === value) input.value = rounded;
    if (!out || input.value !== rounded) return;
    input.value = value;
    input.select();
  }

  /** Take back what is no number. @param {EventTarget | null} input */
  #restore(input) {
    if (!(input instanceof HTMLInputElement) || !input.dataset.number) return;
    input.value = input.dataset.value ?? input.value;
    this.#judge(input, parseNumber(input.value) === null);
  }

  /**
   * Mark the control at fault, or none, and say why.
   *
   * @param {string | null} field
   * @param {string} [sentence]
   */
  fault(field, sentence = "") {
    if (!field && !this.#refused) return;
    this.#refused = Boolean(field);
    super.fault(field);
    const refusal = this.#refusal;
    for (const input of this.form.querySelectorAll("[aria-describedby]"))
      input.removeAttribute("aria-describedby");
    const own = this.form.querySelectorAll("[aria-invalid=true]");
    for (const input of this.#wrong) input.setAttribute("aria-invalid", "true");
    if (!(refusal instanceof HTMLElement)) return;
    for (const input of own) input.setAttribute("aria-describedby", refusal.id);
    refusal.hidden = !own.length || !sentence;
    refusal.textContent = sentence;
  }

  /** @param {HTMLInputElement} input @param {boolean} wrong */
  #judge(input, wrong) {
    input.setAttribute("aria-invalid", String(wrong));
    if (wrong) this.#wrong.add(input);
    else this.#wrong.delete(input);
    const [faulty] = this.#wrong;
    this.#fault.hidden = !faulty;
    if (faulty)
      this.#fault.textContent = `${faulty.title}: “${faulty.value}” is not a number; use one such as 0.5.`;
  }

  /** @param {Record<string, string>} values */
  show(values) {
    super.show(values);
    for (const [key, value] of Object.entries(values)) {
      for (const part of this.form.querySelectorAll(`[data-choose="${key}"]`)) {
        const chosen =
          /** @type {HTMLElement} */ (part).dataset.value === value;
        part.setAttribute("aria-pressed", String(chosen));
      }
      for (const part of this.form.querySelectorAll(`[data-when^="${key}="]`)) {
        const { when } = /** @type {HTMLElement} */ (part).dataset;
        part.toggleAttribute("hidden", when !== `${key}=${value}`);
      }
      this.#showNumber(key, value);
    }
  }

  /** @param {string} key @param {string} value */
  #showNumber(key, value) {
    const slider = this.form.querySelector(`[data-slides="${key}"]`);
    const field = this.form.querySelector(`[data-number="${key}"]`);
    const number = Number(value);
    if (slider instanceof HTMLInputElement && Number.isFinite(number)) {
      const powers = slider.hasAttribute("data-powers");
      const position = powers ? powerPosition(number) : number;
      if (Number(slider.value) !== position) slider.value = String(position);
      slider.ariaValueText = value;
      const [least, most] = [Number(slider.min), Number(slider.max)];
      const done = (Number(slider.value) - least) / (most - least);
      slider.style.setProperty("--done", `${100 * done}%`);
    }
    if (!(field instanceof HTMLInputElement)) return;
    field.dataset.value = value;
    if (document.activeElement === field) return;
    field.value = fieldText(value);
    this.#judge(field, parseNumber(value) === null);
  }
}
