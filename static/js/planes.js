/** @import {Scene} from "./scene.js" */
/** @import {Plane} from "./views/grid.js" */

/** @type {Plane["ring"]} */
const NO_RING = [0, 0, 0, 0];

/** @param {Scene} scene @param {number} channel @returns {Plane} */
export function inputPlane(scene, channel) {
  const { input, inputName } = scene;
  const [rows, columns] = input.shape.slice(-2);
  return {
    label:
      scene.channels > 1
        ? `${input.label} channel ${channel + 1}`
        : input.label,
    first: { tensor: inputName, index: channel * rows * columns },
    rows,
    columns,
    editable: scene.model.given(inputName),
    ring: scene.ring,
    gaps: scene.spacing,
    caption: "bracket",
  };
}

/**
 * The slice of a filter that makes a map out of one of the channels it spans.
 *
 * @param {Scene} scene
 * @param {number} map
 * @param {number} slice
 * @returns {Plane}
 */
export function filterPlane(scene, map, slice) {
  const symbol = /** @type {string} */ (scene.weight);
  const { label, axes, shape } = scene.read(symbol);
  const [rows, columns] = shape.slice(-2);
  const number = scene.maps > 1 || scene.channels > 1 ? ` ${map + 1}` : "";
  const channel = scene.channels > 1 ? ` channel ${slice + 1}` : "";
  const place = scene
    .box(symbol, scene.firstTurn(map))
    .slice(0, -2)
    .reduce(
      (at, [start], axis) =>
        at * shape[axis] + start + (axes[axis] === "channel" ? slice : 0),
      0,
    );
  const turned = scene.turned ? ", turned" : "";
  return {
    label: `${label}${number}${channel}`,
    heading: `${label}${number}${channel.replace(" channel", ", ch.")}${turned}`,
    short: `${label}${number}${turned}`,
    first: { tensor: scene.phase.reads[symbol], index: place * rows * columns },
    rows,
    columns,
    editable: scene.model.given(scene.phase.reads[symbol]),
    ring: NO_RING,
    caption: "below",
  };
}

/**
 * What a window gives, cell by cell: its products with the filter, or its own cells.
 *
 * @param {Scene} scene
 * @param {number} slice  Of the channels that the window spans.
 * @returns {Plane}
 */
export function productPlane(scene, slice) {
  const [rows, columns] = scene.windowSize;
  const heading = scene.weight ? "Products" : "Window";
  return {
    label: scene.channels > 1 ? `${heading} channel ${slice + 1}` : heading,
    heading,
    first: { tensor: "", index: slice * rows * columns },
    rows,
    columns,
    editable: false,
    ring: NO_RING,
    caption: "below",
  };
}

/** @param {Scene} scene @param {number} map @returns {Plane} */
export function mapPlane(scene, map) {
  const { output, phase } = scene;
  const [rows, columns] = output.shape.slice(-2);
  const one = scene.maps === 1;
  return {
    label: one ? output.label : `${output.label} map ${map + 1}`,
    short: one ? output.label : `Map ${map + 1}`,
    first: { tensor: phase.writes, index: map * rows * columns },
    rows,
    columns,
    editable: false,
    ring: NO_RING,
    caption: "bracket",
  };
}

/** @param {Scene} scene @returns {Plane | null} */
export function biasPlane(scene) {
  if (!scene.extra) return null;
  const { label, shape } = scene.read(scene.extra);
  return {
    label,
    first: { tensor: scene.phase.reads[scene.extra], index: 0 },
    rows: 1,
    columns: shape[shape.length - 1],
    editable: true,
    ring: NO_RING,
    caption: "none",
  };
}
