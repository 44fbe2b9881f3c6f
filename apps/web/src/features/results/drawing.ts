import type { Figure } from "@assay/schema";
import type { ReactNode } from "react";

/** What draws a figure as an SVG in its place: on the server, or in the tab where the report is. */
export type Drawing = (drawn: {
  readonly figure: Figure;
  /** Of the report that the figure stands in. */
  readonly digest: string;
  readonly audit: string;
  readonly width: number;
}) => ReactNode;
