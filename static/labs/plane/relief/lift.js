/** The button that lifts a flat picture to a surface, where the browser has WebGL2. */

/** @import {Relief} from "../../../drawing/relief/relief.js" */
/** @import {PlanePage, PlaneShell} from "../page.js" */

export class Lift {
  #shell;
  #name;
  #button;
  #relief;
  #rests;

  /**
   * @param {PlaneShell} shell
   * @param {"relief" | "surface_relief"} name of it in the view
   * @param {HTMLButtonElement} button
   * @param {Relief} relief
   * @param {(state: PlanePage) => string} rests why it stays flat for now; "" if it need not
   */
  constructor(shell, name, button, relief, rests = () => "") {
    this.#rests = rests;
    this.#shell = shell;
    this.#name = name;
    this.#button = button;
    this.#relief = relief;
    button.addEventListener("click", () => this.toggle());
  }

  toggle() {
    const {server} = this.#shell.state;
    const why = this.#rests(this.#shell.state);
    if (why) {
      this.#shell.dispatch({type: "own", draw: {said: why}});
      this.#shell.say(why);
    } else if (server && this.#isPossible)
      this.#shell.send({type: "show", [this.#name]: !server.view[this.#name]});
  }

  /** Whether the surface is to be seen. @param {PlanePage} state */
  isLifted(state) {
    return Boolean(state.server?.view[this.#name]) && !this.#rests(state) && this.#isPossible;
  }

  /** @param {boolean} isLifted @param {PlanePage} state */
  show(isLifted, state) {
    this.#button.ariaPressed = String(isLifted);
    this.#button.ariaDisabled = String(this.#rests(state) !== "");
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
