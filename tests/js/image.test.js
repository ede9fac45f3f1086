import assert from "node:assert/strict";
import { test } from "node:test";

import { inkOn } from "../../static/js/image/magnifier.js";
import { exploreLink } from "../../static/js/image/patch.js";
import { startPoint, valueAt } from "../../static/js/image/picture.js";
import { readSettings, writeSettings } from "../../static/js/image/settings.js";
import { Latest, Paced } from "../../static/js/image/latest.js";

const choices = {
  filters: ["sobel_x", "sharpen"],
  modes: ["zeros", "reflect"],
  first: { image: "sample-scene", filter: "sobel_x", mode: "reflect" },
};

/** A picture whose value is 10 * row + column, plus 100 a channel. */
function picture(width, height, channels) {
  const data = new Uint8ClampedArray(width * height * 4);
  for (let at = 0; at < width * height; at++) {
    for (let c = 0; c < 3; c++)
      data[at * 4 + c] =
        10 * Math.floor(at / width) +
        (at % width) +
        (channels > 1 ? 50 * c : 0);
  }
  const names = ["Red", "Green", "Blue"].slice(0, channels);
  return {
    id: "x",
    width,
    height,
    channels: names,
    notes: [],
    image: { data },
  };
}

test("an address without a query has the first choices", () => {
  const { settings, faults } = readSettings("", choices);

  assert.deepEqual(faults, []);
  assert.deepEqual(settings, {
    image: "sample-scene",
    filter: "sobel_x",
    mode: "reflect",
    view: null,
    row: null,
    column: null,
    channel: 0,
  });
});

test("settings survive the way into an address and back", () => {
  const settings = {
    image: "0123456789abcdef",
    filter: "sharpen",
    mode: "zeros",
    view: /** @type {const} */ ("signed"),
    row: 119,
    column: 199,
    channel: 2,
  };

  const query = writeSettings(settings);

  assert.match(query, /r=120&c=200/);
  assert.deepEqual(readSettings(query, choices), { settings, faults: [] });
});

test("each fault of an address is named, and the rest is kept", () => {
  const query = "?f=sharp&mode=up&view=x&r=0&c=7&img=..%2Fetc";

  const { settings, faults } = readSettings(query, choices);

  assert.equal(faults.length, 5);
  assert.equal(settings.column, 6);
  assert.equal(settings.image, "sample-scene");
});

test("a pixel beyond the edge has no value", () => {
  const small = picture(4, 3, 1);

  assert.equal(valueAt(small, 2, 3, 0), 23);
  assert.equal(valueAt(small, 3, 0, 0), null);
  assert.equal(valueAt(small, 0, -1, 0), null);
});

test("a picture begins at the wanted pixel, else at its own, else in its middle", () => {
  const size = { width: 9, height: 7 };

  assert.deepEqual(startPoint(size, { row: 5, column: 90 }, null), {
    row: 5,
    column: 8,
  });
  assert.deepEqual(startPoint(size, {}, { row: 1, column: 2 }), {
    row: 1,
    column: 2,
  });
  assert.deepEqual(startPoint(size, {}, null), { row: 3, column: 4 });
});

test("the patch in the link is 9 by 9 around the pixel, all channels, row by row", () => {
  const filter = { id: "sharpen", rows: 3, columns: 5 };

  const link = exploreLink(
    picture(12, 11, 3),
    { row: 5, column: 6 },
    filter,
    "zeros",
  );

  const [address, fragment] = link.split("#x=");
  assert.equal(
    address,
    "/explore?x=blank&w=9&h=9&d=3&fx=sharpen&fw=5&fh=3&k=1&p=0&mode=zeros&bias=0&t=18",
  );
  const runs = fragment.split(";");
  assert.equal(runs.length, 27);
  assert.equal(runs[0], "0.0.0:12,13,14,15,16,17,18,19,20");
  assert.equal(runs[9], "1.0.0:62,63,64,65,66,67,68,69,70");
});

test("at the border the patch stays inside the picture", () => {
  const filter = { id: "sharpen", rows: 3, columns: 3 };

  const corner = exploreLink(
    picture(12, 11, 1),
    { row: 0, column: 11 },
    filter,
    "zeros",
  );
  const tiny = exploreLink(
    picture(2, 1, 1),
    { row: 0, column: 0 },
    filter,
    "zeros",
  );

  assert.match(corner, /#x=0\.0\.0:3,4,5,6,7,8,9,10,11;/);
  assert.match(tiny, /w=2&h=1&d=1.*#x=0\.0\.0:0,1$/);
});

test("ink is readable on every grey level", () => {
  const light = (/** @type {number} */ v) =>
    v <= 10 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4;

  for (let value = 0; value < 256; value++) {
    const ink = inkOn(value) === "#fff" ? 1 : 0;
    const [high, low] = [light(value), ink].sort((a, b) => b - a);
    assert.ok((high + 0.05) / (low + 0.05) >= 4.5, `${value}`);
  }
});

test("a newer run takes over from an older one", async () => {
  const latest = new Latest();

  const older = latest.run(
    () => new Promise((done) => setTimeout(done, 20, "old")),
  );
  const newer = latest.run(async () => "new");

  assert.deepEqual(await Promise.all([older, newer]), [undefined, "new"]);
});

test("of a quick series of wishes only the first and the last are asked for", async () => {
  const paced = new Paced(30);
  /** @type {string[]} */
  const asked = [];
  const ask = (/** @type {string} */ key) =>
    paced.run(
      key,
      async () => {
        asked.push(key);
        return key;
      },
      () => {},
    );

  await ask("a");
  const rest = ["b", "c", "d"].map(ask);

  assert.deepEqual(await Promise.all(rest), [undefined, undefined, "d"]);
  assert.deepEqual(asked, ["a", "d"]);
});

test("what is known is not asked for again", async () => {
  const paced = new Paced(0);
  let times = 0;
  const ask = () =>
    paced.run(
      "a",
      async () => ++times,
      () => {},
    );

  assert.deepEqual([await ask(), await ask()], [1, 1]);
});
