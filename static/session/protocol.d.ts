// Written by `make protocol` from app/protocol.py and app/labs; change those instead.

export type Protocol =
  | ClientMessage
  | ServerMessage
  | PlaneSettings
  | PlaneView
  | PlaneFacts
  | DigitsSettings
  | DigitsView
  | DigitsFacts
  | DescentSettings
  | DescentView
  | DescentFacts
  | AutoencoderSettings
  | AutoencoderView
  | AutoencoderFacts
  | GANSettings
  | GANView
  | GANFacts
  | PlanePreview;
export type ClientMessage =
  | Hello
  | Play
  | Pause
  | Step
  | Reset
  | OpenLink
  | OpenMoment
  | TakeHome
  | Share
  | Recover
  | GoToBest
  | Change
  | Speed
  | Focus
  | Ack
  | Visible
  | Undo
  | Redo
  | GoTo
  | TrySeeds
  | NewWeights
  | RegenerateData
  | AddLayer
  | RemoveLayer
  | AddNeuron
  | RemoveNeuron
  | SetNeurons
  | SetLayers
  | SetParameter
  | SetParameters
  | LearnPoints
  | LearnFormula
  | AddPoints
  | ErasePoints
  | MovePoint
  | LookAt
  | Explain
  | Surface
  | LookInto
  | NewSeed
  | SwitchUnit
  | SetUnit
  | SetUnitsWeight
  | RestoreUnit
  | Draw
  | Cell
  | NewPoints
  | Hover
  | AnotherSeed
  | Example
  | Decode
  | OtherSeed
  | SixteenSeeds
  | PlaneShow
  | DigitsShow
  | DescentShow
  | AutoencoderShow
  | GANShow;
export type ServerMessage = Welcome | Away | State | Opened | Shared | Seeded | Rejected;

/**
 * The first message of a connection. A known token of the same lab comes back to its own session.
 */
export interface Hello {
  type: "hello";
  protocol: number;
  /**
   * whose page it is
   */
  lab?: string;
  token?: string | null;
  /**
   * of a session to begin with a copy of, which stays as it is
   */
  copy_token?: string | null;
  /**
   * a name that the page chose as it was loaded
   */
  page?: string;
  /**
   * what a new session opens: the page's address from its # on
   */
  link?: string;
}
/**
 * Train until told otherwise, or to the end of an epoch: a page that compares runs keeps them in step so.
 */
export interface Play {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "play";
  /**
   * the epoch after which training pauses
   */
  until?: number | null;
}
/**
 * Stop training, keep everything.
 */
export interface Pause {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "pause";
}
/**
 * Train one epoch or one mini-batch, then pause. An epoch that has begun is finished.
 */
export interface Step {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "step";
  unit?: "epoch" | "batch";
}
/**
 * Go back to epoch 0 and the first weights.
 */
export interface Reset {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "reset";
}
/**
 * Open an experiment from its link, ours or TensorFlow Playground's, at epoch 0 or with the weights it brings.
 */
export interface OpenLink {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "open-link";
  /**
   * a whole address, or the part from its # on
   */
  link: string;
}
/**
 * Open the experiment of a file that `TakeHome` has given, at its own moment; parts of it came before, as binary
 * messages.
 */
export interface OpenMoment {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "open-moment";
  /**
   * of the file, to know that all parts have come
   */
  bytes: number;
}
/**
 * Ask for the experiment as it is, as a file, which comes as a binary message before the answer.
 */
export interface TakeHome {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "take-home";
  /**
   * with the moments that led there, of which films are made
   */
  timeline?: boolean;
}
/**
 * Ask for a link, answered by `Shared`.
 */
export interface Share {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "share";
  /**
   * with the weights as they are
   */
  weights?: boolean;
  /**
   * controls for the link to hide; as now unless told
   */
  hide?: string[] | null;
  hide_text?: boolean | null;
}
/**
 * After a divergence: go back to the last good weights, change some settings, and play.
 */
export interface Recover {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "recover";
  /**
   * only those that change, by name: a lower rate, say
   */
  settings: {
    [k: string]: unknown;
  };
}
/**
 * After a stop without gain: go back to `State.best_epoch`, weights, losses and all, and pause.
 */
export interface GoToBest {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "go-to-best";
}
/**
 * Change some settings. What cannot be kept begins anew; the rest applies while it runs.
 */
