import { randomUUID } from "node:crypto";
import { basename, resolve } from "node:path";
import type { AppRouter } from "@assay/api";
import { digestJson, type PlanInput, type Report } from "@assay/schema";
import type { inferRouterOutputs } from "@trpc/server";
import { type LocatedPlan, locatePlan, planText, readPlanFile, withLinesOf } from "../local/plan-file.ts";
import { ProjectComparisons } from "./comparisons.ts";
import type { Connection } from "./connection.ts";
import { ProjectFeedback } from "./feedback.ts";
import { ProjectMitigations } from "./mitigations.ts";
import { findModelFiles, sizeOf } from "./model-files.ts";
import { ProjectModels } from "./models.ts";
import { Run, type RunRow } from "./run.ts";
import { ProjectSchedules } from "./schedules.ts";
import { type FileToSend, sendFiles } from "./send-files.ts";
import { type UploadOptions, uploadFile } from "./upload.ts";

type Outputs = inferRouterOutputs<AppRouter>;
export type ProjectRow = Outputs["projects"]["get"];
export type DatasetRow = Outputs["datasets"]["create"];

export interface CreateRun extends Omit<UploadOptions, "shown" | "what"> {
  /** A plan file, or a plan whose data path is relative to `folder`; both relative to the working folder unless told. */
  readonly plan: string | PlanInput;
  readonly folder?: string;
  /** A dataset that is on the server already; without it the plan's data file is uploaded. */
  readonly dataset?: string;
  /** The id of a version of a model that is on the server already; without it the plan's model file is uploaded. */
  readonly model?: string;
  /** Calls with the same key make one run. */
  readonly idempotencyKey?: string;
}

/** A project on the server. */
export class Project {
  readonly id: string;
  readonly row: ProjectRow;
  readonly comparisons: ProjectComparisons;
  readonly datasets: ProjectDatasets;
  readonly feedback: ProjectFeedback;
  readonly mitigations: ProjectMitigations;
  readonly models: ProjectModels;
  readonly reports: ProjectReports;
  readonly runs: ProjectRuns;
  readonly schedules: ProjectSchedules;

  constructor(connection: Connection, row: ProjectRow) {
    this.id = row.id;
    this.row = row;
    this.comparisons = new ProjectComparisons(connection, row.id);
    this.datasets = new ProjectDatasets(connection, row.id);
    this.feedback = new ProjectFeedback(connection, row.id);
    this.reports = new ProjectReports(connection, row.id);
    this.mitigations = new ProjectMitigations(connection, row.id);
    this.models = new ProjectModels(connection, row.id);
    this.runs = new ProjectRuns(connection, row.id, this.datasets, this.models);
    this.schedules = new ProjectSchedules(connection, row.id);
  }
}

export class ProjectDatasets {
  readonly #connection: Connection;
  readonly #project: string;

  constructor(connection: Connection, project: string) {
    this.#connection = connection;
    this.#project = project;
  }

  list(): Promise<Outputs["datasets"]["list"]> {
    return this.#connection.call((api) => api.datasets.list.query({ project: this.#project }), { repeat: true });
  }

  /** Uploads a file; the same bytes twice are one dataset. */
  async push(
    path: string,
    options: UploadOptions & {
      readonly name?: string;
      readonly counts?: boolean;
      readonly delimiter?: string;
      readonly header?: readonly string[];
    } = {},
  ): Promise<DatasetRow> {
    const upload = await uploadFile(this.#connection, this.#project, path, options);
    // The same upload again is the same dataset, so that a lost answer is asked for again.
    return this.#connection.call(
      (api) =>
        api.datasets.create.mutate({
          project: this.#project,
          upload,
          name: options.name ?? basename(path),
          ...(options.counts === undefined ? {} : { counts: options.counts }),
          ...(options.delimiter === undefined ? {} : { delimiter: options.delimiter }),
          ...(options.header === undefined ? {} : { header: [...options.header] }),
        }),
      { repeat: true },
    );
  }
}

