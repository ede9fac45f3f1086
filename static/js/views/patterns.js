import { svg } from "../dom.js";

/** The hatchings: padding in one direction, cells that are never visited in both. */
export function patterns() {
  const falling = "M-1 8L8 -1M-1 1L1 -1M6 8L8 6";
  const rising = "M-1 -1L8 8M-1 6L1 8M6 -1L8 1";
  const pattern = (
    /** @type {string} */ id,
    /** @type {string} */ d,
    /** @type {string} */ name,
  ) =>
    svg(
      "pattern",
      { id, width: 7, height: 7, patternUnits: "userSpaceOnUse" },
      [svg("path", { d, class: name })],
    );
  return svg("defs", {}, [
    pattern("hatch", falling, "hatching"),
    pattern("cross", falling + rising, "crossing"),
  ]);
}
