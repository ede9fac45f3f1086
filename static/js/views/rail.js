/** @import {Control} from "../url-state.js" */

/**
 * The controls beside the picture. The server drew them; here they speak.
 *
 * Events on the form: "setting" (detail: {key, value}).
 */
export class Rail {
  /** @type {Map<string, Control>} */ #controls;
  /** @type {HTMLInputElement} */ #differ;

  /**
   * @param {HTMLFormElement} form
   * @param {Control[]} controls
   */
  constructor(form, controls) {
    this.form = form;
    this.#controls = new Map(controls.map((control) => [control.key, control]));
    this.#differ = /** @type {HTMLInputElement} */ (
      form.querySelector("[data-action=differ]")
    );
    form.addEventListener("submit", (event) => event.preventDefault());
    form.addEventListener("input", (event) =>
      this.#changed(/** @type {HTMLElement} */ (event.target)),
    );
    form.addEventListener("click", (event) =>
      this.#clicked(/** @type {HTMLElement} */ (event.target)),
    );
    this.#differ.addEventListener("change", () =>
      this.#apart(this.#differ.checked, true),
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
    const by = target.dataset.step;
    const input = target.parentElement?.querySelector("input");
    if (!by || !input) return;
    if (by === "1") input.stepUp();
    else input.stepDown();
    this.#changed(input);
  }

  /**
   * Show one control for rows and columns together, or one for each.
   *
   * @param {boolean} apart
   * @param {boolean} [byHand]
   */
  #apart(apart, byHand = false) {
    this.#differ.checked = apart;
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
      for (const input of this.form.querySelectorAll(`[data-key="${key}"]`)) {
        if (input instanceof HTMLInputElement && input.type === "checkbox")
          input.checked = value === "1";
        else if (
          input instanceof HTMLInputElement ||
          input instanceof HTMLSelectElement
        ) {
          const part = input.dataset.part;
          const text = part
            ? (parts[Number(part)] ??
              parts[parts.length === 2 ? Number(part) >> 1 : 0])
            : parts[0];
          if (
            document.activeElement !== input ||
            Number(input.value) !== Number(text)
          )
            input.value = text;
        }
      }
    }
    const apart = Object.values(values).some((value) => value.includes(","));
    if (apart || !this.#differ.checked) this.#apart(apart);
  }

  /**
   * Mark the control at fault, or none.
   *
   * @param {string | null} field  A path of the request, or its beginning.
   */
  fault(field) {
    for (const input of this.form.querySelectorAll("[aria-invalid]"))
      input.removeAttribute("aria-invalid");
    if (!field) return;
    for (const { key, path } of this.#controls.values()) {
      if (
        path !== field &&
        !path.startsWith(`${field}.width`) &&
        !path.startsWith(`${field}.height`)
      )
        continue;
      for (const input of this.form.querySelectorAll(`[data-key="${key}"]`))
        input.setAttribute("aria-invalid", "true");
    }
  }
}
