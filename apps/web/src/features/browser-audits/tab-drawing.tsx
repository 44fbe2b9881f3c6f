"use client";

import { useLocale, useTranslations } from "next-intl";
import { useEffect, useState } from "react";
import type { Drawing } from "../results/drawing.ts";
import { drawHere } from "./drawing-worker.ts";

/** A figure of a report that only this tab has, drawn here. */
export const TabDrawing: Drawing = ({ figure, width }) => {
  const t = useTranslations("tabAudit");
  const locale = useLocale();
  const [svg, setSvg] = useState<string | null>(null);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    let current = true;
    drawHere(figure, locale, width).then(
      (drawn) => {
        if (current) setSvg(drawn);
      },
      () => {
        if (current) setFailed(true);
      },
    );
    return () => {
      current = false;
    };
  }, [figure, locale, width]);
  if (failed) return <p className="m-0 text-sm text-muted">{t("undrawn")}</p>;
  if (svg === null) return <div aria-hidden="true" className="skeleton h-60" />;
  const html = { __html: svg };
  // biome-ignore lint/security/noDangerouslySetInnerHtml: our own drawing; every text in it is escaped by the renderer
  return <div dangerouslySetInnerHTML={html} />;
};
