import { unravel } from "../../boxes.js";
import { counted, equalsText } from "../../format.js";
import { placeText } from "../board/said.js";

/** @import {Model} from "../../model.js" */
/** @import {Relations} from "../../tracing.js" */
/** @import {Letters} from "../graph/letters.js" */

/**
 * The letter of a value, or of the gradient by it: "x", "∂L/∂x".
 *
 * @param {Model} model
 * @param {Pick<Letters, "text">} letters
 * @param {string} name
 */
export function letterOf(model, letters, name) {
  const { gradientOf } = model.tensor(name);
  return gradientOf ? `∂L/∂${letters.text(gradientOf)}` : letters.text(name);
}

/**
 * What a cell is made of, and what it goes into.
 *
 * @param {Model} model
 * @param {Pick<Letters, "text">} letters
 * @param {Relations} relations
 * @param {number} value  NaN for a cell not yet written.
 */
export function sentence(model, letters, { cell, from, into }, value) {
  const tensor = model.tensor(cell.tensor);
  const place = placeText(tensor, unravel(cell.index, tensor.shape));
  const name = [tensor.label, letterOf(model, letters, cell.tensor), place];
  const said = Number.isNaN(value)
    ? "not yet computed"
    : equalsText(value).replace("= ", "");
  const parts = [
    among(model, letters, from, "made of"),
    among(model, letters, into, "goes into"),
  ].filter(Boolean);
  const words = parts.join("; ");
  const told = words && ` ${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
  return `${name.filter(Boolean).join(", ")}: ${said}.${told}`;
}

/**
 * @param {Model} model
 * @param {Pick<Letters, "text">} letters
 * @param {Map<string, Set<number>>} cells
 * @param {string} verb
 */
function among(model, letters, cells, verb) {
  const named = [...cells].filter(([name, { size }]) => {
    const { role, gradientOf } = model.tensor(name);
    return size && (role !== "gradient" || gradientOf);
  });
  const texts = named.map(([name, { size }]) => {
    const letter = letterOf(model, letters, name);
    const { length } = model.tensor(name).values;
    if (length === 1) return letter;
    return size === length
      ? `all of ${letter}`
      : `${counted(size, "cell")} of ${letter}`;
  });
  if (!texts.length) return "";
  const last = texts.pop();
  return texts.length
    ? `${verb} ${texts.join(", ")} and ${last}`
    : `${verb} ${last}`;
}
