import { html, math } from "../dom.js";
import { numberText } from "../format.js";
import { fillSlots, rightSide } from "../scalars.js";
import { offerOf } from "./offer.js";

/** @import {Reply, TraceReply} from "../types.js" */

const MATH = "http://www.w3.org/1998/Math/MathML";

/**
 * The output-size formula with live numbers, built up step by step, and what is left over.
 *
 * Events: "measure" (detail: names of the sizes pointed at), "remedy" (detail: query changes),
 * "strict" (detail: boolean).
 */
export class SizeCard {
  #formula = html("div", { class: "size-formula" });
  #chain = html("ol", { class: "chain" });
  #counts = html("p", { class: "counts" });
  #border = html("div", { class: "border-note", hidden: "" });
  #key = "";

  /** @param {HTMLElement} element */
  constructor(element) {
    this.element = element;
    const top = html("div", { class: "size-top" }, [
      this.#formula,
      this.#chain,
    ]);
    element.append(top, this.#counts, this.#border);
    for (const type of ["pointerover", "focusin"]) {
      element.addEventListener(type, (event) => this.#measure(event));
    }
    for (const type of ["pointerleave", "focusout"]) {
      element.addEventListener(type, () => this.#emit("measure", []));
    }
  }

  /** @param {string} type @param {unknown} detail */
  #emit(type, detail) {
    this.element.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** @param {Event} event */
  #measure(event) {
    const target = /** @type {Element} */ (event.target);
    const one = target.closest("[data-slot], [data-symbol]");
    const item = target.closest("[data-reads]");
    const names = one
      ? [one.getAttribute("data-slot") ?? one.getAttribute("data-symbol")]
      : (item?.getAttribute("data-reads") ?? "").split(" ");
    this.#emit("measure", names.filter(Boolean));
  }

  /**
   * @param {Pick<Reply, "sizes" | "names" | "counts" | "border">} reply
   * @param {boolean} strict
   */
  show(reply, strict) {
    const traces = reply.sizes;
    if (!traces.length) return;
    const differ = differing(traces);
    const key = [...traces.map(({ formula }) => formula?.symbols), differ];
    if (`${key}` !== this.#key) {
      this.#key = `${key}`;
      this.#formula.replaceChildren(
        ...traces.map((trace) => formulaLine(trace, differ)),
      );
    }
    traces.forEach((trace, i) => fillSlots(this.#formula.children[i], trace));
    this.#chain.replaceChildren(...chain(traces[0]), volume(reply));
    this.#counts.replaceChildren(
      ...reply.counts.map(({ label, expression }) =>
        html("span", {}, [html("b", {}, [label]), ` ${expression}`]),
      ),
    );
    this.#showBorder(reply, strict);
  }

  /** @param {Pick<Reply, "border">} reply @param {boolean} strict */
  #showBorder({ border }, strict) {
    this.#border.hidden = !border;
    if (!border) return;
    const rule = html("div", {
      class: "either",
      role: "group",
      "aria-label": "When the stride does not divide",
    });
    for (const [name, value] of /** @type {[string, boolean][]} */ ([
      ["Floor (frameworks)", false],
      ["Strict (lecture)", true],
    ])) {
      const button = html(
        "button",
        { type: "button", "aria-pressed": String(strict === value) },
        [name],
      );
      button.addEventListener("click", () => this.#emit("strict", value));
      rule.append(button);
    }
    const words = html("p", {}, [
      html("strong", {}, [border.sentence]),
      ` ${border.detail}`,
    ]);
    const fit = html("div", { class: "offers" }, [
      html("b", {}, ["Make it fit"]),
    ]);
    for (const remedy of border.remedies)
      fit.append(offerOf(remedy, (set) => this.#emit("remedy", set)));
    this.#border.replaceChildren(
      html("div", { class: "border-top" }, [words, rule]),
      fit,
    );
  }
}

/**
 * The sizes that are one number along columns and another along rows.
 *
 * @param {TraceReply[]} traces
 */
function differing([across, down]) {
  return Object.keys(down?.tensors ?? {}).filter((name) => {
    const other = across.tensors[name];
    return other && other.values[0] !== down.tensors[name].values[0];
  });
}

/** @param {TraceReply} trace @param {string[]} differ  Sizes with an index of their own here. */
function formulaLine(trace, differ) {
  const line = html("div", { class: "formula-line" });
  if (!trace.formula) return line;
  const numbers = rightSide(trace.formula);
  const value = html("b", {
    "data-slot": resultOf(trace),
  });
  const symbols = math(trace.formula.symbols);
  const axis = resultOf(trace).startsWith("W") ? "w" : "h";
  for (const name of differ)
    for (const symbol of symbols.querySelectorAll(`[data-symbol="${name}"]`)) {
      const indexed = mathml("msub", [...symbol.childNodes]);
      indexed.append(mathml("mi", [axis]));
      symbol.append(indexed);
    }
  line.append(symbols, "=", numbers, "=", value);
  return line;
}

/** @param {string} tag @param {(Node | string)[]} children */
function mathml(tag, children) {
  const element = document.createElementNS(MATH, tag);
  element.append(...children);
  return element;
}

/** The name of what a trace of scalars ends in. @param {TraceReply} trace */
function resultOf(trace) {
  return trace.phases[trace.phases.length - 1].writes;
}

/**
 * One item a phase: its term with numbers, what comes out, and what that counts. A phase that
 * changes nothing (the floor of a whole number) is left out.
 *
 * @param {TraceReply} trace
 */
function chain(trace) {
  return trace.phases.flatMap((phase) => {
    const reads = Object.values(phase.reads);
    const result = trace.tensors[phase.writes];
    const unchanged =
      reads.length === 1 &&
      trace.tensors[reads[0]].values[0] === result.values[0];
    if (unchanged) return [];
    const numbers = rightSide(phase.formula);
    fillSlots(numbers, trace);
    const value = html("b", { class: "value", "data-slot": phase.writes }, [
      numberText(result.values[0]),
    ]);
    if (!Number.isInteger(result.values[0])) value.classList.add("broken");
    const sum = html("span", { class: "chain-sum" }, [numbers, " = ", value]);
    const label = html("span", { class: "chain-label" }, [
      result.label.toLowerCase(),
    ]);
    return [
      html(
        "li",
        {
          tabindex: 0,
          "data-reads": [...reads, phase.writes].join(" "),
          title: phase.title,
        },
        [sum, label],
      ),
    ];
  });
}

/** @param {Pick<Reply, "names">} reply */
function volume({ names }) {
  const value = html("b", { class: "value", "data-slot": "D2" }, [
    `${names.H2}×${names.W2}×${names.D2}`,
  ]);
  const filters =
    names.K === 1
      ? "one filter, one map"
      : `${names.K} filters, ${names.K} maps`;
  const label = names.K ? filters : "every channel by itself";
  return html("li", { tabindex: 0, "data-reads": "D2" }, [
    html("span", { class: "chain-sum" }, [value]),
    html("span", { class: "chain-label" }, [label]),
  ]);
}
