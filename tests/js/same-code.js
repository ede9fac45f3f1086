// Tells which scripts differ in more than form: reads pairs of sources as JSON from standard input,
// parses both and prints the names of those whose syntax trees are not the same.
import { parsers } from "prettier/plugins/babel";

const FORM = /^(start|end|range|loc|extra|errors|tokens)$|omments$|^__/;

/**
 * What stands in parentheses: those of a cast are a node of their own.
 *
 * @param {any} node
 */
function bare(node) {
  return node?.type === "ParenthesizedExpression"
    ? bare(node.expression)
    : node;
}

/** @param {string} source */
function tree(source) {
  const parsed = parsers.babel.parse(source, /** @type {any} */ ({}));
  return JSON.stringify(parsed, (key, value) =>
    FORM.test(key) ? undefined : bare(value),
  );
}

let input = "";
for await (const chunk of process.stdin) input += chunk;
/** @type {Record<string, [string, string]>} */
const pairs = JSON.parse(input);
const differing = Object.keys(pairs).filter((name) => {
  const [before, after] = pairs[name] ?? ["", ""];
  return tree(before) !== tree(after);
});
console.log(JSON.stringify(differing));
