import assert from "node:assert/strict";
import { test } from "node:test";

import {
  comparedTexts,
  isWhole,
  shortText,
  sumOf,
} from "../../static/js/views/graph/numbers.js";

test("a long number is written shorter, a tiny one by its size", () => {
  assert.equal(shortText(-1234.5678), "\u22121234.5678");
  assert.equal(shortText(-1234.5678, 8), "\u22121234.57");
  assert.equal(shortText(1e-9), "1×10⁻⁹");
  assert.equal(shortText(-2.345e-9), "\u22122.35×10⁻⁹");
  assert.equal(shortText(-2.345e-9, 8), "\u22122×10⁻⁹");
  assert.equal(shortText(0.00012345, 8), "1.2×10⁻⁴");
  assert.equal(shortText(2877026832.0134, 9), "2.877×10⁹");
  assert.deepEqual([shortText(0.0005), shortText(0)], ["0.0005", "0"]);
});

test("no number but 0 is shown as 0, however narrow its cell", () => {
  for (const value of [0.0343, -0.0343, 1e-9, -1e-9, 3e-5, -0.0001])
    for (const room of [3, 4, 5, 6, 8, 10]) {
      const text = shortText(value, room);
      assert.ok(text.length <= Math.max(4, room), `${text} in ${room}`);
      assert.ok(text === "≈0" || /[1-9]/.test(text), `${text} for ${value}`);
    }
});

test("a text is the number itself only where no digit is missing", () => {
  const whole = [
    [3.5, "3.5"],
    [0.1 + 0.2, "0.3"],
    [1e-9, "1×10⁻⁹"],
    [30557.3053, "30557.3053"],
  ];
  const rounded = [
    [1 / 3, "0.3333"],
    [2877026832.0134, "2877026832"],
    [30557.30530000025, "30557.3053"],
    [1.0000001e-9, "1×10⁻⁹"],
  ];
  for (const [value, text] of whole) assert.ok(isWhole(value, text), text);
  for (const [value, text] of rounded) assert.ok(!isWhole(value, text), text);
});

const textsOf = ({ terms, total }) => [...terms, total].map(({ full }) => full);

test("a sum says to within what its numbers re-add", () => {
  const exact = sumOf([0.5, -0.2], 0.3);
  const rounded = sumOf([0.04364, -0.00156, -0.07638], -0.0343);

  assert.deepEqual([exact.exact, exact.within], [true, ""]);
  assert.deepEqual(textsOf(rounded).slice(0, 3), [
    "0.0436",
    "\u22120.0016",
    "\u22120.0764",
  ]);
  assert.deepEqual(
    [rounded.exact, rounded.within],
    [false, "to within 0.0001"],
  );
});

test("a small result of larger terms has three digits, its terms as many decimals", () => {
  const { terms, total, within } = sumOf(
    [-0.4000123456, 0.7000456789, -0.3000033333],
    0.00003,
  );

  assert.deepEqual(textsOf({ terms, total }), [
    "\u22120.4000123",
    "0.7000457",
    "\u22120.3000033",
    "0.0000300",
  ]);
  assert.equal(within, "to within 1 × 10⁻⁷");
});

test("tiny terms stand over one power of ten, and re-add on that scale", () => {
  const values = [6.1234e-6, -0.5123e-6, -3.4567e-6];
  const { terms, total, times, within } = sumOf(values, 2.1544e-6);

  assert.deepEqual(
    terms.map(({ text }) => text),
    ["6.1234", "\u22120.5123", "\u22123.4567"],
  );
  assert.deepEqual(
    [times, total.full, within],
    [" × 10⁻⁶", "2.1544 × 10⁻⁶", ""],
  );
});

test("whatever the sizes, what is shown re-adds to within what the sum says", () => {
  const number = (text) => {
    const [factor, raised = "⁰"] = text
      .replaceAll(" ", "")
      .replaceAll("\u2212", "-")
      .split("×10");
    const power = [...raised].map((c) =>
      c === "⁻" ? "-" : "⁰¹²³⁴⁵⁶⁷⁸⁹".indexOf(c),
    );
    return Number(`${factor}e${power.join("")}`);
  };
  let seed = 7;
  const random = () => (seed = (seed * 48271) % 2147483647) / 2147483647;
  for (let round = 0; round < 500; round++) {
    const size = 10 ** Math.floor(random() * 20 - 10);
    const terms = [1, 2, 3, 4].map(() => (random() - 0.5) * size);
    terms.push(-terms[0] * (1 - random() * 10 ** -(round % 8)));
    const total = terms.reduce((a, b) => a + b);
    const sum = sumOf(terms, total);
    const shown = sum.terms.map(({ full }) => number(full));
    const added = shown.reduce((a, b) => a + b);
    const off = Math.abs(added - number(sum.total.full));
    const within = sum.within ? number(sum.within.replace(/^\D+/, "")) : 0;

    assert.ok(off <= within * 1.1 + size * 1e-14, textsOf(sum).join(" "));
    assert.ok(Math.abs(number(sum.total.full) / total - 1) < 0.006);
  }
});

test("a sum that cancels is 0", () => {
  const { total, terms } = sumOf([0.25, -0.25], 1e-17, true);

  assert.deepEqual(textsOf({ terms, total }), ["0.25", "\u22120.25", "0"]);
});

test("numbers to be compared have all their digits, and a mark where they are rounded", () => {
  assert.deepEqual(comparedTexts([0.7, 0.69999999991234]), [
    "0.7000000000",
    "≈ 0.6999999999",
  ]);
  assert.deepEqual(comparedTexts([-3.27123456e-8, null], 6), [
    "≈ \u22123.271235 × 10⁻⁸",
    "\u2013",
  ]);
  assert.deepEqual(comparedTexts([0, 0]), ["0", "0"]);
});
