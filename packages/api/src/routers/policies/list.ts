import { frameworks } from "@assay/audits";
import { Policy } from "@assay/schema";
import { z } from "zod";
import { kept } from "../../shapes/kept.ts";
import { signedIn } from "../../trpc.ts";

export const list = signedIn
  .meta({ openapi: { method: "GET", path: "/policies", tags: ["policies"], summary: "The built-in policies" } })
  .output(z.array(kept(Policy)))
  .query(() => [...frameworks]);
