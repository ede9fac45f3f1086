/** Milliseconds that a toast is read in. */
const STAYS = 2400;

/**
 * Say something in passing.
 *
 * @param {HTMLElement} element  With the role of a status.
 * @returns {(text: string) => void}
 */
export function toastIn(element) {
  return (text) => {
    element.textContent = text;
    element.toggleAttribute("data-shown", true);
    setTimeout(() => element.toggleAttribute("data-shown", false), STAYS);
  };
}
