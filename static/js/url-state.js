/**
 * A page's state and its address: settings in the query, where people can read them, cells
 * changed by hand in the fragment, which no server ever sees.
 *
 * @typedef {object} Control
 * @property {string} key  In the query; "#x" for the cells of x in the fragment.
 * @property {string} path  In the request.
 * @property {string} label
 * @property {string} section
 * @property {"number" | "decimal" | "choice" | "switch" | "cells"} kind  Whole numbers have parts.
 * @property {string} query  The default, as the query writes it.
 * @property {number | null} minimum
 * @property {number | null} maximum
 * @property {string[]} parts
 * @property {string[]} [ops]  The operations that know it, where not all of the page do.
 *
 * @typedef {Record<string, number>} Edits  By "channel.row.column", counted from 0.
 *
 * @typedef {object} State
 * @property {string} op
 * @property {Record<string, string>} values  By key.
 * @property {Record<string, Edits>} edits  By the letter behind "#".
 */

/**
 * @param {State} state
 * @param {Control[]} controls
 * @param {Record<string, string | number | null>} view  What else the address says; null leaves it out.
 * @param {string} [usual]  The operation that goes without saying.
 * @returns {string} Query and fragment.
 */
export function addressOf(state, controls, view, usual = "conv2d") {
  const query = new URLSearchParams();
  if (state.op !== usual) query.set("op", state.op);
  for (const { key, kind, query: preset } of controls) {
    if (kind !== "cells" && state.values[key] !== preset)
      query.set(key, state.values[key]);
  }
  for (const [key, value] of Object.entries(view)) {
    if (value !== null) query.set(key, String(value));
  }
  const cells = Object.entries(state.edits)
    .filter(([, edits]) => Object.keys(edits).length)
    .map(([name, edits]) => `${name}=${runs(edits)}`);
  const search = query.toString().replaceAll("%2C", ",");
  return (
    (search ? `?${search}` : "?") + (cells.length ? `#${cells.join("&")}` : "")
  );
}

/**
 * Neighbouring cells of a row as one run: "0.2.1:5,6,7".
 *
 * @param {Edits} edits
 */
function runs(edits) {
  const cells = Object.entries(edits).map(([at, value]) => ({
    at: at.split(".").map(Number),
    value,
  }));
  cells.sort((a, b) => compare(a.at, b.at));
  /** @type {{start: number[], next: string, values: number[]}[]} */
  const found = [];
  for (const { at, value } of cells) {
    const last = found[found.length - 1];
    const next = [...at.slice(0, -1), at[at.length - 1] + 1].join(".");
    if (last?.next === at.join(".")) {
      last.values.push(value);
      last.next = next;
    } else found.push({ start: at, next, values: [value] });
  }
  return found
    .map((run) => `${run.start.join(".")}:${run.values.join(",")}`)
    .join(";");
}

/** @param {number[]} a @param {number[]} b */
function compare(a, b) {
  const at = a.findIndex((n, i) => n !== b[i]);
  return at < 0 ? 0 : a[at] - b[at];
}

/**
 * Read the fragment; what is not understood is left out.
 *
 * @param {string} hash
 * @returns {Record<string, Edits>}
 */
export function editsIn(hash) {
  /** @type {Record<string, Edits>} */
  const all = {};
  for (const part of hash.replace(/^#/, "").split("&")) {
    const [name, text] = part.split("=");
    if (!/^[a-z]+$/.test(name) || !text) continue;
    /** @type {Edits} */
    const edits = {};
    for (const run of text.split(";")) {
      const [start, values] = run.split(":");
      if (!values || !/^\d+(\.\d+)*$/.test(start)) continue;
      const at = start.split(".").map(Number);
      values.split(",").forEach((value, i) => {
        if (value === "" || !Number.isFinite(Number(value))) return;
        edits[[...at.slice(0, -1), at[at.length - 1] + i].join(".")] =
          Number(value);
      });
    }
    all[name] = edits;
  }
  return all;
}

/**
 * The body of a request for a state.
 *
 * @param {State} state
 * @param {Control[]} controls
 * @param {string} [op]  What is asked for, if not the state's own operation.
 * @returns {Record<string, any>}
 */
export function bodyOf(state, controls, op = state.op) {
  /** @type {Record<string, any>} */
  const body = { op };
  for (const control of controls) {
    if (control.ops && !control.ops.includes(op)) continue;
    const value = valueOf(state, control);
    if (value === undefined) continue;
    const names = control.path.split(".");
    const last = /** @type {string} */ (names.pop());
    let place = body;
    for (const name of names) place = place[name] ??= {};
    place[last] = value;
  }
  return body;
}

/** @param {State} state @param {Control} control */
function valueOf(state, { key, kind }) {
  if (kind === "cells") {
    const edits = Object.entries(state.edits[key.slice(1)] ?? {});
    return edits.length
      ? edits.map(([at, value]) => [...at.split(".").map(Number), value])
      : undefined;
  }
  const text = state.values[key];
  if (kind === "switch") return text === "1";
  if (kind === "choice") return text;
  if (kind === "decimal") return numberOrText(text);
  const parts = text.split(",").map(numberOrText);
  return parts.length === 1 ? parts[0] : parts;
}

/** What is no number travels as it was typed, so that the server can say what is wrong with it. @param {string} text */
function numberOrText(text) {
  return text.trim() !== "" && Number.isFinite(Number(text))
    ? Number(text)
    : text;
}
