/** @import {Lab} from "../../lab.js" */

/**
 * How the gradients are read, beside the tabs: one button a reading.
 *
 * @param {Element | null} place  Holds buttons with `data-reading`.
 * @param {Lab} lab
 */
export function joinReading(place, lab) {
  const buttons = [...(place?.querySelectorAll("[data-reading]") ?? [])];
  const show = () => {
    for (const button of buttons) {
      const { reading } = /** @type {HTMLElement} */ (button).dataset;
      const pressed = reading === lab.state.values.reading;
      button.setAttribute("aria-pressed", String(pressed));
    }
  };
  place?.addEventListener("click", (event) => {
    const target = /** @type {Element} */ (event.target);
    const button = target.closest("[data-reading]");
    const reading = button?.getAttribute("data-reading");
    if (reading && reading !== lab.state.values.reading) lab.set({ reading });
  });
  lab.addEventListener("state", show);
  show();
}
