import { html } from "../dom.js";

/**
 * The sizes at a glance: 7×7×3 ∗ two 3×3×3 = 4×4×2; nothing where they are not named.
 *
 * @param {Record<string, number>} names  Sizes by the lecture's letters.
 * @param {boolean} flipped
 * @returns {HTMLElement[]}
 */
export function shapesOf(names, flipped) {
  if (!names.W2) return [];
  const depth = (/** @type {number} */ n) => (n > 1 ? `×${n}` : "");
  const many = names.K > 1 ? `${names.K} × ` : "";
  const sign = (/** @type {string} */ text) => html("span", {}, [text]);
  const window = names.Fw
    ? [
        sign(flipped ? "∗" : "⋆"),
        shape("filter", `${many}${names.Fh}×${names.Fw}`),
      ]
    : [];
  return [
    shape("input", `${names.H1}×${names.W1}${depth(names.D1)}`),
    ...window,
    sign(names.Fw ? "=" : "→"),
    shape("output", `${names.H2}×${names.W2}${depth(names.D2)}`),
  ];
}

/** @param {string} kind @param {string} text */
function shape(kind, text) {
  const mark = html("span", { class: "mark", "data-mark": kind });
  return html("span", { class: "shape" }, [mark, text]);
}
