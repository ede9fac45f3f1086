import { html } from "../dom.js";

/** @import {Remedy} from "../types.js" */

/**
 * A button that does what a remedy says.
 *
 * @param {Remedy} remedy
 * @param {(set: Remedy["set"]) => void} act
 */
export function offerOf({ label, result, set }, act) {
  const button = html("button", { type: "button", class: "button offer" }, [
    html("b", {}, [label]),
  ]);
  if (result) button.append(" ", html("span", { class: "muted" }, [result]));
  button.addEventListener("click", () => act(set));
  return button;
}
