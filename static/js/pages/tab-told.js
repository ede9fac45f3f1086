import { html } from "../dom.js";
import { tellMissing } from "../views/missing.js";

/** @import {Lab} from "../lab.js" */
/** @import {Tabs} from "./tabs.js" */

/** Milliseconds that the picture of the last tab may stay while the next one is fetched. */
const SOON = 1000;

/**
 * Tell in the place of the picture what becomes of a tab that is not there yet. Until it is, the
 * settings change, and nothing is asked.
 *
 * @param {Tabs} tabs
 * @param {Lab} lab
 * @param {HTMLElement} place
 * @param {() => void} clear  Leave nothing in sight but the place.
 */
export function tellTabs(tabs, lab, place, clear) {
  const learn = /** @type {HTMLElement} */ (
    document.querySelector("learn-card")
  );
  /** The tab of which is told. */
  let told = "";
  let waiting = 0;
  const name = () => `The ${tabs.button.textContent} tab`;

  function begin() {
    clearTimeout(waiting);
    told = tabs.chosen;
    lab.hold();
    learn.hidden = true;
    clear();
  }

  function wait() {
    begin();
    place.replaceChildren(html("p", {}, [`${name()} is being fetched…`]));
  }

  tabs.addEventListener("fetch", () => {
    clearTimeout(waiting);
    // Whoever tries again is told so by what was pressed.
    if (told === tabs.chosen) return;
    if (told) wait();
    else waiting = setTimeout(wait, SOON);
  });
  tabs.addEventListener("missing", () => {
    if (told === tabs.chosen && place.querySelector("button")) return;
    begin();
    tellMissing(place, name(), () => tabs.open(), tabs.button);
  });
  tabs.addEventListener("tab", () => {
    clearTimeout(waiting);
    told = "";
  });
}
