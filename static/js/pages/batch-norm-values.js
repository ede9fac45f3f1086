import { CheckCard } from "../views/norm/check-card.js";
import { CodeDialog } from "../views/norm/code-dialog.js";
import { ValueTable } from "../views/norm/value-table.js";

customElements.define("code-dialog", CodeDialog);
customElements.define("check-card", CheckCard);
customElements.define("value-table", ValueTable);
