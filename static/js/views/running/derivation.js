import { html } from "../../dom.js";
import { cellLine, line } from "../maps/told.js";
import { meanParts } from "../maps/terms.js";

/** @import {Model} from "../../model.js" */

/**
 * The phases of a model in symbols and in numbers, each at one of its turns.
 *
 * @param {Model} model
 * @param {(phase: number) => number} turnOf
 */
export function derivation(model, turnOf) {
  let rounded = false;
  const lines = model.phases.flatMap(({ combine, setup }, phase) => {
    if (setup) return [];
    const turn = turnOf(phase);
    if (combine !== "mean") return [cellLine(model, phase, turn)];
    const mean = meanParts(model, phase, turn);
    rounded ||= mean.rounded;
    return [line(model, phase, mean.parts)];
  });
  const parts = [html("div", { class: "told-lines" }, lines)];
  if (rounded)
    parts.push(
      html("p", { class: "muted told-note" }, [
        "Terms are rounded to four decimals, the sum is not: it is that of the terms themselves.",
      ]),
    );
  return parts;
}