export interface Change {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "change";
  /**
   * only the settings that change, by name
   */
  settings: {
    [k: string]: unknown;
  };
}
/**
 * Epochs per second while playing, as `view.speed` has it; null is as fast as it goes.
 */
export interface Speed {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "speed";
  epochs_per_second: number | null;
}
/**
 * Send one unit's picture at full size; null ends it.
 */
export interface Focus {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "focus";
  /**
   * layer and unit, both from 1
   */
  unit: [number, number] | null;
}
/**
 * Sent after a frame has been drawn; never answered.
 */
export interface Ack {
  type: "ack";
  frame: number;
}
/**
 * A hidden page gets no frames and does not train.
 */
export interface Visible {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "visible";
  visible: boolean;
}
/**
 * Take the last change back: the run is as it stood before it, training included.
 */
export interface Undo {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "undo";
}
/**
 * Do again what was taken back last.
 */
export interface Redo {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "redo";
}
/**
 * Pause, and show the run as it was at an epoch of its timeline. What changes it there begins a branch.
 */
export interface GoTo {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "go-to";
  /**
   * from `timeline.first` to its end; the end itself is the present run
   */
  epoch: number;
}
/**
 * Train the experiment, as its settings are, anew with each of some seeds, from epoch 0, beside the run itself.
 *
 * `Seeded` follows for each. Another such command ends it, and so does a new connection; no seeds: nothing else.
 */
export interface TrySeeds {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "try-seeds";
  /**
   * at most 16, each for one run
   */
  seeds: string[];
  /**
   * that each run takes, unless it ends before
   */
  epochs: number;
}
/**
 * Go back to epoch 0 with another draw of first weights; the data stay.
 */
export interface NewWeights {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "new-weights";
}
/**
 * Draw other data and first weights from a new seed, and go back to epoch 0.
 */
export interface RegenerateData {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "regenerate-data";
}
/**
 * Insert a hidden layer so that it becomes layer `layer` (1 is the first after the inputs).
 *
 * As wide as the layer before it, it starts by passing on what comes, and all other weights stay.
 */
export interface AddLayer {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "add-layer";
  layer: number;
  /**
   * as many as the layer before has, unless told
   */
  neurons?: number | null;
}
/**
 * Remove hidden layer `layer`.
 */
export interface RemoveLayer {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "remove-layer";
  layer: number;
}
/**
 * Append a neuron to hidden layer `layer`; all other weights stay.
 */
export interface AddNeuron {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "add-neuron";
  layer: number;
}
/**
 * Remove a neuron, the last one unless told which; all other weights stay.
 */
export interface RemoveNeuron {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "remove-neuron";
  layer: number;
  neuron?: number | null;
}
/**
 * Give hidden layer `layer` so many neurons, as if they were added or removed one by one at its end.
 */
export interface SetNeurons {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "set-neurons";
  layer: number;
  neurons: number;
}
/**
 * Have so many hidden layers, as if they were added or removed one by one at the end, in one edit.
 */
export interface SetLayers {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "set-layers";
  layers: number;
  /**
   * of the added layers; then as many as the one before has
   */
  neurons?: number[];
}
/**
 * Set one weight or bias, also while training.
 */
export interface SetParameter {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "set-parameter";
  /**
   * position in the frame's `parameters`
   */
  index: number;
  value: number;
}
/**
 * Set several weights and biases at once, also while training: a line that is turned has three.
 */
export interface SetParameters {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "set-parameters";
  /**
   * position in the frame's `parameters`, and the number
   *
   * @minItems 1
   * @maxItems 64
   */
  values: [[number, number], ...[number, number][]];
}
/**
 * Learn these points from epoch 0 on, in place of all others. Of two classes the first is blue.
 */
export interface LearnPoints {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "learn-points";
  targets: "classes" | "values";
  /**
   * x, y, and the class from 0 or the value
   *
   * @minItems 1
   * @maxItems 1200
   */
  points: [[number, number, number], ...[number, number, number][]];
  /**
   * names of x, y and what is learned
   *
   * @maxItems 3
   */
  columns?: [] | [string] | [string, string] | [string, string, string];
  /**
   * of the classes
   *
   * @maxItems 10
   */
  names?:
    | []
    | [string]
    | [string, string]
    | [string, string, string]
    | [string, string, string, string]
    | [string, string, string, string, string]
    | [string, string, string, string, string, string]
    | [string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string]
    | [string, string, string, string, string, string, string, string, string, string];
}
/**
 * Learn points all over the plane that a formula labels, from epoch 0 on, in place of all others.
 */
