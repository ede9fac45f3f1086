import { largestOf } from "../../colour.js";
import { html, math, set, svg } from "../../dom.js";
import { lookOf } from "../graph/shown.js";
import { GridView } from "../grid.js";
import { patterns } from "../patterns.js";
import { sizeOf } from "./columns.js";
import { layoutOf } from "./layout.js";
import { letterOf } from "./said.js";
import { wiresOf } from "./wires.js";

/** @import {Model} from "../../model.js" */
/** @import {Relations} from "../../tracing.js" */
/** @import {Host} from "../grid.js" */
/** @import {Letters} from "../graph/letters.js" */
/** @import {Graph} from "../graph/structure.js" */
/** @import {Part} from "./columns.js" */
/** @import {Layout} from "./layout.js" */
/** @import {StageShown} from "./shown.js" */
/** @import {Wire} from "./wires.js" */

/** @typedef {{line: SVGElement, wire: Wire}} Drawn */

/** The stages of a chain: value grids, under them their gradients, and the lines between. */
export class StagePicture {
  element = html("div", { class: "block-picture" });
  #svg = svg("svg", { class: "picture" });
  /** @type {Map<string, GridView>} */ #grids = new Map();
  /** @type {Drawn[]} */ #wires = [];
  /** @type {HTMLElement[]} */ #bands = [];
  /** @type {Part[]} */ #parts = [];
  /** @type {SVGElement[]} */ #hands;

  /** @param {Host} host */
  constructor(host) {
    this.host = host;
    this.#hands = ["casing", "outline"].map((name) =>
      svg("rect", { class: `block-hand ${name}`, rx: 9, hidden: "" }),
    );
    this.element.append(this.#svg);
  }

  /**
   * @param {Model} model
   * @param {Graph} graph
   * @param {Part[]} parts
   * @param {Letters} letters
   * @param {number} width
   */
  build(model, graph, parts, letters, width) {
    const layout = layoutOf(model, graph, parts, width);
    this.#parts = parts;
    this.element.toggleAttribute("data-tall", layout.tall);
    const size = { width: layout.width, height: layout.height };
    const box = `0 0 ${layout.width} ${layout.height}`;
    set(this.#svg, { ...size, viewBox: box });
    this.#wires = wiresOf(graph, layout).map(drawn);
    this.#grids = new Map(
      [...layout.places.keys()].map((name) => [name, this.#grid(model, name)]),
    );
    const headings = [...layout.places].map(([name, { x, y, width: wide }]) => {
      const text = letterOf(model, letters, name);
      const at = {
        x: layout.tall ? x : x + wide / 2,
        y: y - 13,
        class: "block-heading",
      };
      const heading = svg("text", { ...at, "aria-hidden": "true" }, [text]);
      heading.setAttribute("data-role", model.tensor(name).role);
      return heading;
    });
    for (const [name, grid] of this.#grids) {
      const place = /** @type {{x: number, y: number}} */ (
        layout.places.get(name)
      );
      grid.place(place, layout.cell);
    }
    this.#svg.replaceChildren(
      patterns(),
      ...layout.bands.map(({ x, y, width: w, height: h }) =>
        svg("rect", { class: "block-band", x, y, width: w, height: h, rx: 12 }),
      ),
      svg(
        "g",
        { "aria-hidden": "true" },
        this.#wires.map(({ line }) => line),
      ),
      ...headings,
      ...[...this.#grids.values()].map(({ element }) => element),
      ...this.#hands,
    );
    this.#head(layout);
  }

  /** Another chain of the same shape: what passes may have changed. @param {Part[]} parts */
  set parts(parts) {
    this.#parts = parts;
    this.#bands.forEach((band, i) => {
      const { formula } = parts[i];
      band.lastElementChild?.replaceWith(math(formula));
    });
  }

