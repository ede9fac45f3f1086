import { html } from "../../dom.js";

const RAISED = /([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)/;

/**
 * A number with its power of ten in a type that has raised figures; the text stays as it is.
 *
 * @param {string} text
 * @returns {(string | HTMLElement)[]}
 */
export function numberParts(text) {
  return text
    .split(RAISED)
    .map((part, i) =>
      i % 2 ? html("span", { class: "raised" }, [part]) : part,
    );
}

/** Write a number where it differs. @param {Element} element @param {string} text */
export function writeNumber(element, text) {
  if (element.textContent !== text)
    element.replaceChildren(...numberParts(text));
}