export interface LearnFormula {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "learn-formula";
  /**
   * a condition in each line, for classes, or `z = ...` for values
   */
  text: string;
  /**
   * of the points
   */
  count?: number;
  /**
   * of their places; null: the run's
   */
  seed?: string | null;
}
/**
 * Add points; the network and the epoch stay, unless a class is new. The set of before becomes an own one.
 */
export interface AddPoints {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "add-points";
  /**
   * x, y, and the class from 0 or the value
   *
   * @minItems 1
   * @maxItems 1200
   */
  points: [[number, number, number], ...[number, number, number][]];
}
/**
 * Take away the points that a round eraser touches on its way; the network and the epoch stay.
 */
export interface ErasePoints {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "erase-points";
  /**
   * places, joined by straight lines
   *
   * @minItems 1
   * @maxItems 200
   */
  path: [[number, number], ...[number, number][]];
  radius: number;
}
/**
 * Move the point that is nearest to a place; the network and the epoch stay.
 */
export interface MovePoint {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "move-point";
  /**
   * @minItems 2
   * @maxItems 2
   */
  start: [number, number];
  /**
   * @minItems 2
   * @maxItems 2
   */
  end: [number, number];
}
/**
 * Ask what the network says at a place of the plane; null ends it.
 */
export interface LookAt {
  type: "look";
  /**
   * x and y
   */
  at: [number, number] | null;
}
/**
 * Ask for every number of a training step at one point, for all units and in full for one; null ends it.
 */
export interface Explain {
  type: "explain";
  /**
   * a training point by its number from 1, a place of the plane, or the next batch
   */
  of: number | [number, number] | "batch" | null;
  /**
   * which point of the batch, from 0
   */
  example?: number;
  /**
   * layer and neuron, both from 1
   */
  unit?: [number, number] | null;
  /**
   * with a central difference for each parameter of the unit
   */
  check?: boolean;
}
/**
 * Ask for the training loss over a plane in the space of the parameters, or along one weight; null ends it.
 */
export interface Surface {
  type: "surface";
  /**
   * two weights, one, or directions: down the gradient, principal components of the path, random ones
   */
  of: ("weights" | "weight" | "gradient" | "path" | "random") | null;
  /**
   * positions in the frame's `parameters`; of one weight the first
   *
   * @minItems 2
   * @maxItems 2
   */
  weights?: [number, number];
  /**
   * each step makes the radius smaller by the root of two
   */
  zoom?: number;
  /**
   * of the random directions
   */
  seed?: number;
  /**
   * of a race of the training methods, as values of the two weights
   */
  start?: [number, number] | null;
  /**
   * another number starts the same race anew
   */
  races?: number;
}
/**
 * Ask where the points and the grid of the plane lie in the space of a layer; null ends it.
 */
export interface LookInto {
  type: "space";
  /**
   * from 1; the last one if there are fewer
   */
  layer: number | null;
  /**
   * of the axes, from 1; none for the first principal plane
   */
  units?: [] | [number, number] | [number, number, number];
  /**
   * all on the way from the layer's input, not only the last
   */
  phases?: boolean;
}
/**
 * Go back to epoch 0 with a new seed: other first weights, another order of the digits.
 *
 * On the wire it has the name that pages know of other labs; here another one, as the page's types have all in one.
 */
export interface NewSeed {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "new-weights";
}
/**
 * Switch a unit or filter off, or on again; its weights stay.
 */
export interface SwitchUnit {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "switch-unit";
  twin: "plain" | "convolutional";
  /**
   * from 1
   */
  layer: number;
  /**
   * or filter, from 1
   */
  unit: number;
  off: boolean;
}
/**
 * Give a unit or filter other weights, also while training.
 */
export interface SetUnit {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "set-unit";
  twin: "plain" | "convolutional";
  /**
   * from 1
   */
  layer: number;
  /**
   * or filter, from 1
   */
  unit: number;
  /**
   * row by row, as in `facts`, without the last dimension
   */
  weights: number[];
  bias: number;
}
/**
 * Set one weight of a unit or filter, or its bias, also while training: all others go on as they are.
 */
