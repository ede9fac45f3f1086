import { unravel } from "../boxes.js";
import { html, set, write } from "../dom.js";
import { counted, fullText, parseNumber, rangeText } from "../format.js";

/** @import {Scene} from "../scene.js" */
/** @import {Relations} from "../tracing.js" */

/**
 * What a cell belongs to, in one sentence.
 *
 * @param {Scene} scene
 * @param {Relations} relations
 * @param {number} value  NaN for a cell not yet written.
 * @returns {string}
 */
export function sentence(scene, relations, value) {
  const { cell } = relations;
  const tensor = scene.model.tensor(cell.tensor);
  const index = unravel(cell.index, tensor.shape);
  const name = cellName(scene, cell.tensor, index);
  const said = Number.isNaN(value)
    ? "not yet computed"
    : fullText(value).replace("-", "\u2212");
  const head = `${name}: ${said}.`;
  if (cell.tensor === scene.phase.writes) {
    const [rows, columns] = windowOf(scene, relations);
    const where = `covers ${rows} and ${columns} of the ${scene.padded.label.toLowerCase()}`;
    return `${head} Its window ${where}.${decided(scene, relations.steps[0].turn)}`;
  }
  const uses = relations.into.get(scene.phase.writes)?.size ?? 0;
  if (tensor.role === "weight" && relations.meets.size) {
    const met = relations.meets.get(scene.inputName)?.size ?? 0;
    return `${head} It is used for ${counted(uses, "output")} and meets ${counted(met, "input cell")}.`;
  }
  if (tensor.role === "weight")
    return `${head} It is added to ${counted(uses, "output")}.`;
  const wins = relations.steps.filter(
    ({ turn }) => scene.deciding(turn) === cell.index,
  );
  const won = wins.length ? ` and decides ${wins.length} of them` : "";
  return uses
    ? `${head} It goes into ${counted(uses, "output")}${won}.`
    : `${head} No window visits it: it reaches no output.`;
}

/** Which cell decides a step, where one does. @param {Scene} scene @param {number} turn */
function decided(scene, turn) {
  const cell = scene.deciding(turn);
  if (cell === null) return "";
  const [row, column] = unravel(cell, scene.padded.shape).slice(-2);
  return ` The ${scene.words.whole} is in row ${row + 1}, column ${column + 1}.`;
}

/** @param {Scene} scene @param {string} tensor @param {number[]} index */
function cellName(scene, tensor, index) {
  const { label, axes, shape } = scene.model.tensor(tensor);
  // The grids of an output are called maps, also where each is made of one channel.
  const deep = tensor === scene.phase.writes ? "map" : "channel";
  const places = axes.map((axis, i) => ({
    axis: axis === "channel" ? deep : axis,
    at: index[i] + 1,
  }));
  const shown = places.filter(
    ({ axis }, i) =>
      axis !== "image" && (axis === "row" || axis === "column" || shape[i] > 1),
  );
  return placeName(
    label,
    shown.map(({ axis, at }) => `${axis} ${at}`),
  );
}

/**
 * A tensor and a place in it: "Input row 2, column 1"; of several filters "Filter 1, row 2, column
 * 1" and "Bias of filter 2".
 *
 * @param {string} label
 * @param {string[]} places  "filter 1", "row 2".
 */
export function placeName(label, places) {
  const [first = "", ...rest] = places;
  const [axis, at] = first.split(" ");
  const own = label.toLowerCase().endsWith(axis);
  const of = axis === "filter" ? `${label} of ${first}` : `${label} ${first}`;
  return [first ? (own ? `${label} ${at}` : of) : label, ...rest].join(", ");
}

/** @param {Scene} scene @param {Relations} relations */
function windowOf(scene, relations) {
  const box = scene.box(scene.source, relations.steps[0].turn);
  return box.slice(-2).map(([start, count, step], axis) => {
    const along = Array.from({ length: count }, (_, i) => start + i * step);
    return `${["row", "column"][axis]}${count > 1 ? "s" : ""} ${rangeText(along)}`;
  });
}

/**
 * The line that says what is pointed at or pinned, with a field for its value. Its place keeps its
 * height whatever is said, so that the picture never moves away from under the pointer.
 *
 * Events: "value" (detail: number), "go" (to the step of a pinned output), "release".
 */
export class Readout {
  element = html("div", { class: "readout" });
  #text = html("p", {});
  #value = html("input", {
    class: "field",
    type: "text",
    inputmode: "decimal",
    size: 7,
    "aria-label": "Value of the pinned cell",
  });
  #go = html("button", { type: "button", class: "button" }, [
    "Go to this step",
  ]);
  #release = html("button", { type: "button", class: "button button-quiet" }, [
    "Unpin",
  ]);
  #hint;

  /** @param {string} hint  What stands here when nothing is pointed at. */
  constructor(hint) {
    this.#hint = hint;
    this.element.append(this.#text, this.#value, this.#go, this.#release);
    this.#value.addEventListener("change", () => {
      const value = parseNumber(this.#value.value);
      this.#value.setAttribute("aria-invalid", String(value === null));
      if (value !== null)
        this.element.dispatchEvent(new CustomEvent("value", { detail: value }));
    });
    this.#go.addEventListener("click", () =>
      this.element.dispatchEvent(new CustomEvent("go")),
    );
    this.#release.addEventListener("click", () =>
      this.element.dispatchEvent(new CustomEvent("release")),
    );
    this.show(null, null, {});
  }

  get text() {
    return this.#text.textContent ?? "";
  }

  /**
   * @param {string | null} text
   * @param {number | null} value  Of a pinned cell that can be edited.
   * @param {{pinned?: boolean, step?: boolean}} about
   */
  show(text, value, { pinned = false, step = false }) {
    write(this.#text, text ?? this.#hint);
    // Where it is too long for its place, the whole of it can be had.
    set(this.#text, { title: text ?? this.#hint });
    this.element.toggleAttribute("data-told", text !== null);
    this.element.toggleAttribute("data-pinned", pinned);
    this.#text.classList.toggle("muted", text === null);
    this.#value.hidden = value === null;
    this.#go.hidden = !step;
    this.#release.hidden = !pinned;
    if (value !== null && document.activeElement !== this.#value) {
      this.#value.value = fullText(value);
      this.#value.removeAttribute("aria-invalid");
    }
  }
}
