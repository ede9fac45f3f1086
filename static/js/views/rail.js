/** @import {Control} from "../url-state.js" */

/**
 * The controls beside the picture. The server drew them; here they speak.
 *
 * Events on the form: "setting" (detail: {key, value}).
 */
export class Rail {
  /** @type {Map<string, Control>} */ #controls;
  /** @type {HTMLInputElement | null} */ #differ;

  /**
   * @param {HTMLFormElement} form
   * @param {Control[]} controls
   */
  constructor(form, controls) {
    this.form = form;
    this.#controls = new Map(controls.map((control) => [control.key, control]));
    this.#differ = form.querySelector("input[data-action=differ]");
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", (event) =>
      this.#changed(/** @type {HTMLElement} */ (event.target)),
    );
    form.addEventListener("click", (event) =>
      this.#clicked(/** @type {HTMLElement} */ (event.target)),
    );
    form.addEventListener("keydown", (event) => this.#keyed(event));
    form.addEventListener("change", (event) => this.#left(event.target));
    this.#differ?.addEventListener("change", () =>
      this.#apart(this.#differ?.checked ?? false, true),
    );
  }

  /** @param {string} key @param {string} value */
  #emit(key, value) {
    this.form.dispatchEvent(
      new CustomEvent("setting", { detail: { key, value } }),
    );
  }

  /** @param {HTMLElement} target */
  #changed(target) {
    const key = target.dataset.key;
    if (
      !key ||
      !(
        target instanceof HTMLInputElement ||
        target instanceof HTMLSelectElement
      )
    )
      return;
    // An emptied field is about to be typed in: nothing is said until it is.
    if (target.value.trim() === "") return;
    if (target instanceof HTMLInputElement && target.type === "checkbox") {
      this.#emit(key, target.checked ? "1" : "0");
    } else if (target.dataset.part) this.#emit(key, this.#parts(key));
    else this.#emit(key, target.value);
  }

  /** The values of a setting that has several, such as "1,2". @param {string} key */
  #parts(key) {
    const values = this.#partInputs(key).map((input) => input.value);
    return values.every((value) => value === values[0])
      ? values[0]
      : values.join(",");
  }

  /** @param {string} key @returns {HTMLInputElement[]} */
  #partInputs(key) {
    return [
      ...this.form.querySelectorAll(`[data-part-of="${key}"] input`),
    ].filter((input) => input instanceof HTMLInputElement);
  }

  /** @param {HTMLElement} target */
  #clicked(target) {
    const seed = target.closest("[data-seed]");
    if (seed instanceof HTMLElement) {
      const key = seed.dataset.seed ?? "";
      const input = this.form.querySelector(`input[data-key="${key}"]`);
      if (input instanceof HTMLInputElement) {
        input.value = String((Number(input.value) + 1) % 10000);
        this.#emit(key, input.value);
      }
      return;
    }
    const input = target.parentElement?.querySelector("input");
    if (target.dataset.step && input)
      this.#nudge(input, Number(target.dataset.step));
  }

  /** @param {KeyboardEvent} event */
  #keyed(event) {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || input.role !== "spinbutton")
      return;
    const by = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!by) return;
    event.preventDefault();
    this.#nudge(input, by);
  }

  /**
   * Change a number by one within its bounds; from what is no number, start at the lower bound.
   *
   * @param {HTMLInputElement} input
   * @param {number} by
   */
  #nudge(input, by) {
    const [least, most] = [
      Number(input.ariaValueMin),
      Number(input.ariaValueMax),
    ];
    const now = /^-?\d+$/.test(input.value) ? Number(input.value) + by : least;
    input.value = String(Math.max(least, Math.min(most, now)));
    this.#changed(input);
  }

  /** Whoever empties a field and leaves it gets back what was there. @param {EventTarget | null} target */
  #left(target) {
    if (target instanceof HTMLInputElement && target.value.trim() === "")
      this.restore(target);
  }

  /** Show what is set in a field, also while it is typed in. @param {HTMLInputElement} input */
  restore(input) {
    input.value = input.dataset.value ?? "";
  }

  /**
   * Show one control for rows and columns together, or one for each.
   *
   * @param {boolean} apart
   * @param {boolean} [byHand]
   */
  #apart(apart, byHand = false) {
    if (this.#differ) this.#differ.checked = apart;
    for (const { key, parts } of this.#controls.values()) {
      if (!parts.length) continue;
      const whole = /** @type {HTMLElement} */ (
        this.form.querySelector(`[data-control="${key}"]`)
      );
      whole.hidden = apart;
      for (const part of this.form.querySelectorAll(
        `[data-part-of="${key}"]`,
      )) {
        /** @type {HTMLElement} */ (part).hidden = !apart;
      }
      if (byHand && !apart) {
        const first = this.#partInputs(key)[0].value;
        if (this.#parts(key) !== first) this.#emit(key, first);
      }
    }
  }

  /**
   * Show a state, leaving alone the field that is being typed in.
   *
   * @param {Record<string, string>} values
   */
  show(values) {
    for (const [key, value] of Object.entries(values)) {
      const parts = value.split(",");
      for (const field of this.form.querySelectorAll(`[data-key="${key}"]`)) {
        if (field instanceof HTMLSelectElement) field.value = value;
        else if (field instanceof HTMLInputElement) showIn(field, parts);
      }
    }
    const apart = Object.values(values).some((value) => value.includes(","));
    if (apart || !this.#differ?.checked) this.#apart(apart);
  }

  /**
   * Mark the control at fault, or none.
   *
   * @param {string | null} field  A path of the request, or its beginning.
   */
  fault(field) {
    for (const input of this.form.querySelectorAll("[aria-invalid]")) {
      input.removeAttribute("aria-invalid");
      input.closest(".stepper")?.removeAttribute("data-fault");
    }
    if (!field) return;
    for (const { key, path } of this.#controls.values()) {
      if (
        path !== field &&
        !path.startsWith(`${field}.width`) &&
        !path.startsWith(`${field}.height`)
      )
        continue;
      const own = `[data-key="${key}"], [data-number="${key}"]`;
      for (const input of this.form.querySelectorAll(own)) {
        input.setAttribute("aria-invalid", "true");
        input.closest(".stepper")?.setAttribute("data-fault", "");
      }
    }
  }
}

/**
 * @param {HTMLInputElement} input
 * @param {string[]} parts  Of the setting; a pair stands for both sides of rows and of columns.
 */
function showIn(input, parts) {
  if (input.type === "checkbox") {
    input.checked = parts[0] === "1";
    return;
  }
  const part = Number(input.dataset.part ?? 0);
  const text = parts[part] ?? parts[parts.length === 2 ? part >> 1 : 0];
  input.dataset.value = text;
  if (input.role === "spinbutton" && /^-?\d+$/.test(text))
    input.ariaValueNow = text;
  if (document.activeElement !== input) input.value = text;
}