export interface SetUnitsWeight {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "set-unit-weight";
  twin: "plain" | "convolutional";
  /**
   * from 1
   */
  layer: number;
  /**
   * or filter, from 1
   */
  unit: number;
  /**
   * of the weight, from 0, in the order of `set-unit`; null for the bias
   */
  place: number | null;
  value: number;
}
/**
 * Give a unit or filter the weights that it had before the first `set-unit` or `set-unit-weight`.
 */
export interface RestoreUnit {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "restore-unit";
  twin: "plain" | "convolutional";
  /**
   * from 1
   */
  layer: number;
  /**
   * or filter, from 1
   */
  unit: number;
}
/**
 * The image on the pad: drawn, or a test digit; scaled, turned and moved. Without either the pad is empty.
 */
export interface Draw {
  type: "draw";
  /**
   * 784 bytes of ink in base64
   */
  pixels?: string | null;
  /**
   * a test digit, in the material's order
   */
  digit?: number | null;
  /**
   * pixels to the right and down
   *
   * @minItems 2
   * @maxItems 2
   */
  move?: [number, number];
  /**
   * degrees, with the clock
   */
  turn?: number;
  scale?: number;
}
/**
 * Ask for misread digits at a shift of the map; null ends it.
 */
export interface Cell {
  type: "cell";
  /**
   * pixels to the right and down
   */
  at: [number, number] | null;
}
/**
 * Other points of the same kind, and another order: a new seed, from step 0 on.
 */
export interface NewPoints {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "new-points";
}
/**
 * Ask for the error and its gradient at a place; null ends it.
 */
export interface Hover {
  type: "hover";
  /**
   * each weight
   */
  at: [] | [number] | [number, number] | null;
}
/**
 * Go back to epoch 0 with a new seed: other first weights, another order, other points.
 *
 * On the wire it has the name that pages know of other labs; here another one, as the page's types have all in one.
 */
export interface AnotherSeed {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "new-weights";
}
/**
 * Ask for both reconstructions of a test example; null ends it.
 */
export interface Example {
  type: "example";
  /**
   * in the material's order
   */
  number: number | null;
}
/**
 * Ask what the decoder, or PCA, makes of a code; null ends it.
 */
export interface Decode {
  type: "decode";
  /**
   * as many numbers as the code has
   */
  code: number[] | null;
  by?: "decoder" | "pca";
}
/**
 * Go back to round 0 with a new seed: other points, first weights, noise and batches.
 *
 * On the wire it has the name that pages know of other labs.
 */
export interface OtherSeed {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "new-weights";
}
/**
 * Ask for the present experiment with the seeds 1 to 16; null rounds end it. A new number asks anew.
 */
export interface SixteenSeeds {
  type: "sixteen-seeds";
  /**
   * of each
   */
  rounds: number | null;
  /**
   * of the question
   */
  number: number;
}
/**
 * Change what the page shows beside the experiment; what is left out, or null, stays.
 *
 * Its other fields are those of the lab's view, all but the speed: the session checks them.
 */
export interface PlaneShow {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "show";
  hide?: string[] | null;
  hide_text?: boolean | null;
  lesson?: string | null;
  log_loss?: boolean | null;
  log_epoch?: boolean | null;
  show_test?: boolean | null;
  discretize?: boolean | null;
  gradients?: boolean | null;
  errors?: boolean | null;
  explain?: string | null;
  phase?: string | null;
  surface?: string | null;
  surface_relief?: boolean | null;
  relief?: boolean | null;
  space?: string | null;
}
/**
 * Change what the page shows beside the experiment; what is left out, or null, stays.
 *
 * Its other fields are those of the lab's view, all but the speed: the session checks them.
 */
export interface DigitsShow {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "show";
  hide?: string[] | null;
  hide_text?: boolean | null;
  lesson?: string | null;
  log_loss?: boolean | null;
  log_epoch?: boolean | null;
  shift_map?: boolean | null;
  centre?: boolean | null;
  inside_plain?: boolean | null;
  layer?: number | null;
  readouts?: boolean | null;
  test_digit?: number | null;
  right?: number | null;
  down?: number | null;
  turn?: number | null;
  size?: number | null;
  ink?: string | null;
}
/**
 * Change what the page shows beside the experiment; what is left out, or null, stays.
 *
 * Its other fields are those of the lab's view, all but the speed: the session checks them.
 */
