export { figureTable } from "./figures/figure-table.ts";
export { renderFigure } from "./figures/render-figure.ts";
export { type ColumnLayout, cellText, headText, renderTable, tableLayout } from "./render-table.ts";
export { type Renderer, type RendererId, renderers } from "./renderers/index.ts";
export * from "./text.ts";
