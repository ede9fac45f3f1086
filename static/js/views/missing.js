import { html, write } from "../dom.js";

const ADVICE = "Check the connection, or load the page anew. Nothing is lost.";

/**
 * Say in its place that a part of the page could not be fetched, and offer to try again.
 *
 * @param {HTMLElement} place  Whose content gives way to the words.
 * @param {string} name  With which the sentence begins.
 * @param {() => Promise<boolean>} fetch  Gives whether it is there now, and puts it into the place.
 * @param {HTMLElement} next  Where a keyboard goes on when the button is gone.
 */
export function tellMissing(place, name, fetch, next) {
  const said = html("p", {}, [ADVICE]);
  const again = html("button", { type: "button", class: "button" }, [
    "Try again",
  ]);
  again.addEventListener("click", async () => {
    write(said, "Trying again…");
    const there = await fetch();
    // Said anew, so that it is also heard anew.
    if (!there) write(said, ADVICE);
    else if (!left(again)) goOn(next);
  });
  place.replaceChildren(
    html("h2", {}, [`${name} could not be fetched`]),
    said,
    html("div", { class: "offers" }, [again]),
  );
}

/** Whether someone has gone on elsewhere. @param {Element} button */
function left(button) {
  const { activeElement: active, body } = document;
  return active !== button && active !== body;
}

/** @param {HTMLElement} element */
function goOn(element) {
  if (!element.hasAttribute("tabindex")) element.tabIndex = -1;
  element.focus({ preventScroll: true });
}
