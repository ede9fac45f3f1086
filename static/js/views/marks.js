import { svg } from "../dom.js";

/** @import {Scene} from "../scene.js" */
/** @import {Border} from "../types.js" */
/** @import {GridView} from "./grid.js" */
/** @import {Stage} from "./stage.js" */

/**
 * A letter of the lecture with its subscript and value: "W_1" and 7 give W₁ = 7.
 *
 * @param {string} letter
 * @param {number | string} value
 * @param {Record<string, string | number>} attributes
 */
export function letter(letter, value, attributes) {
  const [base, below] = letter.split("_");
  const text = svg("text", { class: "letter", ...attributes });
  text.append(svg("tspan", { class: "base" }, [base]));
  if (below) text.append(svg("tspan", { class: "below", dy: 4 }, [below]));
  text.append(svg("tspan", { dy: below ? -4 : 0 }, [` = ${value}`]));
  return text;
}

/** How high over its grid a bracket is drawn: clear of the outline of a window in the top row. */
const OVER = 15;
/** The room of a letter beside its bracket. */
const LETTER = 50;

/**
 * A bracket over so many cells, with its letter on its line: in the middle, or beside it where it
 * is narrow, and above it where there is no room before the edge of the picture.
 *
 * @param {{x: number, y: number, width: number, symbol: string, value: number | string, role: string, edge?: number}} spec
 */
export function bracket({ x, y, width, symbol, value, role, edge = Infinity }) {
  const line = y - OVER;
  const narrow = width < 74;
  const above = narrow && x + width + LETTER > edge;
  const half = narrow ? width / 2 : width / 2 - 34;
  // Over a narrow map its name stands; to its left there is room.
  const beside = role === "y" ? x - 8 : x + width + 7;
  const text = letter(symbol, value, {
    x: above ? x + width : narrow ? beside : x + width / 2,
    y: above ? line - 13 : line,
    "text-anchor": !narrow ? "middle" : above || role === "y" ? "end" : "start",
  });
  const d = `M${x} ${line + 7}v-7h${half}M${x + width - half} ${line}h${half}v7`;
  return svg(
    "g",
    { class: "bracket", "data-symbol": role, "data-letter": symbol },
    [svg("path", { d }), text],
  );
}

/**
 * Dots where windows start, so that the stride is seen before anything moves.
 *
 * @param {Scene} scene
 * @param {GridView} grid
 */
export function dots(scene, grid) {
  const pitch = grid.size + 2;
  if (grid.size < 12) return svg("g");
  // In a small cell far in the corner, so that no digit or sign is under it.
  const radius = grid.size < 28 ? 1.4 : 2.6;
  const inset = grid.size < 28 ? 2 : 5;
  let path = "";
  for (const row of scene.starts(2)) {
    for (const column of scene.starts(1)) {
      const [x, y] = [column * pitch + inset - radius, row * pitch + inset];
      path += `M${x} ${y}a${radius} ${radius} 0 1 0 ${2 * radius} 0a${radius} ${radius} 0 1 0 ${-2 * radius} 0`;
    }
  }
  return svg("path", { class: "dots", d: path, "aria-hidden": "true" });
}

/**
 * One bar a stop under the columns, and the one that would be next but passes the edge.
 *
 * @param {Scene} scene
 * @param {GridView} grid
 * @param {boolean} leftOver
 */
