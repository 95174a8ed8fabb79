/** Draws a surface, points, trails and a box with WebGL2. */

import {edges, TALL, triangles} from "./mesh.js";

const SURFACE = `#version 300 es
  uniform mat3 view;
  uniform int count;
  uniform float rim;
  uniform sampler2D heights;
  out vec2 place;
  out vec3 spot;
  void main() {
    place = vec2(gl_VertexID % count, gl_VertexID / count) / float(count - 1);
    float up = 2.0 * textureLod(heights, mix(vec2(rim), vec2(1.0 - rim), place), 0.0).r - 1.0;
    spot = vec3(2.0 * place.x - 1.0, ${TALL} * up, 2.0 * place.y - 1.0);
    gl_Position = vec4(view * spot, 1.0);
  }`;
const LIGHT = `#version 300 es
  precision highp float;
  uniform sampler2D picture;
  in vec2 place;
  in vec3 spot;
  out vec4 color;
  void main() {
    vec4 paint = texture(picture, place);
    if (paint.a < 0.99) discard; // no height is known here
    vec3 normal = normalize(cross(dFdx(spot), dFdy(spot)));
    float light = 0.68 + 0.32 * abs(dot(normal, normalize(vec3(0.4, 1.0, 0.3))));
    color = vec4(paint.rgb * light, 1.0);
  }`;
const SPOT = `#version 300 es
  uniform mat3 view;
  uniform float size;
  layout(location = 0) in vec3 spot;
  layout(location = 1) in vec3 paint;
  out vec3 ink;
  void main() {
    ink = paint;
    gl_PointSize = size;
    gl_Position = vec4(view * spot - vec3(0.0, 0.0, 0.02), 1.0); // before the surface on which it lies
  }`;
const DOT = `#version 300 es
  precision highp float;
  uniform vec3 outline;
  in vec3 ink;
  out vec4 color;
  void main() {
    float far = 2.0 * distance(gl_PointCoord, vec2(0.5));
    if (far > 1.0) discard;
    color = vec4(far > 0.75 ? outline : ink, 1.0);
  }`;
const LINE = `#version 300 es
  precision highp float;
  uniform vec3 outline;
  in vec3 ink;
  out vec4 color;
  void main() {
    color = vec4(outline, 1.0);
  }`;

const PIECE = `#version 300 es
  uniform mat3 view;
  uniform float reach;
  uniform float cap;
  uniform float nearer;
  layout(location = 0) in vec3 begin;
  layout(location = 1) in vec3 end;
  layout(location = 2) in vec3 paint;
  out vec3 ink;
  void main() {
    vec3 a = view * begin;
    vec3 b = view * end;
    vec2 way = b.xy - a.xy;
    vec2 along = length(way) > 1e-6 ? normalize(way) : vec2(1.0, 0.0);
    vec2 corner = 2.0 * vec2(gl_VertexID & 1, gl_VertexID >> 1) - 1.0;
    vec3 spot = corner.x < 0.0 ? a : b;
    spot.xy += reach * (cap * corner.x * along + corner.y * vec2(-along.y, along.x));
    ink = paint;
    gl_Position = vec4(spot - vec3(0.0, 0.0, nearer), 1.0);
  }`;
const STROKE = `#version 300 es
  precision highp float;
  uniform vec4 tint;
  uniform float strength;
  in vec3 ink;
  out vec4 color;
  void main() {
    color = vec4(mix(ink, tint.rgb, tint.a) * strength, strength);
  }`;

/** Widths of a trail's strokes in pixels of the style sheet, what they are tinted with, and how far before the surface. */
const STROKES = /** @type {const} */ ([
  {width: 5.5, tint: [0, 0, 0, 1], nearer: 0.02},
  {width: 4, tint: [1, 1, 1, 1], nearer: 0.024},
  {width: 2.5, tint: [0, 0, 0, 0], nearer: 0.028},
]);
const BEHIND = {width: 2, tint: /** @type {const} */ ([1, 1, 1, 0.25]), strength: 0.6}; // seen through the surface
const PIECE_NUMBERS = 9; // begin, end and colour

