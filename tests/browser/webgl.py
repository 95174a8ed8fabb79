"""Chromium without a graphics card, and without WebGL2."""

SOFTWARE = "GL Driver Message"  # of a Chromium that has no graphics card and reads back what it has drawn
NO_WEBGL2 = """
const getContext = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...more) {
  return kind === "webgl2" ? null : getContext.call(this, kind, ...more);
};"""
