import { useLocale } from "next-intl";
import type { Drawing } from "./drawing.ts";
import { drawnFigure } from "./drawn-figures.ts";

/** A figure of a report that the server has, drawn there. */
export const ServerDrawing: Drawing = ({ figure, digest, audit, width }) => {
  const locale = useLocale();
  const html = { __html: drawnFigure(digest, figure, locale, width, audit) };
  // biome-ignore lint/security/noDangerouslySetInnerHtml: our own drawing; every text in it is escaped by the renderer
  return <div dangerouslySetInnerHTML={html} />;
};