export interface DescentShow {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "show";
  hide?: string[] | null;
  hide_text?: boolean | null;
  lesson?: string | null;
  log_loss?: boolean | null;
  log_epoch?: boolean | null;
  singles?: boolean | null;
}
/**
 * Change what the page shows beside the experiment; what is left out, or null, stays.
 *
 * Its other fields are those of the lab's view, all but the speed: the session checks them.
 */
export interface AutoencoderShow {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "show";
  hide?: string[] | null;
  hide_text?: boolean | null;
  lesson?: string | null;
  log_loss?: boolean | null;
  log_epoch?: boolean | null;
  across?: number | null;
  up?: number | null;
  tint?: number | null;
}
/**
 * Change what the page shows beside the experiment; what is left out, or null, stays.
 *
 * Its other fields are those of the lab's view, all but the speed: the session checks them.
 */
export interface GANShow {
  /**
   * the page's own number, echoed in the answer and in frames
   */
  seq?: number;
  type: "show";
  hide?: string[] | null;
  hide_text?: boolean | null;
  lesson?: string | null;
  log_loss?: boolean | null;
  log_epoch?: boolean | null;
  field?: boolean | null;
  arrows?: boolean | null;
  bent_grid?: boolean | null;
  best?: boolean | null;
}
/**
 * The answer to `hello`; a `State`, what frames refer to, and a frame follow.
 */
export interface Welcome {
  type: "welcome";
  protocol: number;
  token: string;
  resumed: "live" | "checkpoint" | "copy" | "none";
  age: number;
  handled: number;
  limits: {
    [k: string]: number;
  };
}
/**
 * There is no session for this page now, or soon: the connection ends after it.
 */
export interface Away {
  type: "away";
  reason: "full" | "restart";
  retry_after: number;
}
/**
 * The whole of what the page's controls show, after each command and when training ends by itself.
 */
export interface State {
  type: "state";
  seq: number;
  lab: string;
  run: number;
  settings: {
    [k: string]: unknown;
  };
  playing: boolean;
  speed: number | null;
  focus: [number, number] | null;
  divergence: Divergence | null;
  stop: Stop | null;
  failed: boolean;
  best_epoch: number | null;
  view: {
    [k: string]: unknown;
  };
  link: string;
  undo: string;
  redo: string;
  timeline: Timeline | null;
  facts: {
    [k: string]: unknown;
  };
}
/**
 * Training left the finite numbers; the parameters are the last finite ones.
 */
export interface Divergence {
  epoch: number;
  step: number;
  layer: number;
  largest: number;
  trail: (number | null)[];
}
/**
 * A stop condition ended training.
 */
export interface Stop {
  reason: "epochs" | "loss" | "accuracy" | "plateau";
  epoch: number;
  value: number | null;
}
/**
 * The epochs that `go-to` goes to, while the run itself is somewhere on it.
 */
export interface Timeline {
  first: number;
  tip: number | null;
  changes: number[];
}
/**
 * After a link that could not be taken as it stood.
 */
export interface Opened {
  type: "opened";
  seq: number;
  repairs: string[];
}
/**
 * The link that was asked for.
 */
export interface Shared {
  type: "shared";
  seq: number;
  link: string;
}
/**
 * How far a run with another seed is, or what has become of it.
 */
export interface Seeded {
  type: "seeded";
  seq: number;
  seed: string;
  epoch: number;
  done: boolean;
  diverged: boolean;
  history: (number | null)[][];
  metrics: {
    [k: string]: number | null;
  };
}
/**
 * A message that changed nothing, and why.
 */
export interface Rejected {
  type: "rejected";
  seq: number;
  field: string;
  came: string;
  expected: string;
  place: [number, number] | null;
}
/**
 * One experiment. The defaults are TensorFlow Playground's. Raises Refused.
 */
