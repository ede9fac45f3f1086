import { NormSection } from "../views/norm/section.js";
import { NormRunning } from "../views/running/running-figure.js";

customElements.define("norm-running", NormRunning);

const figure = /** @type {NormRunning} */ (
  document.querySelector("norm-running")
);
const section = new NormSection("running", "batch_norm_training", figure, {
  views: () => ({
    rt: figure.position,
    rmode: figure.mode === "training" ? null : figure.mode,
    ri: figure.sample ? figure.sample + 1 : null,
  }),
});
const { lab, query } = section;

figure.addEventListener("moved", () => section.keepSoon());
figure.addEventListener("alone", (event) => {
  const { detail: alone } = /** @type {CustomEvent} */ (event);
  const rone = alone ? "one" : "batch";
  if (rone !== lab.state.values.rone) section.change({ rone });
});

if (query.has("rt")) figure.position = Number(query.get("rt"));
figure.mode = query.get("rmode") ?? "";
figure.sample = Number(query.get("ri") ?? 1) - 1;
section.start();
