/** While the server cannot be reached, nothing can run: the picture is grey and the buttons are marked as disabled. */

/** @import {PageState} from "../session/state.js" */

export class Away {
  /** @param {PageState} state */
  update(state) {
    const away = isAway(state);
    if (document.body.classList.contains("away") === away) return;
    document.body.classList.toggle("away", away);
    for (const button of document.querySelectorAll(".run button"))
      button.ariaDisabled = away ? "true" : null;
  }
}

/** Whether the page shows an experiment whose server cannot be reached. @param {PageState} state */
export function isAway({server, connection}) {
  return server !== null && connection !== "open";
}
