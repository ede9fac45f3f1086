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
