// What the tab of the sliding window needs beyond the page itself.
import "../views/figure-view.js";
import "../views/size-card.js";
