import { math, set, svg } from "../../dom.js";
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

/** Pixels of a letter in a pill. */
const LETTER = 8.5;

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
    return route ? [{ ...route, phase }] : [];
  });
  return [
    ...drawn.flatMap(({ lines }) => lines.flatMap(strokes)),
    ...drawn.flatMap(({ node, lines, phase }) => {
      if (!node) return [];
      if (lines.length > 2)
        return [joint(node, nodeRadius(scene.places), signOf(phase))];
      const factor = factorOf(phase);
      return factor ? [pill(`× ${factor}`, node)] : [];
    }),
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

/** What is done where two lines meet: a gate has no sign. @param {Phase} phase */
const signOf = ({ formula }) =>
  ["\u22c5", "/"].find((sign) => formula.numbers.includes(sign)) ?? "if";

/** The fraction that a phase multiplies with, or nothing. @param {Phase} phase */
function factorOf({ formula }) {
  const fraction = math(formula.numbers).querySelector("mfrac");
  if (!fraction || fraction.querySelector("[data-slot]")) return "";
  return [...fraction.children].map((part) => part.textContent).join("/");
}

/**
 * Where two lines meet: a product, a quotient, or a gate that one of them opens.
 *
 * @param {{x: number, y: number}} at
 * @param {number} radius
 * @param {string} sign
 */
function joint({ x, y }, radius, sign) {
  const d = radius * 0.34;
  const cross = `M${-d} ${-d}L${d} ${d}M${-d} ${d}L${d} ${-d}`;
  const text = () =>
    radius > 9
      ? svg("text", { "text-anchor": "middle" }, [sign.replace("/", "÷")])
      : svg("circle", { class: "gate", r: 1.5 });
  const drawn = sign === "\u22c5" ? svg("path", { d: cross }) : text();
  return svg("g", { class: "joint", transform: `translate(${x} ${y})` }, [
    svg("circle", { r: radius }),
    drawn,
  ]);
}

/** A text with a line around it, on a line. @param {string} text @param {{x: number, y: number}} at */
function pill(text, { x, y }) {
  const half = halfOf(text);
  const around = { x: -half, y: -12, width: 2 * half, height: 24, rx: 12 };
  return svg("g", { class: "given", transform: `translate(${x} ${y})` }, [
    svg("rect", around),
    svg("text", { "text-anchor": "middle" }, [text]),
  ]);
}

/** @param {string} text */
const halfOf = ({ length }) => (length * LETTER + 20) / 2;

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
      const text = `${symbol} = ${cellText(cells[cell])}`;
      const most = scene.places.width - halfOf(text);
      const x = Math.min(end.box.x - 1, most);
      return [pill(text, { x, y: scene.places.lane })];
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