/**
 * @typedef {object} Scene
 * @property {Uint8Array | Float32Array} heights row by row from the far edge: bytes, or numbers from 0 to 1
 * @property {number} side heights on each side
 * @property {boolean} isToRim whether the first and the last heights lie on the edges, not half a step within
 * @property {HTMLCanvasElement} picture the paint; the surface has holes where it is transparent
 * @property {Float32Array} [points] each place and colour: right, up, near, red, green, blue
 * @property {number} [size] of a point, in pixels of the screen
 * @property {Float32Array} [trails] pieces: where they begin and end, and their colour
 * @property {readonly number[]} outline of the points: red, green, blue from 0 to 1
 * @property {readonly number[]} line colour of the box
 */

export class Renderer {
  #gl;
  #surface;
  #dots;
  #lines;
  #strokes;
  #corners;
  #moving;
  #box;
  #heights;
  #picture;
  #vertices;

  /** @param {WebGL2RenderingContext} gl @param {number} vertices of the mesh on each side, at most 256 */
  constructor(gl, vertices) {
    this.#gl = gl;
    this.#vertices = vertices;
    this.#surface = program(gl, SURFACE, LIGHT);
    this.#dots = program(gl, SPOT, DOT);
    this.#lines = program(gl, SPOT, LINE);
    this.#strokes = program(gl, PIECE, STROKE);
    this.#corners = filled(gl, gl.ELEMENT_ARRAY_BUFFER, triangles(vertices));
    this.#box = filled(gl, gl.ARRAY_BUFFER, edges());
    this.#moving = gl.createBuffer();
    this.#heights = texture(gl);
    this.#picture = texture(gl);
    gl.enable(gl.DEPTH_TEST);
    gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
  }

