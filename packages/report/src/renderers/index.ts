import { csv } from "./csv.ts";
import { html } from "./html.ts";
import { json } from "./json.ts";
import { ll144 } from "./ll144/index.ts";
import { md } from "./md.ts";
import { fitting, type Renderer } from "./renderer.ts";

/** Every file format of a report: what `--format` and the download menu offer. Alphabetical. */
export const renderers = [csv, html, json, ll144, md] as const satisfies readonly Renderer[];
export type RendererId = (typeof renderers)[number]["id"];
export { fitting, type Renderer };
