// Every page works without this file. It only makes a few things kinder:
// an error summary takes the focus, a character count counts as one types,
// a "show password" button appears.

import { initAll } from "./govuk-frontend.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();
