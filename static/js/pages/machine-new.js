// The page /new-machine/.

import { find } from "../lib/dom.js";
import { createWaysIn } from "../panels/ways-in.js";

createWaysIn(find("#gallery"), { hero: false });
