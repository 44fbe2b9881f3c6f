import { randomUUID } from "node:crypto";
import { resolve } from "node:path";
import type { AppRouter } from "@assay/api";
import type { PlanInput } from "@assay/schema";
import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import { locatePlan, planText, readPlanFile, withLinesOf } from "../local/plan-file.ts";
import type { Connection } from "./connection.ts";
import { Run } from "./run.ts";

type Inputs = inferRouterInputs<AppRouter>["schedules"];
type Outputs = inferRouterOutputs<AppRouter>["schedules"];

export type ScheduleRow = Outputs["list"][number];
export type ScheduleDetail = Outputs["get"];
export type ScheduleHistory = Outputs["history"];
export type SchedulePreview = Outputs["preview"];

interface WithPlan {
  /** A plan file, or a plan whose paths are relative to `folder`; both relative to the working folder unless told. */
  readonly plan: string | PlanInput;
  readonly folder?: string;
}

export interface CreateSchedule extends Omit<Inputs["create"], "dataset" | "plan" | "project">, WithPlan {
  /** The name of its data; the base name of the plan's data file unless told. */
  readonly dataset?: string;
}

/** What is left out stays as it is. */
export type ScheduleChange = Omit<Inputs["update"], "id" | "plan"> & Partial<WithPlan>;

/** Plans of a project that the server runs at times, on the newest data of a name. */
export class ProjectSchedules {
  readonly #connection: Connection;
  readonly #project: string;

  constructor(connection: Connection, project: string) {
    this.#connection = connection;
    this.#project = project;
  }

  /** By name, each with its next time and what came of the last. */
  list(): Promise<ScheduleRow[]> {
    return this.#connection.call((api) => api.schedules.list.query({ project: this.#project }), { repeat: true });
  }

  /** A schedule with its plan. @throws AssayError not-found */
  get(id: string): Promise<ScheduleDetail> {
    return this.#connection.call((api) => api.schedules.get.query({ id }), { repeat: true });
  }

  /**
   * Makes a schedule. Nothing is uploaded: its data, and the plan's model, are on the server, where the plan is tried against
   * them before it is kept.
   * @throws AssayError usage for times that cannot be; plan-invalid with every problem; not-found where there are no data of
   *   that name; already-exists
   */
  async create(options: CreateSchedule): Promise<ScheduleDetail> {
    const { plan, folder, dataset, ...settings } = options;
    const located = await locate({ plan, ...(folder === undefined ? {} : { folder }) });
    return this.#connection
      .call((api) =>
        api.schedules.create.mutate({
          ...settings,
          project: this.#project,
          plan: located.text,
          dataset: dataset ?? located.data,
        }),
      )
      .catch(located.refused);
  }

  /** Changes a schedule; `{ enabled: false }` pauses it. @throws AssayError as `create` does */
  async update(id: string, change: ScheduleChange): Promise<ScheduleDetail> {
    const { plan, folder, ...settings } = change;
    const located = plan === undefined ? null : await locate({ plan, ...(folder === undefined ? {} : { folder }) });
    return this.#connection
      .call(
        (api) => api.schedules.update.mutate({ ...settings, id, ...(located === null ? {} : { plan: located.text }) }),
        { repeat: true },
      )
      .catch((error: unknown) => {
        if (located === null) throw error;
        return located.refused(error);
      });
  }

  /** Removes a schedule; its runs stay. @throws AssayError not-found */
  async remove(id: string): Promise<void> {
    await this.#connection.call((api) => api.schedules.remove.mutate({ id }));
  }

  /**
   * Runs its plan on the newest data now, also where nothing has changed or it is paused.
   * @throws AssayError plan-invalid where the plan no longer fits the data
   */
  async runNow(id: string, options: { readonly idempotencyKey?: string } = {}): Promise<Run> {
    // One key for all tries of this call: a retry after a lost answer makes no second run.
    const { idempotencyKey = randomUUID() } = options;
    const row = await this.#connection.call((api) => api.schedules.runNow.mutate({ id, idempotencyKey }), {
      repeat: true,
    });
    return new Run(this.#connection, row);
  }

  /** The next five times of a cron expression, by the server's clock, or what is wrong with it. */
  preview(times: { readonly cron: string; readonly timeZone?: string }): Promise<SchedulePreview> {
    return previewTimes(this.#connection, times);
  }

  /** What came of its times, newest first: runs with their verdicts and what `fairness.drift` says, and errors. */
  history(id: string, options: { readonly most?: number } = {}): Promise<ScheduleHistory> {
    return this.#connection.call((api) => api.schedules.history.query({ id, ...options }), { repeat: true });
  }
}

/** The next five times of a cron expression, which are the same in every project. */
export function previewTimes(
  connection: Connection,
  times: { readonly cron: string; readonly timeZone?: string },
): Promise<SchedulePreview> {
  return connection.call((api) => api.schedules.preview.query(times), { repeat: true });
}

interface PlanToSend {
  /** For the server. */
  readonly text: string;
  /** The name of its data. */
  readonly data: string;
  /** Throws what the server said of the text, with the lines of the plan's own file. */
  readonly refused: (error: unknown) => never;
}

async function locate({ plan: given, folder = "." }: WithPlan): Promise<PlanToSend> {
  const located =
    typeof given === "string"
      ? await readPlanFile(resolve(folder, given), given)
      : await locatePlan(given, resolve(folder));
  const { plan } = located;
  return {
    text: planText(plan),
    data: plan.data.file ?? plan.data.counts ?? "",
    refused: (error) => {
      throw withLinesOf(located, error);
    },
  };
}
