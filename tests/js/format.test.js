import assert from "node:assert/strict";
import { test } from "node:test";

import {
  allExact,
  cellText,
  counted,
  decimalsFor,
  equalsText,
  fullText,
  isShown,
  numberText,
  parseNumber,
  rangeText,
} from "../../static/js/format.js";
import { dice } from "./examples.js";

/** Values of every size that a grid may hold, of both signs. */
function* values() {
  const random = dice(5);
  for (let exponent = -4; exponent <= 12; exponent++)
    for (let i = 0; i < 60; i++)
      for (const sign of [1, -1])
        yield sign * (1 + random(8999) / 1000) * 10 ** exponent;
}

test("a cell shows as much of a value as four characters hold", () => {
  const shown = {
    0: "0",
    7: "7",
    0.5: "0.5",
    0.25: "0.25",
    0.125: "0.13",
    12.25: "12.3",
    123.4: "123",
    1234: "1234",
    9999: "9999",
    9999.6: "10k",
    12345: "12k",
    1000000: "1M",
    25000000: "25M",
  };

  for (const [value, text] of Object.entries(shown))
    assert.equal(cellText(Number(value)), text);
});

test("a cell's minus sign is a true one and takes no digit", () => {
  const shown = [-1, -1.5, -0.25, -12.25, -123.4, -9999.4, -9999.6, -12345];

  assert.deepEqual(
    shown.map((value) => cellText(value)),
    ["−1", "−1.5", "−0.25", "−12.3", "−123", "−9999", "−10k", "−12k"],
  );
});

test("both signs of a number are rounded alike in cells of every size", () => {
  const unlike = [...values()].filter((value) =>
    [3, 4, 5].some(
      (most) =>
        cellText(-Math.abs(value), most) !==
        `−${cellText(Math.abs(value), most)}`,
    ),
  );

  assert.deepEqual(unlike, []);
});

test("only what is zero, but for binary rounding, is zero in a cell", () => {
  const vanished = [...values(), 1e-10, -0.04].filter((value) =>
    [3, 4, 5].some((most) => !/[1-9]/.test(cellText(value, most))),
  );

  assert.deepEqual(vanished, []);
  assert.equal(cellText(0.1 + 0.2 - 0.3), "0");
});

test("in a small cell a decimal takes the place of the 0 before the point", () => {
  const shown = [0.25, -0.8, -0.0129, 0.004, -1.25, 0.999, 9.96, -0.00042];

  assert.deepEqual(
    shown.map((value) => cellText(value, 3)),
    [".25", "−.8", "−.01", ".004", "−1.3", "1.0", "10", "−4e−4"],
  );
});

test("nothing is a negative zero", () => {
  assert.equal(cellText(-0), "0");
  assert.equal(numberText(-0), "0");
  assert.equal(numberText(-0.001, 2), "0.00");
  assert.equal(fullText(-0), "0");
  assert.doesNotMatch(cellText(-1e-17), /−/);
});

test("a size in a cell fits into four characters, below ten thousand million", () => {
  const wide = [...values()].filter(
    (value) => Math.abs(value) < 9.5e9 && cellText(Math.abs(value)).length > 4,
  );

  assert.deepEqual(wide, []);
});

test("a size in a table fits into eight characters", () => {
  const wide = [...values()].filter(
    (value) => cellText(Math.abs(value), 8).length > 8,
  );

  assert.deepEqual(wide, []);
});

test("a cell has at most two decimals, however much room there is", () => {
  assert.deepEqual(
    [cellText(1 / 3, 8), cellText(-1234.5678, 8)],
    ["0.33", "−1234.57"],
  );
});

test("a group of numbers has as few decimals as show them all", () => {
  assert.equal(decimalsFor([1, 2, 3]), 0);
  assert.equal(decimalsFor([1, 2.5, 0.25]), 2);
  assert.equal(decimalsFor([0.1 + 0.2]), 1);
  assert.equal(decimalsFor([1 / 3]), 4);
  assert.equal(decimalsFor([1 / 3], 2), 2);
  assert.equal(decimalsFor([]), 0);
});