export function stops(scene, grid, leftOver) {
  const pitch = grid.size + 2;
  const starts = scene.starts(1);
  const [, taps] = scene.windowSize;
  const extent = (taps - 1) * scene.dilation[1] + 1;
  const stride = starts.length > 1 ? starts[1] - starts[0] : strideOf(scene);
  const all = leftOver
    ? [...starts, starts[starts.length - 1] + stride]
    : starts;
  const group = svg("g", { class: "stops", "aria-hidden": "true" });
  all.forEach((start, i) => {
    const beyond = i === starts.length;
    const y = grid.height + 10 + i * 17;
    const x = start * pitch;
    const width = extent * pitch - 2;
    const bar = svg("rect", {
      x,
      y,
      width,
      height: 12,
      rx: 6,
      class: beyond ? "beyond" : "stop",
    });
    bar.setAttribute("data-stop", `${i}`);
    const words = beyond
      ? `would need column ${start + extent - scene.ring[2]}`
      : `stop ${i + 1}`;
    const after = x + width + 8 + words.length * 7 < grid.width;
    group.append(
      bar,
      svg(
        "text",
        {
          x: after ? x + width + 8 : x - 8,
          y: y + 7,
          "text-anchor": after ? "start" : "end",
        },
        [words],
      ),
    );
  });
  if (leftOver) {
    const x = grid.width + 1;
    group.append(
      svg("path", {
        class: "edge",
        d: `M${x} ${grid.height + 4}v${all.length * 17 + 8}`,
      }),
    );
  }
  return group;
}

/** @param {Scene} scene */
function strideOf(scene) {
  const moves = scene.phase.bind[scene.source].at(-1)?.[3] ?? [];
  return moves.find((by) => by > 0) ?? 1;
}

/**
 * Dots, brackets, stops, and the cells that no window visits.
 *
 * @param {Stage} stage
 * @param {Border | null} border
 * @returns {SVGElement[]}
 */
export function drawMarks(stage, border) {
  const { scene, layout, inputs } = stage;
  const never = {
    rows: new Set(border?.rows),
    columns: new Set(border?.columns),
  };
  const leftOver = never.columns.size > 0;
  const marks = inputs.map((grid, i) => {
    const { x, y } = layout.inputs[i];
    grid.cross(
      (row, column) => never.rows.has(row) || never.columns.has(column),
    );
    const group = svg("g", { transform: `translate(${x} ${y})` }, [
      dots(scene, grid),
    ]);
    const few = scene.starts(1).length <= 5;
    if (i === 0 && leftOver && few && layout.kind === "row")
      group.append(stops(scene, grid, true));
    return group;
  });
  return [...marks, ...brackets(stage)];
}

/** @param {Stage} stage */
function brackets({ scene, layout }) {
  const [top, bottom, left, right] = scene.ring;
  const pitch = layout.cell.input + 2;
  const input = layout.inputs[0];
  const over = (
    /** @type {{x: number, y: number}} */ at,
    /** @type {number} */ width,
  ) => ({
    x: at.x,
    y: at.y,
    width,
  });
  const columns = scene.input.shape[scene.input.shape.length - 1];
  const inner = { x: input.x + left * pitch, y: input.y };
  const wide = scene.inner[1] * pitch;
  const found = [];
  const { names } = scene.model;
  // What stands for an input of another size is not measured by its letter.
  if ((names.W1 ?? columns) === columns)
    found.push(
      bracket({
        ...over(inner, wide - 2),
        symbol: "W_1",
        value: columns,
        role: "x",
      }),
    );
  const even = [top, bottom, right].every((side) => side === left);
  if (left && even && left === names.P && pitch >= 18) {
    const at = { x: inner.x + wide, y: input.y };
    found.push(
      bracket({
        ...over(at, left * pitch - 2),
        symbol: "P",
        value: left,
        role: "p",
        edge: layout.width,
      }),
    );
  }
  const [height, width] = scene.windowSize;
  if (height * width > 1 && layout.kind === "row") {
    const value = width === height ? width : `${height}×${width}`;
    const size = width * (layout.cell.filter + 2) - 2;
    found.push(
      bracket({
        ...over((scene.weight ? layout.filters : layout.products)[0], size),
        symbol: "F",
        value,
        role: scene.weight ? "w" : "x",
      }),
    );
  }
  const across = scene.output.shape[scene.output.shape.length - 1];
  const size = across * (layout.cell.map + 2) - 2;
  found.push(
    bracket({
      ...over(layout.maps[0], size),
      symbol: "W_2",
      value: across,
      role: "y",
    }),
  );
  return found;
}
