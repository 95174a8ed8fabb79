/** Draws a surface, points and a box with WebGL2. */

import {edges, TALL, triangles} from "./mesh.js";

const VERTICES = 100; // along each side

const SURFACE = `#version 300 es
  uniform mat3 view;
  uniform int count;
  uniform sampler2D heights;
  out vec2 place;
  out vec3 spot;
  void main() {
    place = vec2(gl_VertexID % count, gl_VertexID / count) / float(count - 1);
    float up = 2.0 * textureLod(heights, place, 0.0).r - 1.0;
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
    vec3 normal = normalize(cross(dFdx(spot), dFdy(spot)));
    float light = 0.68 + 0.32 * abs(dot(normal, normalize(vec3(0.4, 1.0, 0.3))));
    color = vec4(texture(picture, place).rgb * light, 1.0);
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

/** @typedef {{bytes: Uint8Array, side: number, picture: HTMLCanvasElement, matrix: number[], points: Float32Array, size: number, outline: readonly number[], line: readonly number[]}} Scene */

export class Renderer {
  #gl;
  #surface;
  #dots;
  #lines;
  #corners;
  #points;
  #box;
  #heights;
  #picture;
  #count = 0;

  /** @param {WebGL2RenderingContext} gl */
  constructor(gl) {
    this.#gl = gl;
    this.#surface = program(gl, SURFACE, LIGHT);
    this.#dots = program(gl, SPOT, DOT);
    this.#lines = program(gl, SPOT, LINE);
    this.#corners = filled(gl, gl.ELEMENT_ARRAY_BUFFER, triangles(VERTICES));
    this.#box = filled(gl, gl.ARRAY_BUFFER, edges());
    this.#points = gl.createBuffer();
    this.#heights = texture(gl);
    this.#picture = texture(gl);
    this.#count = 6 * (VERTICES - 1) ** 2;
    gl.enable(gl.DEPTH_TEST);
  }

  /** The pixels and heights of a new picture. @param {Scene} scene */
  take({bytes, side, picture}) {
    const gl = this.#gl;
    gl.pixelStorei(gl.UNPACK_ALIGNMENT, 1);
    gl.activeTexture(gl.TEXTURE0);
    gl.bindTexture(gl.TEXTURE_2D, this.#heights);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.R8, side, side, 0, gl.RED, gl.UNSIGNED_BYTE, bytes);
    gl.activeTexture(gl.TEXTURE1);
    gl.bindTexture(gl.TEXTURE_2D, this.#picture);
    gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, picture);
  }

  /** @param {Scene} scene */
  draw({matrix, points, size, outline, line}) {
    const gl = this.#gl;
    gl.viewport(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight);
    gl.clearColor(0, 0, 0, 0);
    gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
    this.#use(this.#surface, matrix);
    gl.uniform1i(gl.getUniformLocation(this.#surface, "count"), VERTICES);
    gl.uniform1i(gl.getUniformLocation(this.#surface, "heights"), 0);
    gl.uniform1i(gl.getUniformLocation(this.#surface, "picture"), 1);
    gl.disableVertexAttribArray(0);
    gl.disableVertexAttribArray(1);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, this.#corners);
    gl.drawElements(gl.TRIANGLES, this.#count, gl.UNSIGNED_SHORT, 0);
    this.#use(this.#lines, matrix);
    gl.uniform3fv(gl.getUniformLocation(this.#lines, "outline"), line);
    this.#attribute(0, this.#box, 3, 0);
    gl.drawArrays(gl.LINES, 0, 24);
    this.#use(this.#dots, matrix);
    gl.uniform3fv(gl.getUniformLocation(this.#dots, "outline"), outline);
    gl.uniform1f(gl.getUniformLocation(this.#dots, "size"), size);
    gl.bindBuffer(gl.ARRAY_BUFFER, this.#points);
    gl.bufferData(gl.ARRAY_BUFFER, points, gl.DYNAMIC_DRAW);
    this.#attribute(0, this.#points, 6, 0);
    this.#attribute(1, this.#points, 6, 3);
    gl.drawArrays(gl.POINTS, 0, points.length / 6);
  }

  /** @param {WebGLProgram} shaders @param {number[]} matrix */
  #use(shaders, matrix) {
    this.#gl.useProgram(shaders);
    this.#gl.uniformMatrix3fv(this.#gl.getUniformLocation(shaders, "view"), false, matrix);
  }

  /** Three numbers of each vertex. @param {number} place @param {WebGLBuffer | null} buffer @param {number} step numbers from vertex to vertex @param {number} first */
  #attribute(place, buffer, step, first) {
    const gl = this.#gl;
    gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
    gl.enableVertexAttribArray(place);
    gl.vertexAttribPointer(place, 3, gl.FLOAT, false, 4 * step, 4 * first);
  }
}

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