test("numbers are exact where rounding takes nothing but binary dust", () => {
  assert.equal(allExact([0.5, 0.25], 2), true);
  assert.equal(allExact([0.1 + 0.2], 1), true);
  assert.equal(allExact([0.5, 0.125], 2), false);
  assert.equal(allExact([1 / 3], 4), false);
});

test("numbers shown as exact add up as they are shown", () => {
  const random = dice(9);
  for (let round = 0; round < 100; round++) {
    const terms = Array.from({ length: 6 }, () => (random(400) - 200) / 100);
    const sum = terms.reduce((a, b) => a + b, 0);
    const decimals = decimalsFor([...terms, sum]);
    assert.ok(allExact([...terms, sum], decimals));

    const read = (value) => parseNumber(numberText(value, decimals)) * 100;
    const total = terms.reduce((a, term) => a + Math.round(read(term)), 0);

    assert.equal(total, Math.round(read(sum)));
  }
});

test("a text shows a value or only something near it", () => {
  assert.equal(isShown(-1.5, "−1.5"), true);
  assert.equal(isShown(0.125, "0.13"), false);
  assert.equal(isShown(12345, "12k"), false);
  assert.equal(isShown(0.1 + 0.2, "0.3"), true);
});

test("a sum is written with a true minus and its own decimals", () => {
  assert.equal(numberText(-2), "−2");
  assert.equal(numberText(-2, 1), "−2.0");
  assert.equal(numberText(0.125), "0.125");
  assert.equal(numberText(1 / 3), "0.3333");
});

test("a label spells a value as one types it", () => {
  assert.equal(fullText(-1.5), "-1.5");
  assert.equal(fullText(1 / 3), "0.3333333333333333");
});

test("what people type is read, with any comma and any minus", () => {
  const read = ["3", " -1.5 ", "−1.5", "–2", "2,5", "+4", ".5", "5.", "1e3"];

  assert.deepEqual(
    read.map(parseNumber),
    [3, -1.5, -1.5, -2, 2.5, 4, 0.5, 5, 1000],
  );
});

test("what is no number is null, and never zero", () => {
  const typed = [
    "",
    " ",
    "-",
    "a",
    "1a",
    "1 2",
    "1,2,3",
    "1e999",
    "NaN",
    "0x1",
  ];

  assert.deepEqual(
    typed.map(parseNumber),
    typed.map(() => null),
  );
});

test("a large number is called equal to its text only where it is", () => {
  assert.equal(equalsText(30557.3053), "= 30557.3053");
  assert.equal(equalsText(30557.30530000025), "≈ 30557.3053");
  assert.equal(equalsText(1e5 / 3 + 2e5 / 3), "= 100000");
  assert.equal(equalsText(1.2100000001e-10), "≈ 1.21 × 10⁻¹⁰");
  assert.equal(equalsText(1.21e-10), "= 1.21 × 10⁻¹⁰");
});

test("every value survives being written in full and read again", () => {
  for (const value of values())
    assert.equal(parseNumber(fullText(value)), value);
});

test("things are counted with a plural and thousands apart", () => {
  assert.equal(counted(1, "output"), "1 output");
  assert.equal(counted(0, "output"), "0 outputs");
  assert.equal(counted(34944, "parameter"), "34,944 parameters");
  assert.equal(counted(2, "matrix", "matrices"), "2 matrices");
});

test("rows are named from 1, together where they are neighbours", () => {
  assert.equal(rangeText([]), "");
  assert.equal(rangeText([2]), "3");
  assert.equal(rangeText([2, 3]), "3 and 4");
  assert.equal(rangeText([4, 2, 3]), "3 to 5");
  assert.equal(rangeText([2, 4, 6]), "3, 5 and 7");
  assert.equal(rangeText([2, 2]), "3");
});
