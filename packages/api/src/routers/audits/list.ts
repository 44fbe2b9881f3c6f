import { type AuditDefinition, registry } from "@assay/audits";
import { pillars } from "@assay/schema";
import { z } from "zod";
import { AuditInfo } from "../../shapes/audit.ts";
import { signedIn } from "../../trpc.ts";

export const list = signedIn
  .meta({
    openapi: {
      method: "GET",
      path: "/audits",
      tags: ["audits"],
      summary: "Every audit: its question, needs, settings and references",
    },
  })
  .output(z.array(AuditInfo))
  .query(() =>
    registry.map((audit: AuditDefinition) => ({
      id: audit.id,
      version: audit.version,
      pillar: pillars.find((pillar) => audit.id.startsWith(`${pillar}.`)) ?? pillars[0],
      needs: {
        columns: audit.needs.columns.map((need) => (typeof need === "string" ? need : [...need])),
        uses: [...audit.needs.uses],
        model: audit.needs.model ?? null,
      },
      text: { en: audit.text.en, "zh-CN": audit.text["zh-CN"] },
      references: [...audit.references],
      input: { ...z.toJSONSchema(audit.input, { io: "input" }) },
      defaults: audit.input.parse({}),
    })),
  );
