export { renderFigure } from "./figures/render-figure.ts";
export { fitting, type Renderer, type RendererId, renderers } from "./renderers/index.ts";
export * from "./text.ts";
