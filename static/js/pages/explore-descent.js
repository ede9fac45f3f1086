import { Descent } from "../views/learn/descent.js";

// What the tab of gradients needs beyond itself when there is a loss.
customElements.define("loss-descent", Descent);
