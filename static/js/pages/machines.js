// The page /machines/.

import { pageData, find } from "../lib/dom.js";
import { createMachinesList } from "../panels/machines-list.js";
import { openStartDialog } from "../panels/start-dialog.js";
import { createWaysIn } from "../panels/ways-in.js";

const page = pageData("page");
const element = find("#machines");

if (page.any || !page.may.design) {
  createMachinesList(element, {
    may: page.may,
    onTotal: (count) => { find("[data-total]").textContent = count; },
    onRun: (name) => openStartDialog({ name }),
  });
} else {
  createWaysIn(element, { hero: true });
}