  /** The names and formulas of the operations over their bands. @param {Layout} layout */
  #head({ bands }) {
    for (const band of this.#bands) band.remove();
    this.#bands = bands.map(({ part, x, y, width }) => {
      const { title, formula } = this.#parts[part];
      const head = html("div", { class: "block-part" }, [
        html("h3", {}, [title]),
        math(formula),
      ]);
      head.style.left = `${x}px`;
      head.style.top = `${y}px`;
      head.style.width = `${width}px`;
      return head;
    });
    this.element.append(...this.#bands);
  }

  /** @param {Model} model @param {string} name */
  #grid(model, name) {
    const plane = {
      label: model.tensor(name).label,
      first: { tensor: name, index: 0 },
      ...sizeOf(model, name),
      editable: model.given(name),
    };
    return new GridView(
      { ...plane, ring: [0, 0, 0, 0], caption: "none" },
      this.host,
    );
  }

  /** The element of a cell. @param {string} name @param {number} index */
  at(name, index) {
    return this.#grids.get(name)?.at(index).g ?? null;
  }

  /** @param {string} name @param {number} index */
  focus(name, index) {
    this.#grids.get(name)?.focus(index);
  }

  /** @param {StageShown} shown @param {(name: string) => ArrayLike<number>} values */
  show(shown, values) {
    const { model } = shown;
    for (const [name, grid] of this.#grids) {
      const there = shown.isThere(name);
      grid.element.toggleAttribute("data-empty", !there);
      const all = model.tensor(name).values;
      const now = there ? values(name) : all.map(() => NaN);
      grid.show(now, 0, largestOf(all));
      const shut = new Set(there ? shutIn(this.#parts, name) : []);
      const { columns } = grid.plane;
      grid.cross((row, column) => shut.has(row * columns + column));
    }
    this.#hold(shown);
  }

  /** Outline the stage in hand, and light what comes into it. @param {StageShown} shown */
  #hold(shown) {
    const stop = shown.played;
    const grid = stop && this.#grids.get(stop.tensor);
    for (const hand of this.#hands) {
      hand.toggleAttribute("hidden", !grid);
      if (!grid) continue;
      const place = grid.element.getAttribute("transform") ?? "";
      set(hand, {
        transform: place,
        x: -4,
        y: -4,
        width: grid.width + 8,
        height: grid.height + 8,
      });
      hand.toggleAttribute("data-backward", Boolean(stop?.backward));
    }
    for (const { line, wire } of this.#wires) {
      const look = stop && wire.to === stop.tensor ? lookAt(shown, wire) : null;
      if (look) line.setAttribute("data-look", look);
      else line.removeAttribute("data-look");
    }
    const part = partOf(this.#parts, shown);
    this.#bands.forEach((band, i) =>
      band.toggleAttribute("data-hand", i === part),
    );
  }

  /** Mark what a cell is made of, what it goes into and what it meets. @param {Relations | null} relations @param {boolean} pinned */
  relate(relations, pinned) {
    const { cell } = relations ?? {};
    for (const [name, grid] of this.#grids) {
      grid.mark("data-source", relations?.from.get(name) ?? []);
      grid.mark("data-into", relations?.into.get(name) ?? []);
      const own = cell?.tensor === name ? [cell.index] : [];
      grid.mark("data-pointed", own);
      grid.mark("data-pinned", pinned ? own : []);
    }
  }
}

/** @param {Wire} wire @returns {Drawn} */
function drawn(wire) {
  const line = svg("g", { class: "block-wire", "data-kind": wire.kind }, [
    svg("path", { class: "line", d: wire.path }),
    svg("path", { class: "tip", d: tipOf(wire.path) }),
  ]);
  return { line, wire };
}

/** The head of an arrow at the end of a path of straight lines. @param {string} path */
export function tipOf(path) {
  const parts = path.match(/[MHV][^MHV]*/g) ?? [];
  let [x, y] = [0, 0];
  let [dx, dy] = [0, 0];
  for (const part of parts) {
    const values = part.slice(1).trim().split(/\s+/).map(Number);
    if (part[0] === "M") [x, y] = values;
    else if (part[0] === "H")
      [dx, dy, x] = [Math.sign(values[0] - x), 0, values[0]];
    else [dx, dy, y] = [0, Math.sign(values[0] - y), values[0]];
  }
  const [wide, long] = [4, 7];
  const back = [x - dx * long, y - dy * long];
  return `M${x + dx * 2} ${y + dy * 2}L${back[0] - dy * wide} ${back[1] - dx * wide}L${back[0] + dy * wide} ${back[1] + dx * wide}Z`;
}

/** @param {Part[]} parts @param {string} name */
const shutIn = (parts, name) => parts.flatMap(({ shut }) => shut[name] ?? []);

/** How a line into the stage in hand looks: where several routes meet, each in its own way. @param {StageShown} shown @param {Wire} wire */
function lookAt({ graph, played }, { edge, kind }) {
  if (kind === "value") return "forward";
  const routes = graph.routesTo(played?.of ?? "");
  const at = routes.findIndex((route) => route.edge === graph.edges[edge]);
  return routes.length > 1 && at >= 0 ? lookOf(at) : "single";
}

/** The operation whose step is in hand. @param {Part[]} parts @param {StageShown} shown */
function partOf(parts, { played: stop, graph }) {
  if (!stop) return -1;
  const writing = (/** @type {string} */ name) =>
    parts.findIndex(({ writes }) => writes.includes(name));
  if (!stop.backward) return writing(stop.tensor);
  // A gradient comes back through what its node went into.
  return Math.max(...graph.outOf(stop.of).map(({ to }) => writing(to)));
}
