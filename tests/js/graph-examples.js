/** Graphs to test with: the nodes and edges of batch norm, as traces without numbers. */
import { numbers, phase, reply, tensor } from "./examples.js";

const EACH = new Set("x xhat y centred squared scaled target".split(" "));
const ROLES = { x: "input", target: "input", gamma: "weight", beta: "weight" };

/** Lines of "to = from from" forward, and "v <- reads" backward, as a trace of that graph. */
function traceOf(forward, backward) {
  const tensors = {};
  const phases = [];
  const add = (name) => {
    const of = name.replace("grad_", "");
    const gradient = of !== name;
    const each = EACH.has(of);
    tensors[name] ??= tensor(
      gradient ? "gradient" : (ROLES[of] ?? "intermediate"),
      each ? ["sample", "feature"] : ["feature"],
      each ? [2, 1] : [1],
      each ? [1, 2] : [3],
      gradient ? { gradientOf: of, fill: 0 } : {},
    );
  };
  for (const line of [...forward, ...backward]) {
    const [writes, reads] = line.split(" = ");
    const names = reads.split(" ");
    [writes, ...names].forEach(add);
    const count = (name) => tensors[name].shape[0];
    const steps = count(writes);
    const bound = (name) => {
      if (count(name) === 1) return [[0, 1, 1, [0]]];
      const part = steps > 1 ? [0, 1, 1, [1]] : [0, 2, 1, [0]];
      return [part, [0, 1, 1, [0]]];
    };
    const terms = Array.from({ length: steps * 2 }, () => 1);
    phases.push(
      phase({
        title: line,
        reads: Object.fromEntries(names.map((name) => [name, name])),
        writes,
        adds: writes.startsWith("grad_"),
        steps,
        loops: [["sample", steps]],
        bind: Object.fromEntries(
          [...names, writes].map((name) => [name, bound(name)]),
        ),
        numbers: numbers(terms, terms),
      }),
    );
  }
  return reply(tensors, phases);
}

const END = ["loss = y grad_y"];

export const lecture = () =>
  traceOf(
    [
      "mu = x",
      "sigma2 = x mu",
      "xhat = x mu sigma2",
      "y = gamma xhat beta",
      ...END,
    ],
    [
      "grad_beta = grad_y",
      "grad_gamma = grad_y xhat",
      "grad_xhat = grad_y gamma",
      "grad_sigma2 = grad_xhat x mu sigma2",
      "grad_mu = grad_xhat sigma2",
      "grad_mu = grad_sigma2 x mu",
      "grad_x = grad_xhat sigma2",
      "grad_x = grad_sigma2 x mu",
      "grad_x = grad_mu",
    ],
  );

export const gates = () =>
  traceOf(
    [
      "mu = x",
      "centred = x mu",
      "squared = centred",
      "sigma2 = squared",
      "shifted = sigma2",
      "root = shifted",
      "inverse = root",
      "xhat = centred inverse",
      "scaled = gamma xhat",
      "y = scaled beta",
      ...END,
    ],
    [
      "grad_centred = grad_xhat inverse",
      "grad_squared = grad_sigma2",
      "grad_centred = grad_squared centred",
      "grad_mu = grad_centred",
      "grad_x = grad_centred",
      "grad_x = grad_mu",
    ],
  );

export const withTarget = () =>
  traceOf(
    ["mu = x", "xhat = x mu", "y = gamma xhat", "loss = y target"],
    ["grad_y = y target", "grad_xhat = grad_y gamma"],
  );