export interface PlaneSettings {
  dataset:
    | "circle"
    | "xor"
    | "gauss"
    | "spiral"
    | "moons"
    | "rings"
    | "checkerboard"
    | "sine"
    | "cubic"
    | "abs"
    | "logic-xor"
    | "logic-and"
    | "logic-or"
    | "reg-plane"
    | "reg-gauss"
    | "reg-logic-xor"
    | "reg-logic-and"
    | "reg-logic-or"
    | "own"
    | "reg-own";
  noise: number;
  train_share: number;
  classes: number;
  seed: string;
  draw: number;
  inputs: ("x" | "y" | "xSquared" | "ySquared" | "xTimesY" | "sinX" | "sinY" | "own")[];
  own_input: string;
  hidden: number[];
  initialization:
    "uniform" | "zeros" | "xavier-normal" | "xavier-uniform" | "he-normal" | "he-uniform" | "lecun-normal" | "large";
  activation: "tanh" | "sigmoid" | "relu" | "leaky-relu" | "elu" | "gelu" | "swish" | "mish" | "sine" | "linear";
  activations: (
    ("tanh" | "sigmoid" | "relu" | "leaky-relu" | "elu" | "gelu" | "swish" | "mish" | "sine" | "linear") | "same"
  )[];
  connections: "plain" | "residual" | "dense";
  batch_norm: boolean;
  dropout: number;
  lesions: [number, number][];
  loss: "squared-error" | "cross-entropy";
  learning_rate: number;
  batch_size: number | "all";
  regularization: "none" | "L1" | "L2";
  regularization_rate: number;
  method: "sgd" | "momentum" | "nesterov" | "adagrad" | "rmsprop" | "adam" | "adamw";
  momentum: number;
  weight_decay: number;
  label_smoothing: number;
  clip: number;
  schedule: "constant" | "step" | "cosine" | "warm-up" | "one-cycle";
  schedule_epochs: number;
  order: "sequence" | "shuffle" | "random";
  stop_epochs: number;
  stop_loss: number;
  stop_accuracy: number;
  stop_plateau: number;
  stop_set: "test" | "train";
  [k: string]: unknown;
}
/**
 * Raises Refused.
 */
export interface PlaneView {
  hide: string[];
  hide_text: boolean;
  lesson: string;
  speed: number | null;
  log_loss: boolean;
  log_epoch: boolean;
  show_test: boolean;
  discretize: boolean;
  gradients: boolean;
  errors: boolean;
  explain: string;
  phase: string;
  surface: string;
  surface_relief: boolean;
  relief: boolean;
  space: string;
  [k: string]: unknown;
}
/**
 * What its controls and pictures depend on.
 */
export interface PlaneFacts {
  problem: "classification" | "regression";
  objective: "squared-error" | "cross-entropy" | "categorical-cross-entropy";
  classes: number;
  most_classes: number;
  is_fixed: boolean;
  own: OwnPoints | null;
  /**
   * @minItems 2
   * @maxItems 2
   */
  domain: [number, number];
  shape: number[];
  layout: TensorPlace[];
  parameter_count: number;
  weight_count: number;
  bias_count: number;
}
/**
 * What is known of points that somebody gave, beside the points.
 */
export interface OwnPoints {
  count: number;
  columns: string[];
  classes: string[];
  formula: string;
  notices: string[];
}
/**
 * A part of a frame's `parameters`.
 */
export interface TensorPlace {
  name: string;
  offset: number;
  shape: number[];
}
/**
 * One experiment with two networks, the twins. Raises Refused.
 */
export interface DigitsSettings {
  seed: string;
  digits: number;
  shifts: number;
  shuffled_pixels: boolean;
  hidden: number[];
  filters: number[];
  filter_size: number;
  padding: "same" | "valid";
  pooling: "2x2" | "none";
  head: "flatten" | "global-max";
  activation: "relu" | "tanh" | "sigmoid" | "linear";
  dropout: number;
  plain_off: [number, number][];
  convolutional_off: [number, number][];
  learning_rate: number;
  batch_size: number;
  method: "sgd" | "momentum" | "nesterov" | "adagrad" | "rmsprop" | "adam" | "adamw";
  momentum: number;
  weight_decay: number;
  stop_epochs: number;
  stop_loss: number;
  stop_accuracy: number;
  stop_plateau: number;
  stop_set: "test" | "train";
  [k: string]: unknown;
}
/**
 * Raises Refused.
 */
export interface DigitsView {
  hide: string[];
  hide_text: boolean;
  lesson: string;
  speed: number | null;
  log_loss: boolean;
  log_epoch: boolean;
  shift_map: boolean;
  centre: boolean;
  inside_plain: boolean;
  layer: number;
  readouts: boolean;
  test_digit: number;
  right: number;
  down: number;
  turn: number;
  size: number;
  ink: string;
  [k: string]: unknown;
}
/**
 * What its controls and pictures depend on.
 */
