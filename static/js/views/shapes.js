import { html } from "../dom.js";

/**
 * What a filter does with the input: it is slid over it, turned or not, or stamped by its cells.
 *
 * @typedef {"slides" | "turned" | "stamps"} Way
 */

/** @type {Record<Way, string>} */
const SIGNS = { slides: "⋆", turned: "∗", stamps: "stamps" };

/** @param {Record<string, number>} names @param {boolean} flipped @returns {Way} */
function wayOf({ stamps }, flipped) {
  if (stamps) return "stamps";
  return flipped ? "turned" : "slides";
}

/**
 * The sizes at a glance: 7×7×3 ⋆ 2 filters 3×3×3 = 4×4×2; nothing where they are not named.
 *
 * @param {Record<string, number>} names  Sizes by the lecture's letters.
 * @param {boolean} flipped  Whether the filter is turned before it slides.
 * @returns {HTMLElement[]}
 */
export function shapesOf(names, flipped) {
  if (!names.W2) return [];
  const way = wayOf(names, flipped);
  const size = (
    /** @type {number} */ high,
    /** @type {number} */ wide,
    /** @type {number} */ deep,
  ) => `${high}×${wide}${deep > 1 ? `×${deep}` : ""}`;
  const many = names.K > 1 ? `${names.K} filters ` : "";
  const window = names.Fw
    ? [
        sign(SIGNS[way]),
        shape("filter", many + size(names.Fh, names.Fw, names.Fd ?? names.D1)),
      ]
    : [];
  return [
    shape("input", size(names.H1, names.W1, names.D1)),
    ...window,
    sign(names.Fw && way !== "stamps" ? "=" : "→"),
    shape("output", size(names.H2, names.W2, names.D2)),
  ];
}

/** @param {string} text */
const sign = (text) =>
  html("span", { class: text.length > 1 ? "word" : "sign" }, [text]);

/** @param {string} kind @param {string} text */
function shape(kind, text) {
  const mark = html("span", { class: "mark", "data-mark": kind });
  return html("span", { class: "shape" }, [mark, text]);
}
