import { Readable } from "node:stream";
import type { FeedbackRow } from "@assay/db";
import { csvText, writeFeedbackTable } from "@assay/schema";
import type { FastifyInstance, FastifyReply } from "fastify";
import { z } from "zod";
import { requireCaller, type Surface } from "./context.ts";

const Params = z.object({ project: z.string() });
const RunParams = z.object({ id: z.string() });
/** A project's reports as CSV or JSON, and their counts as the table that a plan reads. */
export function feedbackExportRoutes(app: FastifyInstance, surface: Surface): void {
  const { stores, organizationId } = surface;

  app.get("/api/v1/projects/:project/feedback.csv", async (request, reply) => {
    await requireCaller(surface, request.headers);
    const project = await stores.projects.get(organizationId, Params.parse(request.params).project);
    const columns = await stores.feedback.groupColumns(project.id);
    const body = Readable.from(csvLines(columns, stores.feedback.pages(project.id)));
    return send(reply, "text/csv; charset=utf-8", `${project.slug}-feedback-reports.csv`).send(body);
  });

  app.get("/api/v1/projects/:project/feedback.json", async (request, reply) => {
    await requireCaller(surface, request.headers);
    const project = await stores.projects.get(organizationId, Params.parse(request.params).project);
    const body = Readable.from(jsonLines(stores.feedback.pages(project.id)));
    return send(reply, "application/json; charset=utf-8", `${project.slug}-feedback-reports.json`).send(body);
  });

  app.get("/api/v1/projects/:project/feedback-counts.csv", async (request, reply) => {
    await requireCaller(surface, request.headers);
    const project = await stores.projects.get(organizationId, Params.parse(request.params).project);
    const body = writeFeedbackTable(await stores.feedback.cells(project.id));
    return send(reply, "text/csv; charset=utf-8", "feedback.csv").send(body);
  });

  // What a run counted, so that its report can be computed again.
  app.get("/api/v1/runs/:id/feedback.csv", async (request, reply) => {
    await requireCaller(surface, request.headers);
    const { id } = await stores.runs.get(RunParams.parse(request.params).id);
    const body = writeFeedbackTable((await stores.feedback.cellsOf(id)) ?? []);
    return send(reply, "text/csv; charset=utf-8", "feedback.csv").send(body);
  });
}

type Pages = AsyncIterable<readonly FeedbackRow[]>;

/** A header, then a line a report; every text by the one rule against spreadsheets' formulas. */
async function* csvLines(columns: readonly string[], pages: Pages): AsyncGenerator<string> {
  const line = (fields: readonly string[]): string => `${fields.map(csvText).join(",")}\r\n`;
  yield line([
    ...["number", "received", "language", "state", "assignee", "what_happened", "decision", "decision_reference"],
    ...columns.map((column) => `group.${column}`),
    ...["contact", "run", "audit", "finding", "row", "closed", "erased"],
  ]);
  for await (const rows of pages) {
    yield rows
      .map((row) =>
        line([
          ...[String(row.number), row.receivedAt, row.locale, row.state, row.assignee?.name ?? ""],
          ...[row.what, row.decision ?? "", row.decisionReference],
          ...columns.map((column) => row.group[column] ?? ""),
          ...[row.contact, row.run === null ? "" : String(row.run.number)],
          ...[row.finding?.audit ?? "", row.finding?.id ?? "", row.rowId, row.closedAt ?? "", row.erasedAt ?? ""],
        ]),
      )
      .join("");
  }
}

/** One list, a line a report. */
async function* jsonLines(pages: Pages): AsyncGenerator<string> {
  let before = "[\n";
  for await (const rows of pages) {
    for (const row of rows) {
      yield `${before}${JSON.stringify(row)}`;
      before = ",\n";
    }
  }
  yield before === "[\n" ? "[]\n" : "\n]\n";
}

function send(reply: FastifyReply, type: string, name: string): FastifyReply {
  return reply
    .header("content-type", type)
    .header("content-disposition", `attachment; filename*=UTF-8''${encodeURIComponent(name)}`)
    .header("content-security-policy", "default-src 'none'; sandbox")
    .header("x-content-type-options", "nosniff")
    .header("cache-control", "private, no-store");
}
