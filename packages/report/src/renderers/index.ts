import { csv } from "./csv.ts";
import { html } from "./html.ts";
import { json } from "./json.ts";
import { md } from "./md.ts";
import type { Renderer } from "./renderer.ts";

/** Every file format of a report: what `--format` and the download menu offer. Alphabetical. */
export const renderers = [csv, html, json, md] as const satisfies readonly Renderer[];
export type RendererId = (typeof renderers)[number]["id"];
export type { Renderer };
