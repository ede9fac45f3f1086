/** @import {Lab} from "../lab.js" */
/** @import {TraceFigure} from "../views/figure.js" */
/** @import {Tabs} from "./tabs.js" */

/**
 * Keep the volume in step with the page's figure while its tab is open.
 *
 * @param {any} volume  A volume-figure, perhaps before its module has come.
 * @param {TraceFigure} figure
 * @param {Lab} lab
 * @param {Tabs} tabs
 */
export function joinVolume(volume, figure, lab, tabs) {
  const open = () => tabs.chosen === "volume";
  lab.addEventListener("reply", () => {
    // A property set before its module has come would stand in the way of the module's own.
    if (!open() || !volume.matches(":defined")) return;
    volume.reply = figure.reply;
    volume.position = figure.position;
  });
  volume.addEventListener("moved", () => {
    if (open()) figure.position = volume.position;
  });
  lab.answer(volume);
}
