import { BoardView } from "../views/board/board-view.js";
import { hasGradients } from "../views/board/variables.js";
import { offerView } from "../views/kinds.js";
import { LearnCard } from "../views/learn/learn.js";
import { joinReading } from "../views/learn/reading.js";

// What the tab of gradients needs beyond the page itself.
offerView(({ tensors }) => hasGradients(tensors), BoardView);
customElements.define("learn-card", LearnCard);
joinReading(
  document.querySelector(".reading"),
  /** @type {any} */ (document.querySelector("learn-card")).lab,
);
