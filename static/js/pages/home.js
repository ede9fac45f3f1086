import { motion } from "../dom.js";
import { inlined, Lab, stateOf } from "../lab.js";
import { addressOf } from "../url-state.js";
import "../views/figure-view.js";
import { TraceFigure } from "../views/figure.js";

/** The small lab of the home page: running, editable, and to be opened in Explore as it is. */
const figure = /** @type {TraceFigure} */ (
  document.querySelector("trace-figure")
);
const open = /** @type {HTMLAnchorElement} */ (
  document.querySelector("[data-action=open]")
);
const controls = inlined("controls");
const lab = new Lab(
  figure,
  controls,
  stateOf("conv2d", controls, new URLSearchParams(inlined("query")), ""),
);

const link = () => {
  open.href = `/explore${addressOf(lab.state, controls, { t: figure.position === 1 ? null : figure.position })}`;
};
lab.addEventListener("state", link);
figure.addEventListener("moved", link);
figure.room = 380;
lab.start(inlined("reply"));
if (motion()) figure.player?.play();
