const find = (/** @type {string} */ selector) =>
  /** @type {HTMLElement} */ (document.querySelector(selector));

/**
 * Show what is presented alone, or all of the page again. Whoever used one of the two buttons for
 * it finds the other: theirs is gone.
 *
 * @returns Whether it is presented now.
 */
export function togglePresent() {
  const [begin, end] = ["present", "leave"].map((action) =>
    find(`[data-action=${action}]`),
  );
  const used = [begin, end].includes(
    /** @type {HTMLElement} */ (document.activeElement),
  );
  const present = document.body.toggleAttribute("data-present");
  begin.setAttribute("aria-pressed", String(present));
  if (used) (present ? end : begin).focus();
  return present;
}
