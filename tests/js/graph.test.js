import assert from "node:assert/strict";
import { test } from "node:test";

import { Model } from "../../static/js/model.js";
import { lanesOf, laneOf } from "../../static/js/views/graph/lanes.js";
import { layoutOf } from "../../static/js/views/graph/layout.js";
import { listLayoutOf } from "../../static/js/views/graph/list-layout.js";
import { Shown } from "../../static/js/views/graph/shown.js";
import { StopPlayer } from "../../static/js/views/graph/stop-player.js";
import { Graph } from "../../static/js/views/graph/structure.js";
import { gates, lecture, withTarget } from "./graph-examples.js";

const graphOf = (reply) => new Graph(new Model(reply));
const GRAPHS = { lecture, gates, "with a target": withTarget };

function playing(reply, done) {
  const model = new Model(reply);
  const graph = new Graph(model);
  const player = new StopPlayer(model, graph);
  player.go(done);
  return { model, graph, player };
}

/** What is in hand after so many stops. */
function shownAt(reply, done, selected = null) {
  const { model, graph, player } = playing(reply, done);
  return new Shown(model, graph, player, { sample: 0, selected }, null);
}

const looks = (shown) =>
  Object.fromEntries(
    shown.graph.edges
      .map(({ from, to }, i) => [`${from}>${to}`, shown.look(i)])
      .filter(([, look]) => look),
  );

const sides = ({ x, y, width, height }) => [
  x - width / 2,
  y - height / 2,
  x + width / 2,
  y + height / 2,
];

const overlap = ([a, b, c, d], [e, f, g, h]) =>
  a < g && e < c && b < h && f < d;

/** The straight parts of a polyline as boxes of no width, without its two ends. */
const parts = (points) =>
  points.slice(1).map(([x, y], i) => {
    const [x0, y0] = points[i];
    return [
      Math.min(x, x0) + 0.5,
      Math.min(y, y0) + 0.5,
      Math.max(x, x0) - 0.5,
      Math.max(y, y0) - 0.5,
    ].map((side, k) => (k < 2 ? side - 0.1 : side + 0.1));
  });

const pairs = (all) =>
  all.flatMap((one, i) => all.slice(i + 1).map((other) => [one, other]));

/** Two lines that cross in their midst, one upright and one level. */
function cross(one, other) {
  const segments = (points) => points.slice(1).map((b, i) => [points[i], b]);
  return segments(one).some(([a, b]) =>
    segments(other).some(([c, d]) => {
      const [level, upright] =
        a[1] === b[1]
          ? [
              [a, b],
              [c, d],
            ]
          : [
              [c, d],
              [a, b],
            ];
      if (level[0][1] !== level[1][1] || upright[0][0] !== upright[1][0])
        return false;
      const [x, y] = [upright[0][0], level[0][1]];
      const within = (v, [p, q]) => v > Math.min(p, q) && v < Math.max(p, q);
      return (
        within(x, [level[0][0], level[1][0]]) &&
        within(y, [upright[0][1], upright[1][1]])
      );
    }),
  );
}

for (const [name, make] of Object.entries(GRAPHS))
  for (const [kind, place] of [
    ["map", (graph) => layoutOf(graph, 1286)],
    ["narrow map", (graph) => layoutOf(graph, 760)],
    ["map that leaves room", (graph) => layoutOf(graph, 1230, true)],
    ["list", (graph) => listLayoutOf(graph)],
  ]) {
    test(`${kind} of the graph ${name}: no two nodes overlap`, () => {
      const { boxes } = place(graphOf(make()));

      const met = pairs([...boxes.entries()]).filter(([[, a], [, b]]) =>
        overlap(sides(a), sides(b)),
      );

      assert.deepEqual(met, []);
    });

    test(`${kind} of the graph ${name}: no edge crosses a node or another edge`, () => {
      const { boxes, wires } = place(graphOf(make()));

      const through = wires.flatMap(({ edge, points }) =>
        [...boxes].filter(
          ([node, box]) =>
            ![edge.from, edge.to].includes(node) &&
            parts(points).some((part) => overlap(part, sides(box))),
        ),
      );
      const crossing = pairs(wires)
        .filter(([a, b]) => cross(a.points, b.points))
        .map(([a, b]) => [a.edge, b.edge]);

      assert.deepEqual(through, []);
      assert.deepEqual(crossing, []);
    });
  }

test("bends are at right angles", () => {
  const { wires } = layoutOf(graphOf(gates()), 1286);

  const slanted = wires.filter(({ points }) =>
    points
      .slice(1)
      .some(([x, y], i) => x !== points[i][0] && y !== points[i][1]),
  );

  assert.deepEqual(slanted, []);
});

