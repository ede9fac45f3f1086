import { unravel } from "../../boxes.js";
import { counted, fullText } from "../../format.js";
import { placeName } from "../readout.js";
import { isWide } from "./variables.js";

/** @import {Model} from "../../model.js" */
/** @import {Relations} from "../../tracing.js" */
/** @import {Tensor} from "../../types.js" */

/**
 * Where a cell is, in words; what has one index only is not counted.
 *
 * @param {Tensor} tensor
 * @param {number[]} index
 */
export function placeText({ axes, shape }, index) {
  return axes
    .map((axis, i) => ({ axis, at: index[i] + 1, count: shape[i] }))
    .filter(
      ({ axis, count }) =>
        axis === "row" || axis === "column" || (count > 1 && axis !== "image"),
    )
    .map(({ axis, at }) => `${axis} ${at}`)
    .join(", ");
}

/**
 * What a cell belongs to, in one sentence.
 *
 * @param {Model} model
 * @param {Relations} relations
 * @param {number} value  NaN for a cell not yet written.
 */
export function sentence(model, relations, value) {
  const { cell } = relations;
  const tensor = model.tensor(cell.tensor);
  const place = placeText(tensor, unravel(cell.index, tensor.shape));
  const name = placeName(tensor.label, place ? place.split(", ") : []);
  const said = Number.isNaN(value)
    ? "not yet computed"
    : fullText(value).replace("-", "\u2212");
  const told = tensor.role === "gradient" ? flow : uses;
  const words = told(model, relations);
  return words ? `${name}: ${said}. ${words}.` : `${name}: ${said}.`;
}

/**
 * How many cells of each kind are among some.
 *
 * @param {Model} model
 * @param {Map<string, Set<number>>} cells
 * @param {(tensor: Tensor) => boolean} wanted
 */
function among(model, cells, wanted) {
  return [...cells]
    .filter(([name, { size }]) => size && wanted(model.tensor(name)))
    .filter(([name]) => !isWide(model, name))
    .map(
      ([name, { size }]) =>
        counted(size, `cell`) + ` of the ${lower(model.tensor(name).label)}`,
    );
}

const lower = (/** @type {string} */ label) =>
  label.charAt(0).toLowerCase() + label.slice(1);

/** @param {string[]} parts */
const listed = (parts) =>
  parts.length < 2
    ? parts.join("")
    : `${parts.slice(0, -1).join(", ")} and ${parts[parts.length - 1]}`;

/** What a gradient is collected from, or where it goes. @param {Model} model @param {Relations} relations */
function flow(model, { from, into }) {
  const isGradient = (/** @type {Tensor} */ { role }) => role === "gradient";
  const sources = among(model, from, isGradient);
  if (sources.length) {
    const factors = among(
      model,
      from,
      (tensor) => !isGradient(tensor) && tensor.role !== "output",
    );
    const by = factors.length ? `, by way of ${listed(factors)}` : "";
    return `It is collected from ${listed(sources)}${by}`;
  }
  const targets = among(model, into, isGradient);
  return targets.length ? `It goes to ${listed(targets)}` : "";
}

/** What a value goes into, and what it meets. @param {Model} model @param {Relations} relations */
function uses(model, { from, into, meets }) {
  const outputs = among(model, into, ({ role }) => role === "output");
  const partners = among(model, meets, ({ role }) => role !== "output");
  const sources = among(model, from, ({ role }) => role !== "output");
  const parts = [
    sources.length ? `It is computed from ${listed(sources)}` : "",
    outputs.length ? `It goes into ${listed(outputs)}` : "",
    partners.length ? `meets ${listed(partners)}` : "",
  ].filter(Boolean);
  const words = parts.join(" and ");
  return words.charAt(0).toUpperCase() + words.slice(1);
}
