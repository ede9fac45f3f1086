import { unravel } from "./boxes.js";

/** @import {Control} from "./url-state.js" */

/**
 * Keep the settings of a section in the address, beside what others keep there.
 *
 * @param {Control[]} controls
 * @param {Record<string, string>} values
 * @param {Record<string, string | number | null>} views  What it keeps beyond; null for nothing.
 */
export function keepInAddress(controls, values, views) {
  const kept = new URLSearchParams(location.search);
  const put = (
    /** @type {string} */ key,
    /** @type {string | number | null} */ value,
  ) => (value === null ? kept.delete(key) : kept.set(key, `${value}`));
  for (const { key, kind, query: usual } of controls) {
    if (kind === "cells") continue;
    put(key, values[key] === usual ? null : values[key]);
  }
  for (const [key, value] of Object.entries(views)) put(key, value);
  const search = kept.toString().replaceAll("%2C", ",");
  history.replaceState(
    null,
    "",
    `${search ? `?${search}` : location.pathname}${location.hash}`,
  );
}

/** A cell as the address writes it: its place, from 1. @param {number} index @param {number[]} shape */
export function cellText(index, shape) {
  return unravel(index, shape)
    .map((at) => at + 1)
    .join(".");
}

/** The cell of an address, or null where there is none. @param {string} text @param {number[]} shape */
export function cellOf(text, shape) {
  const place = text.split(".").map((at) => Number(at) - 1);
  const inside =
    place.length === shape.length &&
    place.every((at, i) => at >= 0 && at < shape[i]);
  if (!inside) return null;
  return place.reduce((index, at, axis) => index * shape[axis] + at, 0);
}