export class ProjectRuns {
  readonly #connection: Connection;
  readonly #project: string;
  readonly #datasets: ProjectDatasets;
  readonly #models: ProjectModels;

  constructor(connection: Connection, project: string, datasets: ProjectDatasets, models: ProjectModels) {
    this.#connection = connection;
    this.#project = project;
    this.#datasets = datasets;
    this.#models = models;
  }

  /**
   * Starts a plan on the server. A plan that cannot be run is refused before any work.
   * @throws AssayError plan-invalid, with every problem
   */
  async create(options: CreateRun): Promise<Run> {
    const located = await this.#locate(options);
    const { plan, dataPath, dataName, model, background } = located;
    const { counts, delimiter, header } = plan.data;
    const reading = { ...(delimiter === undefined ? {} : { delimiter }), ...(header === undefined ? {} : { header }) };
    const files: FileToSend<"background" | "dataset" | "model">[] = [];
    if (options.dataset === undefined) {
      const send = (told: UploadOptions) =>
        this.#datasets.push(dataPath, { shown: dataName, counts: counts !== undefined, ...reading, ...told });
      files.push({ as: "dataset", sizeBytes: await sizeOf(dataPath), send });
    }
    if (options.model === undefined && model !== null) {
      const { path, name: shown } = model;
      const found = await findModelFiles(path, { shown });
      const send = (told: UploadOptions) => this.#models.push({ ...told, file: path, files: found, shown });
      files.push({ as: "model", sizeBytes: found.sizeBytes, send });
    }
    if (background !== null) {
      const { path, name: shown } = background;
      const send = (told: UploadOptions) => this.#datasets.push(path, { shown, ...reading, ...told });
      files.push({ as: "background", sizeBytes: await sizeOf(path), send });
    }
    const sent = await sendFiles(files, options);
    const dataset = options.dataset ?? sent.dataset ?? "";
    const version = options.model ?? sent.model;
    // One key for all tries of this call: a retry after a lost answer makes no second run.
    const idempotencyKey = options.idempotencyKey ?? randomUUID();
    const create = this.#connection.call(
      (api) =>
        api.runs.create.mutate({
          project: this.#project,
          dataset,
          plan: planText(plan),
          idempotencyKey,
          ...(version === undefined ? {} : { model: version }),
          ...(sent.background === undefined ? {} : { background: sent.background }),
        }),
      { repeat: true },
    );
    const row = await create.catch((error: unknown) => {
      throw withLinesOf(located, error);
    });
    return new Run(this.#connection, row);
  }

  async get(id: string): Promise<Run> {
    return new Run(
      this.#connection,
      await this.#connection.call((api) => api.runs.get.query({ id }), { repeat: true }),
    );
  }

  list(options: { readonly page?: number; readonly pageSize?: number } = {}): Promise<Outputs["runs"]["list"]> {
    return this.#connection.call((api) => api.runs.list.query({ project: this.#project, ...options }), {
      repeat: true,
    });
  }

  #locate(options: CreateRun): Promise<LocatedPlan> {
    if (typeof options.plan === "string")
      return readPlanFile(resolve(options.folder ?? ".", options.plan), options.plan);
    return locatePlan(options.plan, resolve(options.folder ?? "."));
  }
}

export class ProjectReports {
  readonly #connection: Connection;
  readonly #project: string;

  constructor(connection: Connection, project: string) {
    this.#connection = connection;
    this.#project = project;
  }

  /**
   * Pushes a finished report; only the report travels. Pushed again it is the same run. Its key is that of all sections:
   * reports that differ in what was measured of a machine have one digest, and are two.
   * The server checks its digests and marks it as pushed.
   */
  async push(report: Report): Promise<Run> {
    const row: RunRow = await this.#connection.call(
      (api) => api.reports.push.mutate({ project: this.#project, report, idempotencyKey: digestJson(report.sections) }),
      { repeat: true },
    );
    return new Run(this.#connection, row);
  }
}
