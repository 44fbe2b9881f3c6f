import { renderers, renderFigure } from "@assay/report";
import { AssayError } from "@assay/schema";
import type { AskedDrawing, DrawingAnswer } from "./drawing-messages.ts";
import { holdLife } from "./life.ts";

holdLife();

/** Draws figures and writes files of reports with the renderers that the server has, beside the page and not in its way. */
addEventListener("message", ({ data }: MessageEvent<AskedDrawing>) => {
  const tell = (answer: DrawingAnswer): void => postMessage(answer);
  try {
    tell({ id: data.id, text: textOf(data) });
  } catch (error) {
    tell({ id: data.id, fault: error instanceof Error ? error.message : String(error) });
  }
});

function textOf(asked: AskedDrawing): string {
  if (asked.ask === "warm-up") return "";
  if (asked.ask === "draw") return renderFigure(asked.figure, { locale: asked.locale, width: asked.width });
  const renderer = renderers.find(({ id }) => id === asked.format);
  if (renderer === undefined) throw new AssayError("not-supported", `no report is written as ${asked.format}`);
  return renderer.render(asked.report, { locale: asked.locale });
}