test("terms that cancel stand only below edges where nothing is in the way", () => {
  for (const make of Object.values(GRAPHS)) {
    const { wires, roomy } = layoutOf(graphOf(make()), 1286);

    const below = [...roomy].map(({ edge }) => `${edge.from}>${edge.to}`);
    assert.ok(below.length < wires.length);
    for (const name of ["beta>y", "gamma>y"])
      assert.ok(!below.includes(name), name);
  }
});

test("in the graph of the lecture there is room for the summand that vanishes", () => {
  const { roomy } = layoutOf(graphOf(lecture()), 1286);

  const found = [...roomy].map(({ edge }) => `${edge.from}>${edge.to}`);

  assert.ok(found.includes("mu>sigma2"));
  assert.ok(!found.includes("mu>xhat"));
});

test("statistics lie on lanes below by depth, weights above what they feed", () => {
  const graph = graphOf(lecture());
  const lanes = lanesOf(graph);
  const { boxes } = layoutOf(graph, 1286);

  assert.deepEqual(graph.main, ["x", "xhat", "y", "loss"]);
  assert.deepEqual(
    ["mu", "sigma2"].map((name) => laneOf(lanes, name)),
    [1, 2],
  );
  assert.ok(boxes.get("gamma").y < boxes.get("y").y);
});

test("the finer graph fits beside the lecture's, its statistics between two nodes", () => {
  const { width, boxes } = layoutOf(graphOf(gates()), 1286);

  assert.ok(width <= 1286);
  assert.equal(boxes.get("squared").x, boxes.get("centred").x);
  assert.equal(boxes.get("inverse").x, boxes.get("xhat").x);
});

test("a backward phase is the route from the gradient it reads to the one it writes", () => {
  const graph = graphOf(lecture());

  const routes = (name) => graph.routesTo(name).map(({ edge }) => edge.to);

  assert.deepEqual(routes("mu"), ["xhat", "sigma2"]);
  assert.deepEqual(routes("x"), ["xhat", "sigma2", "mu"]);
  assert.deepEqual(routes("gamma"), ["y"]);
});

test("a gradient that is made of no other comes from the end", () => {
  const routes = graphOf(withTarget()).routesTo("y");

  assert.deepEqual(
    routes.map(({ edge }) => edge.to),
    ["loss"],
  );
});

test("stops are in the order of the trace, phases that meet in one", () => {
  const { stops, forward } = graphOf(lecture());

  const names = stops.map(({ of }) => of).join(" ");
  assert.equal(names, "mu sigma2 xhat y loss beta gamma xhat sigma2 mu x");
  assert.equal(forward, 5);
  assert.deepEqual(stops.at(-1).phases.length, 3);
});

test("a player counts the stops of its direction, and goes on from one to the other", () => {
  const { player } = playing(lecture(), 5);
  const at = () => [player.backward, player.position, player.length];

  const end = at();
  player.next();

  assert.deepEqual(
    [end, at()],
    [
      [false, 5, 5],
      [true, 1, 6],
    ],
  );
});

test("turning round is the beginning of the other direction", () => {
  const { player } = playing(lecture(), 11);

  player.turn(true);
  const back = [player.backward, player.position];
  player.turn(false);

  assert.deepEqual([back, player.done], [[true, 0], 0]);
});

test("the edges of a stop are lit, each as its route", () => {
  assert.deepEqual(looks(shownAt(lecture(), 11)), {
    "x>xhat": "1",
    "x>sigma2": "2",
    "x>mu": "3",
    "mu>xhat": "context-3",
    "sigma2>xhat": "context-2",
  });
  assert.deepEqual(looks(shownAt(lecture(), 2)), {
    "x>sigma2": "forward",
    "mu>sigma2": "forward",
  });
});

test("a chosen gradient lights its own routes, wherever the player is", () => {
  const shown = shownAt(lecture(), 11, "grad_gamma");

  assert.deepEqual(looks(shown), { "gamma>y": "single" });
});

test("what no stop has written yet is not shown", () => {
  const written = (done) =>
    ["x", "mu", "xhat", "grad_y", "grad_mu"].filter((name) =>
      shownAt(lecture(), done).isWritten(name),
    );

  assert.deepEqual(written(1), ["x", "mu"]);
  assert.deepEqual(written(10), ["x", "mu", "xhat", "grad_y", "grad_mu"]);
});

test("of routes that come at different times those to come are not lit", () => {
  const at = (done) => shownAt(gates(), done);
  const first = at(12);

  assert.deepEqual(looks(first), { "centred>xhat": "1" });
  assert.deepEqual([first.come.length, first.routes.length], [1, 2]);
  assert.equal(first.isWritten("grad_centred"), false);
  assert.equal(at(14).isWritten("grad_centred"), true);
  assert.deepEqual(looks(at(14)), {
    "centred>xhat": "1",
    "centred>squared": "2",
    "squared>sigma2": "context-2",
  });
});
