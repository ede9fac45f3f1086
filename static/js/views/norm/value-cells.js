import { html, math } from "../../dom.js";

/** @import {Letters} from "../graph/letters.js" */
/** @import {Column, NormReply} from "./types.js" */

/** A longer formula leaves no room for numbers beside it. */
const ROOMY = 12;

/** @param {Column} column @param {string} scope @param {NormReply} reply @param {Letters} letters */
export function headOf({ key, symbols, route }, scope, reply, letters) {
  const { tensors } = reply;
  const name = route ? `via ${tensors[route].label}` : tensors[key]?.label;
  const formula = math(symbols);
  const narrow = scope === "row";
  if (narrow && route) formula.replaceChildren(letters.of(route));
  const long = narrow && (formula.textContent ?? "").length > ROOMY;
  const shown = html("span", { "aria-hidden": "true" }, [
    ...(route ? [html("span", { class: "route-mark" })] : []),
    ...(narrow && route ? ["via "] : []),
    long ? key : formula,
  ]);
  const said = html("span", { class: "visually-hidden" }, [name ?? key]);
  return html("th", { scope }, [said, shown]);
}

/** @param {Column} column @param {number} i @param {string} scope */
export function sampleOf({ symbols }, i, scope) {
  const letter = math(symbols);
  for (const index of letter.querySelectorAll("msub > mi:last-child"))
    index.replaceWith(numberOf(i));
  const button = html("button", { type: "button", "aria-pressed": "false" });
  button.setAttribute("aria-label", `Sample ${i + 1}`);
  button.append(letter);
  return html("th", { scope, "data-sample": i }, [button]);
}

/** @param {number} i */
function numberOf(i) {
  const number = document.createElementNS(
    "http://www.w3.org/1998/Math/MathML",
    "mn",
  );
  number.textContent = `${i + 1}`;
  return number;
}

/** @param {Column} column @param {number} i */
export function cellOf({ edits, key }, i) {
  const cell = html("td", { "data-sample": i, "data-column": key });
  if (!edits) return cell;
  const name = key.startsWith("grad_")
    ? `gradient of ${key.slice("grad_".length)} ${i + 1}`
    : `${key} ${i + 1}`;
  cell.append(
    html("input", {
      ...{ class: "field", type: "text", inputmode: "decimal" },
      ...{ autocomplete: "off", "aria-label": name },
      ...{ "data-edits": edits, "data-index": i },
    }),
  );
  return cell;
}