  /** The pixels and heights of a new picture. @param {Scene} scene */
  take({heights, side, picture}) {
    const gl = this.#gl;
    const [inner, kind] =
      heights instanceof Float32Array ? [gl.R16F, gl.FLOAT] : [gl.R8, gl.UNSIGNED_BYTE];
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.#heights);
    gl.texImage2D(gl.TEXTURE_2D, 0, inner, side, side, 0, gl.RED, kind, heights);
    gl.activeTexture(gl.TEXTURE1);
    gl.bindTexture(gl.TEXTURE_2D, this.#picture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, picture);
  }

  /** @param {Scene} scene @param {number[]} matrix @param {number} width of the picture in pixels of the style sheet */
  draw(scene, matrix, width) {
    const gl = this.#gl;
    gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    this.#drawSurface(scene, matrix);
    this.#drawBox(scene, matrix);
    if (scene.points) this.#drawPoints(scene.points, scene, matrix);
    if (scene.trails) this.#drawTrails(scene.trails, matrix, width);
  }

  /** @param {Scene} scene @param {number[]} matrix */
  #drawSurface({side, isToRim}, matrix) {
    const gl = this.#gl;
    this.#use(this.#surface, matrix);
    gl.uniform1i(this.#place(this.#surface, "count"), this.#vertices);
    gl.uniform1f(this.#place(this.#surface, "rim"), isToRim ? 0.5 / side : 0);
    gl.uniform1i(this.#place(this.#surface, "heights"), 0);
    gl.uniform1i(this.#place(this.#surface, "picture"), 1);
    for (const place of [0, 1, 2]) gl.disableVertexAttribArray(place);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.#corners);
    gl.drawElements(gl.TRIANGLES, 6 * (this.#vertices - 1) ** 2, gl.UNSIGNED_SHORT, 0);
  }

  /** @param {Scene} scene @param {number[]} matrix */
  #drawBox({line}, matrix) {
    const gl = this.#gl;
    this.#use(this.#lines, matrix);
    gl.uniform3fv(this.#place(this.#lines, "outline"), line);
    this.#attribute(0, this.#box, 3, 0);
    gl.drawArrays(gl.LINES, 0, 24);
  }

  /** @param {Float32Array} points @param {Scene} scene @param {number[]} matrix */
  #drawPoints(points, {outline, size = 1}, matrix) {
    const gl = this.#gl;
    this.#use(this.#dots, matrix);
    gl.uniform3fv(this.#place(this.#dots, "outline"), outline);
    gl.uniform1f(this.#place(this.#dots, "size"), size);
    this.#fill(points);
    this.#attribute(0, this.#moving, 6, 0);
    this.#attribute(1, this.#moving, 6, 3);
    gl.drawArrays(gl.POINTS, 0, points.length / 6);
  }

  /** First, thin and faint, what the surface hides. @param {Float32Array} pieces @param {number[]} matrix @param {number} width */
  #drawTrails(pieces, matrix, width) {
    const gl = this.#gl;
    this.#use(this.#strokes, matrix);
    this.#fill(pieces);
    for (const place of [0, 1, 2]) {
      this.#attribute(place, this.#moving, PIECE_NUMBERS, 3 * place);
      gl.vertexAttribDivisor(place, 1);
    }
    const count = pieces.length / PIECE_NUMBERS;
    const stroke = (/** @type {Stroke} */ {width: wide, tint, nearer, strength}) => {
      gl.uniform1f(this.#place(this.#strokes, "reach"), wide / width);
      gl.uniform1f(this.#place(this.#strokes, "cap"), strength === 1 ? 1 : 0);
      gl.uniform1f(this.#place(this.#strokes, "nearer"), nearer);
      gl.uniform1f(this.#place(this.#strokes, "strength"), strength);
      gl.uniform4fv(this.#place(this.#strokes, "tint"), tint);
      gl.drawArraysInstanced(gl.TRIANGLE_STRIP, 0, 4, count);
    };
    gl.enable(gl.BLEND);
    gl.depthMask(false);
    gl.depthFunc(gl.GREATER);
    stroke({...BEHIND, nearer: 0.02});
    gl.depthFunc(gl.LESS);
    gl.depthMask(true);
    gl.disable(gl.BLEND);
    for (const each of STROKES) stroke({...each, strength: 1});
    for (const place of [0, 1, 2]) gl.vertexAttribDivisor(place, 0);
  }

  /** @param {WebGLProgram} shaders @param {number[]} matrix */
  #use(shaders, matrix) {
    this.#gl.useProgram(shaders);
    this.#gl.uniformMatrix3fv(this.#place(shaders, "view"), false, matrix);
  }

  /** @param {WebGLProgram} shaders @param {string} uniform */
  #place(shaders, uniform) {
    return this.#gl.getUniformLocation(shaders, uniform);
  }

  /** @param {Float32Array} values what changes from picture to picture */
  #fill(values) {
    const gl = this.#gl;
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#moving);
    gl.bufferData(gl.ARRAY_BUFFER, values, gl.DYNAMIC_DRAW);
  }

  /** Three numbers of each vertex. @param {number} place @param {WebGLBuffer | null} buffer @param {number} step numbers from vertex to vertex @param {number} first */
  #attribute(place, buffer, step, first) {
    const gl = this.#gl;
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.enableVertexAttribArray(place);
    gl.vertexAttribPointer(place, 3, gl.FLOAT, false, 4 * step, 4 * first);
  }
}

/** @typedef {{width: number, tint: readonly number[], nearer: number, strength: number}} Stroke */

/** @param {WebGL2RenderingContext} gl @param {string} vertex @param {string} fragment */
function program(gl, vertex, fragment) {
  const linked = gl.createProgram();
  for (const [kind, source] of /** @type {const} */ ([
    [gl.VERTEX_SHADER, vertex],
    [gl.FRAGMENT_SHADER, fragment],
  ])) {
    const shader = gl.createShader(kind);
    if (!shader) throw new Error("a shader is needed");
    gl.shaderSource(shader, source);
    gl.compileShader(shader);
    gl.attachShader(linked, shader);
  }
  gl.linkProgram(linked);
  if (!gl.getProgramParameter(linked, gl.LINK_STATUS) && !gl.isContextLost())
    throw new Error(`shaders: ${gl.getProgramInfoLog(linked)}`);
  return linked;
}

/** @param {WebGL2RenderingContext} gl @param {GLenum} target @param {Uint16Array<ArrayBuffer> | Float32Array<ArrayBuffer>} values */
function filled(gl, target, values) {
  const buffer = gl.createBuffer();
  gl.bindBuffer(target, buffer);
  gl.bufferData(target, values, gl.STATIC_DRAW);
  return buffer;
}

/** @param {WebGL2RenderingContext} gl */
function texture(gl) {
  const made = gl.createTexture();
  gl.bindTexture(gl.TEXTURE_2D, made);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MIN_FILTER, gl.LINEAR);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_MAG_FILTER, gl.LINEAR);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_S, gl.CLAMP_TO_EDGE);
  gl.texParameteri(gl.TEXTURE_2D, gl.TEXTURE_WRAP_T, gl.CLAMP_TO_EDGE);
  return made;
}
