import { html } from "./dom.js";
import { numberText } from "./format.js";
import { fillSlots, rightSide } from "./scalars.js";

/** @import {TraceReply} from "./types.js" */

/**
 * A worked solution, one line a phase: what is done, its numbers, what comes out.
 *
 * @param {TraceReply} trace  Of scalars.
 * @returns {HTMLElement}
 */
export function solution(trace) {
  const lines = trace.phases.map((phase) => {
    const numbers = rightSide(phase.formula);
    fillSlots(numbers, trace);
    const result = html("b", {}, [
      numberText(trace.tensors[phase.writes].values[0]),
    ]);
    const sum = html("span", { class: "solution-sum" }, [
      numbers,
      " = ",
      result,
    ]);
    return html("li", {}, [
      html("span", { class: "muted" }, [phase.title]),
      sum,
    ]);
  });
  return html("ol", { class: "solution" }, lines);
}