export interface DigitsFacts {
  plain: LayerFact[];
  convolutional: LayerFact[];
  plain_parameters: number;
  convolutional_parameters: number;
  plain_edited: [number, number][];
  convolutional_edited: [number, number][];
  classes: number;
  test_digits: number;
  side: number;
}
/**
 * A layer with weights. Offsets are places in the frame's `parameters_plain` or `parameters_convolutional`.
 */
export interface LayerFact {
  kind: "convolution" | "dense";
  units: number;
  size: number;
  sums_side: number;
  side: number;
  pool: "none" | "2x2" | "global";
  parameters: number;
  weights_offset: number;
  weights_shape: number[];
  biases_offset: number;
}
/**
 * One experiment. Raises Refused.
 */
export interface DescentSettings {
  problem:
    "bowl" | "double-well" | "slope" | "line" | "neuron" | "valley" | "rosenbrock" | "beale" | "himmelblau" | "saddle";
  curvature: number;
  points: number;
  noise: number;
  seed: string;
  start: number[];
  race: "one" | "rates" | "runners" | "methods";
  learning_rate: number;
  method: "sgd" | "momentum" | "nesterov" | "adagrad" | "rmsprop" | "adam" | "adamw";
  runner: "batch" | "sequence" | "replacement" | "mini-batch";
  batch_size: number;
  rates: number[];
  momentum: number;
  weight_decay: number;
  schedule: "constant" | "step" | "cosine" | "warm-up" | "one-cycle";
  schedule_steps: number;
  stop_epochs: number;
  stop_loss: number;
  [k: string]: unknown;
}
/**
 * Raises Refused.
 */
export interface DescentView {
  hide: string[];
  hide_text: boolean;
  lesson: string;
  speed: number | null;
  log_loss: boolean;
  log_epoch: boolean;
  singles: boolean;
  [k: string]: unknown;
}
/**
 * What its controls and pictures depend on.
 */
export interface DescentFacts {
  weights: string[];
  window: [number, number][];
  start: number[];
  minima: MinimumFact[];
  curvatures: [number, number] | null;
  racers: RacerFact[];
  has_points: boolean;
  across: [number, number] | null;
}
/**
 * A minimum of the error.
 */
export interface MinimumFact {
  at: number[];
  error: number;
  is_lowest: boolean;
}
/**
 * One of those who descend, in the order of the losses.
 */
export interface RacerFact {
  name: string;
  method: "sgd" | "momentum" | "nesterov" | "adagrad" | "rmsprop" | "adam" | "adamw";
  runner: "batch" | "sequence" | "replacement" | "mini-batch";
  rate: number;
}
/**
 * One experiment. The decoder mirrors the encoder. Raises Refused.
 */
export interface AutoencoderSettings {
  seed: string;
  examples: "digits" | "faces" | "ring" | "arc" | "spiral" | "line";
  noise: number;
  hidden: number[];
  code: number;
  linear: boolean;
  activation: "relu" | "tanh" | "sigmoid" | "linear";
  loss: "cross-entropy" | "squared";
  learning_rate: number;
  batch_size: number;
  method: "sgd" | "momentum" | "nesterov" | "adagrad" | "rmsprop" | "adam" | "adamw";
  momentum: number;
  schedule: "constant" | "step" | "cosine" | "warm-up" | "one-cycle";
  schedule_epochs: number;
  weight_decay: number;
  stop_epochs: number;
  stop_loss: number;
  stop_plateau: number;
  stop_set: "test" | "train";
  [k: string]: unknown;
}
/**
 * Raises Refused.
 */
export interface AutoencoderView {
  hide: string[];
  hide_text: boolean;
  lesson: string;
  speed: number | null;
  log_loss: boolean;
  log_epoch: boolean;
  across: number;
  up: number;
  tint: number;
  [k: string]: unknown;
}
/**
 * What its controls and pictures depend on.
 */
export interface AutoencoderFacts {
  widths: number[];
  parameters: number;
  side: number;
  classes: number;
  train_examples: number;
  test_examples: number;
  error_pca: number;
  error_nothing: number;
  pca_errors: number[];
  factors: string[];
  multiplications: number;
}
/**
 * One experiment with a generator and a discriminator. Raises Refused.
 */
