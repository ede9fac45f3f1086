// What the tab of the volume needs beyond the page itself.
import "../views/size-card.js";
import "../views/volume/volume-figure.js";
