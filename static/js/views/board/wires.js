import { set, svg, write } from "../../dom.js";
import { boxAt } from "../../boxes.js";
import { cellText } from "../../format.js";
import { WEARS } from "./outlines.js";
import { boxOn } from "./planes.js";
import { nodeRadius, routeOf } from "./routes.js";

/** @import {Move, Phase} from "../../types.js" */
/** @import {Tile} from "./outlines.js" */
/** @import {End, Route} from "./routes.js" */
/** @import {BoardScene} from "./scene.js" */

/** Gutters narrower than this have no room for lines. */
const ROOM = 20;

/**
 * The lines of a move: what flows from the upstream gradient, times what, to where.
 *
 * @param {BoardScene} scene
 * @param {Tile[]} tiles
 * @param {Move | null} move
 * @returns {SVGElement[]}
 */
export function wires(scene, tiles, move) {
  if (!move || scene.places.gutter < ROOM) return [];
  const drawn = move.group.flatMap((index) => {
    const phase = scene.model.phases[index];
    const route = routed(scene, tiles, phase, move.turn);
    const product = phase.formula.numbers.includes("\u22c5");
    return route ? [{ ...route, product }] : [];
  });
  return [
    ...drawn.flatMap(({ lines }) => lines.flatMap(strokes)),
    ...drawn.flatMap(({ node, product }) =>
      node ? [joint(node, nodeRadius(scene.places), product)] : [],
    ),
    ...given(scene, tiles, move),
  ];
}

/**
 * @param {BoardScene} scene
 * @param {Tile[]} tiles
 * @param {Phase} phase
 * @param {number} turn
 * @returns {Route | null}
 */
function routed(scene, tiles, phase, turn) {
  const role = (/** @type {string} */ symbol) =>
    scene.model.tensor(phase.reads[symbol]).role;
  const symbols = Object.keys(phase.reads);
  const flows = symbols.find((symbol) => role(symbol) === "gradient");
  if (!flows) return null;
  const end = (/** @type {string} */ symbol) =>
    endOf(scene, tiles, phase, symbol, turn);
  const other = symbols.find((symbol) => symbol !== flows);
  const [from, to] = [end(flows), end(phase.writes)];
  const beside = other ? end(other) : null;
  if (!from || !to || from.column === to.column) return null;
  return routeOf(
    scene.places,
    { ...from, role: "gradient" },
    beside && other ? { ...beside, role: WEARS[role(other)] } : null,
    to,
  );
}

/**
 * Where a symbol's cells are: on the first shown plane that has some of them.
 *
 * @param {BoardScene} scene
 * @param {Tile[]} tiles
 * @param {Phase} phase
 * @param {string} symbol
 * @param {number} turn
 * @returns {End | null}
 */
function endOf(scene, tiles, phase, symbol, turn) {
  const tensor = phase.reads[symbol] ?? phase.writes;
  const box = boxAt(phase, symbol, turn);
  /** @type {End | null} */
  let end = null;
  for (const { slice, group, grid, x, y } of tiles) {
    if (slice.drawn.name !== tensor && slice.drawn.wide !== tensor) continue;
    const at = boxOn(slice, tensor, box);
    if (!at) continue;
    const pitch = grid.size + 2;
    const extent = (/** @type {number} */ taps, /** @type {number} */ step) =>
      ((taps - 1) * step + 1) * pitch - 2;
    const area = {
      x: x + at.column * pitch,
      y: y + at.row * pitch,
      width: extent(at.columns, at.step[1]),
      height: extent(at.rows, at.step[0]),
    };
    const { column, row } = group;
    end ??= { column, row, grid: { ...group.at }, box: area, last: area };
    end.last = area;
  }
  return end;
}

/** A line with a casing, so that it reads where lines cross. @param {import("./routes.js").Line} line */
function strokes({ path, role, arrow }) {
  const stroke = svg("path", { d: path, class: "wire", "data-role": role });
  if (arrow) set(stroke, { "marker-end": `url(#arrow-${role})` });
  return [svg("path", { d: path, class: "wire-casing" }), stroke];
}

/**
 * Where two lines meet: a product, or a gate that one of them opens.
 *
 * @param {{x: number, y: number}} at
 * @param {number} radius
 * @param {boolean} product
 */
function joint({ x, y }, radius, product) {
  const d = radius * 0.34;
  const cross = `M${-d} ${-d}L${d} ${d}M${-d} ${d}L${d} ${-d}`;
  const gate = () =>
    radius > 9
      ? svg("text", { "text-anchor": "middle" }, ["if"])
      : svg("circle", { class: "gate", r: 1.5 });
  const sign = product ? svg("path", { d: cross }) : gate();
  return svg("g", { class: "joint", transform: `translate(${x} ${y})` }, [
    svg("circle", { r: radius }),
    sign,
  ]);
}

/**
 * What flows, by name and value, where it is a single number that takes the lane.
 *
 * @param {BoardScene} scene
 * @param {Tile[]} tiles
 * @param {Move} move
 */
function given(scene, tiles, { group, turn }) {
  if (scene.places.gutter < 50) return [];
  for (const index of group) {
    const phase = scene.model.phases[index];
    for (const [symbol, tensor] of Object.entries(phase.reads)) {
      if (scene.model.tensor(tensor).role !== "gradient") continue;
      const end = endOf(scene, tiles, phase, symbol, turn);
      if (!end || group.length < 2 || phase.reads[symbol] !== tensor) continue;
      const cells = scene.model.tensor(tensor).values;
      const cell = cellOf(scene, phase, symbol, turn);
      if (cell === null) continue;
      const label = svg("text", { "text-anchor": "middle" });
      write(label, `${symbol} = ${cellText(cells[cell])}`);
      const at = `translate(${end.box.x - 1} ${scene.places.lane})`;
      const chip = svg("rect", {
        x: -34,
        y: -12,
        width: 68,
        height: 24,
        rx: 12,
      });
      return [svg("g", { class: "given", transform: at }, [chip, label])];
    }
  }
  return [];
}

/**
 * The one cell that a symbol reads, or null if there are several.
 *
 * @param {BoardScene} scene
 * @param {Phase} phase
 * @param {string} symbol
 * @param {number} turn
 */
function cellOf({ model }, phase, symbol, turn) {
  const box = boxAt(phase, symbol, turn);
  const { shape } = model.tensor(phase.reads[symbol]);
  if (box.some(([, count]) => count !== 1)) return null;
  return box.reduce((flat, [start], axis) => flat * shape[axis] + start, 0);
}

/** The heads of the lines, in the colours of the roles. */
export function arrowHeads() {
  return svg(
    "defs",
    {},
    Object.values(WEARS).map((role) =>
      svg(
        "marker",
        {
          id: `arrow-${role}`,
          class: "arrow-head",
          "data-role": role,
          viewBox: "0 0 10 10",
          refX: 9,
          refY: 5,
          markerWidth: 9,
          markerHeight: 9,
          markerUnits: "userSpaceOnUse",
          orient: "auto",
        },
        [svg("path", { d: "M0 0L10 5L0 10z" })],
      ),
    ),
  );
}
