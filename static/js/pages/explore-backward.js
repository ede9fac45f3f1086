import { BoardView } from "../views/board/board-view.js";
import { hasGradients } from "../views/board/variables.js";
import { offerView } from "../views/kinds.js";
import { LearnCard } from "../views/learn/learn.js";

// What the tab of gradients needs beyond the page itself.
offerView(({ tensors }) => hasGradients(tensors), BoardView);
customElements.define("learn-card", LearnCard);
