const SETTING = "single-keys";
const TYPED_IN = "input:not([type=range]), select, textarea";

/**
 * The keys of a page and the dialog that lists them, where single keys can be switched off.
 */
export class PageKeys {
  #dialog;

  /**
   * @param {HTMLDialogElement} dialog
   * @param {object} does
   * @param {Record<string, () => void>} does.single  By key.
   * @param {() => void} does.undo
   * @param {(event: KeyboardEvent) => void} does.else  Keys for nothing in particular.
   */
  constructor(dialog, does) {
    this.#dialog = dialog;
    const on = /** @type {HTMLInputElement} */ (
      dialog.querySelector("[role=switch]")
    );
    on.checked = localStorage.getItem(SETTING) !== "off";
    on.addEventListener("change", () =>
      localStorage.setItem(SETTING, on.checked ? "on" : "off"),
    );
    document.addEventListener("keydown", (event) => {
      const target = /** @type {HTMLElement} */ (event.target);
      if (event.defaultPrevented || event.altKey || target.closest("dialog"))
        return;
      if (target.matches(TYPED_IN)) return;
      if (event.ctrlKey || event.metaKey) {
        if (event.key !== "z") return;
        event.preventDefault();
        does.undo();
      } else if (on.checked) this.#single(event, target, does);
    });
  }

  open() {
    this.#dialog.showModal();
  }

  /**
   * @param {KeyboardEvent} event
   * @param {HTMLElement} target
   * @param {{single: Record<string, () => void>, else: (event: KeyboardEvent) => void}} does
   */
  #single(event, target, does) {
    const act =
      does.single[event.key.length > 1 ? event.key : event.key.toLowerCase()];
    if (event.key === "?") this.open();
    else if (act) act();
    else if (target === document.body || target.matches("main, .page"))
      does.else(event);
  }
}
