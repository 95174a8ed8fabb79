/** The button that lifts a flat picture to a surface, where the browser has WebGL2. */

/** @import {Relief} from "../../../drawing/relief/relief.js" */
/** @import {PlanePage, PlaneShell} from "../page.js" */

export class Lift {
  #shell;
  #name;
  #button;
  #relief;

  /** @param {PlaneShell} shell @param {"relief" | "surface_relief"} name of it in the view @param {HTMLButtonElement} button @param {Relief} relief */
  constructor(shell, name, button, relief) {
    this.#shell = shell;
    this.#name = name;
    this.#button = button;
    this.#relief = relief;
    button.addEventListener("click", () => this.toggle());
  }

  toggle() {
    const {server} = this.#shell.state;
    if (server && this.#isPossible)
      this.#shell.send({type: "show", [this.#name]: !server.view[this.#name]});
  }

  /** Whether the surface is to be seen. @param {PlanePage} state */
  isLifted({server}) {
    return Boolean(server?.view[this.#name]) && this.#isPossible;
  }

  /** @param {boolean} isLifted */
  show(isLifted) {
    this.#button.ariaPressed = String(isLifted);
  }

  get #isPossible() {
    const {isPossible} = this.#relief;
    if (!isPossible) {
      this.#button.disabled = true;
      this.#button.title = "This browser has no WebGL2, so the picture stays flat.";
    }
    return isPossible;
  }
}