export interface GANSettings {
  dataset: "ring" | "grid" | "spiral" | "line" | "own";
  spread: number;
  drawing: number[];
  noise: "uniform" | "normal";
  dimensions: number;
  seed: string;
  generator: number[];
  discriminator: number[];
  generator_activation: "tanh" | "relu" | "leaky-relu" | "elu" | "sigmoid";
  discriminator_activation: "tanh" | "relu" | "leaky-relu" | "elu" | "sigmoid";
  objective: "minimax" | "non-saturating" | "least-squares" | "clipping" | "penalty";
  discriminator_rate: number;
  generator_rate: number;
  turns: number;
  method: "sgd" | "momentum" | "nesterov" | "adagrad" | "rmsprop" | "adam" | "adamw";
  momentum: number;
  batch_size: number;
  clip: number;
  penalty: number;
  stop_epochs: number;
  [k: string]: unknown;
}
/**
 * Raises Refused.
 */
export interface GANView {
  hide: string[];
  hide_text: boolean;
  lesson: string;
  speed: number | null;
  log_loss: boolean;
  log_epoch: boolean;
  field: boolean;
  arrows: boolean;
  bent_grid: boolean;
  best: boolean;
  [k: string]: unknown;
}
/**
 * What its controls and pictures depend on.
 */
export interface GANFacts {
  generator_parameters: number;
  discriminator_parameters: number;
  modes: [number, number][];
  farthest: number;
  work: number;
  is_probability: boolean;
}
/**
 * A table, and the points that it gives with these roles, or why it gives none.
 */
export interface PlanePreview {
  /**
   * in words: semicolons, decimal commas, UTF-16
   */
  dialect: string;
  rows: number;
  /**
   * what numbers of skipped rows count: line or row
   */
  place: string;
  columns: PreviewColumn[];
  /**
   * null if none were chosen and none can be proposed
   */
  roles: Roles | null;
  skipped: PreviewSkipped[];
  learned: PreviewPoints | null;
  /**
   * null if points are learned
   */
  refused: Refusal | null;
}
/**
 * One column of the table.
 */
export interface PreviewColumn {
  name: string;
  kind: "numbers" | "text" | "empty";
  /**
   * cells without a number, or without text
   */
  gaps: number;
  /**
   * what it seems to hold if it is learned
   */
  targets: "classes" | "values";
  /**
   * its first cells as they stand, cut to 40 characters; of 30 columns
   */
  first: string[];
}
/**
 * By the column's place in the table, from 0.
 */
export interface Roles {
  /**
   * the axis to the right
   */
  x: number;
  /**
   * the axis upwards
   */
  y: number;
  /**
   * what is learned; none: all points are of one class
   */
  target: number | null;
  /**
   * what the target holds
   */
  targets: "classes" | "values";
  /**
   * how numbers become places of the picture
   */
  scaling: "fit" | "axes" | "none";
}
/**
 * Rows that are left out for one reason.
 */
export interface PreviewSkipped {
  reason: string;
  count: number;
  /**
   * where the first three are: lines of the file, or rows of JSON
   */
  first: number[];
}
/**
 * What is learned with these roles: what `learn-points` takes, and what to know of it.
 */
export interface PreviewPoints {
  targets: "classes" | "values";
  /**
   * x, y, and the class from 0 or the value
   */
  points: [number, number, number][];
  columns: string[];
  /**
   * of the classes
   */
  names: string[];
  notes: string[];
  scaling: Scaling;
  /**
   * none if values are learned
   */
  classes: PreviewClass[];
}
/**
 * number in the picture = (number in the table - centre) x factor, for x, y and what is learned.
 */
export interface Scaling {
  /**
   * fit: one factor for both axes; axes: one for each; none: nothing changes
   */
  how: "fit" | "axes" | "none";
  /**
   * @minItems 3
   * @maxItems 3
   */
  centre: [number, number, number];
  /**
   * @minItems 3
   * @maxItems 3
   */
  factor: [number, number, number];
}
/**
 * A class, and how many of the points are of it.
 */
export interface PreviewClass {
  name: string;
  count: number;
}
/**
 * Why something of a visitor's cannot be taken, where no command is rejected.
 */
export interface Refusal {
  field: string;
  came: string;
  expected: string;
}
