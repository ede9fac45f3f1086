/** @import {Problem, Remedy} from "../types.js" */
/** @import {Control} from "../url-state.js" */

/**
 * A refusal with the names that the controls have on the page, and typeset as the page is.
 *
 * @param {Problem} problem
 * @param {Control[]} controls
 */
export function plainly({ message, field }, controls) {
  const exact = controls.find(({ path }) => path === field);
  const within = controls.find(({ path }) => path.startsWith(`${field}.`));
  const name = exact?.label ?? within?.section;
  const words = name ? message.replace(/^[\w.]+: /, `${name}: `) : message;
  const named = words.replace(/([\w.]+)='(\w+)'/g, (given, path, value) => {
    const control = controls.find((other) => other.path === path);
    if (!control) return given;
    return `${control.label.toLowerCase()} “${optionOf(control.key, value)}”`;
  });
  return typeset(named.replace(/\.$/, ""));
}

/** What a way out is called: an option by its own name. @param {Remedy} remedy */
export function wayOut({ label, set }) {
  const [key] = Object.keys(set ?? {});
  return typeset(optionOf(key, label));
}

/** @param {string} key @param {string} value */
function optionOf(key, value) {
  const options = [
    ...document.querySelectorAll(`.rail [data-key="${key}"] option`),
  ].filter((option) => option.getAttribute("value") === value);
  return options[0]?.textContent ?? value;
}

/** @param {string} words */
function typeset(words) {
  return words.replaceAll(">=", "≥").replace(/(?<![\w])(\d+)x(?=\d)/g, "$1×");
}
