import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { exactly } from "@assay/api";
import type { RunDetail } from "@assay/db";
import { readReport, renderers } from "@assay/report";
import { AssayError, locales } from "@assay/schema";
import type { FastifyInstance, FastifyReply } from "fastify";
import { z } from "zod";
import type { Blobs } from "../storage/blobs.ts";
import { requireCaller, type Surface } from "./context.ts";
import { sendStored } from "./send-file.ts";

const Params = z.object({ id: z.string() });
const Format = z.object({ id: z.string(), format: z.string() });
const BesideFile = z.object({ id: z.string(), "*": z.string() });
const ArtifactName = z.object({ id: z.string(), name: z.string() });
const Options = exactly({
  lang: z.enum(locales, `write ${locales.join(" or ")}`).default("en"),
  /** Shown in the browser instead of saved. */
  inline: z.enum(["0", "1"]).default("0"),
});

/** Reports in every format that there is a renderer for, the run's plan, the files beside a report, and models' files. */
export function downloadRoutes(app: FastifyInstance, surface: Surface, blobs: Blobs): void {
  const { stores } = surface;

  app.get("/api/v1/runs/:id/report.:format", async (request, reply) => {
    await requireCaller(surface, request.headers);
    const { id, format } = Format.parse(request.params);
    const options = Options.safeParse(request.query);
    if (!options.success) throw new AssayError("usage", options.error.issues.map((issue) => issue.message).join("; "));
    const renderer = renderers.find((one) => one.extension === format);
    if (renderer === undefined) {
      const known = renderers.map((one) => one.extension).join(", ");
      throw new AssayError("not-found", `reports come as ${known}, not as ${format}`);
    }
    const run = await stores.runs.get(id);
    const json = await stores.reports.json(id);
    const { lang, inline } = options.data;
    // The stored bytes themselves: a digest made of them stays right.
    const body = format === "json" ? json : renderer.render(readReport(JSON.parse(json)), { locale: lang });
    const name = fileName(run, `report${lang === "en" ? "" : `.${lang}`}.${format}`);
    return send(reply, renderer.mediaType, name, inline === "1").send(body);
  });

  app.get("/api/v1/runs/:id/audit.yaml", async (request, reply) => {
    await requireCaller(surface, request.headers);
    const run = await stores.runs.get(Params.parse(request.params).id);
    return send(reply, "application/yaml; charset=utf-8", fileName(run, "audit.yaml"), false).send(run.planYaml);
  });

  app.get("/api/v1/runs/:id/artifacts/:name", async (request, reply) => {
    await requireCaller(surface, request.headers);
    const { id, name } = ArtifactName.parse(request.params);
    const path = blobs.path(await stores.reports.artifact(id, name));
    const { size } = await stat(path);
    return send(reply, "application/octet-stream", name, false)
      .header("content-length", size)
      .send(createReadStream(path));
  });

  app.get("/api/v1/model-versions/:id/file", async (request, reply) => {
    await requireCaller(surface, request.headers);
    const { fileName, digest, sizeBytes } = await stores.models.version(Params.parse(request.params).id);
    send(reply, "application/octet-stream", fileName, false);
    return sendStored(request, reply, { path: blobs.path(digest), digest, sizeBytes });
  });

  app.get("/api/v1/model-versions/:id/files/*", async (request, reply) => {
    await requireCaller(surface, request.headers);
    const { id, "*": name } = BesideFile.parse(request.params);
    const version = await stores.models.version(id);
    const file = version.files.find((one) => one.name === name);
    if (file === undefined) {
      throw new AssayError("not-found", `${version.fileName} has no file ${JSON.stringify(name)} beside it`);
    }
    send(reply, "application/octet-stream", name.split("/").at(-1) ?? name, false);
    return sendStored(request, reply, { ...file, path: blobs.path(file.digest) });
  });
}

/** A pushed report holds whatever its sender wrote: it may draw, but run nothing and reach nothing. */
function send(reply: FastifyReply, type: string, name: string, inline: boolean): FastifyReply {
  return reply
    .header("content-type", type)
    .header("content-disposition", `${inline ? "inline" : "attachment"}; filename*=UTF-8''${encodeURIComponent(name)}`)
    .header(
      "content-security-policy",
      "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; sandbox",
    )
    .header("x-content-type-options", "nosniff")
    .header("cache-control", "private, no-cache");
}

function fileName(run: RunDetail, rest: string): string {
  return `${run.project.slug}-${run.number}-${rest}`;
}
