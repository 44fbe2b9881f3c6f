import type { AppRouter } from "@assay/api";
import type { FeedbackFormInput } from "@assay/schema";
import type { inferRouterInputs, inferRouterOutputs } from "@trpc/server";
import type { Connection } from "./connection.ts";

type Inputs = inferRouterInputs<AppRouter>["feedback"];
type Outputs = inferRouterOutputs<AppRouter>["feedback"];

export type FeedbackFormRow = Outputs["form"];
export type FeedbackRow = Outputs["list"]["items"][number];
export type FeedbackDetail = Outputs["get"];
export type FeedbackCounts = Outputs["counts"];
/** Which reports; what is left out does not choose. */
export type FeedbackFilter = Omit<Inputs["list"], "project">;
/** What is left out stays as it is. */
export type FeedbackChange = Omit<Inputs["update"], "number" | "project">;

/** What people affected report to a project, and the form that they do it with. */
export class ProjectFeedback {
  readonly #connection: Connection;
  readonly #project: string;

  constructor(connection: Connection, project: string) {
    this.#connection = connection;
    this.#project = project;
  }

  /** The project's form; where there is none it is made, closed. Its address is `<server>/f/<token>`. */
  form(): Promise<FeedbackFormRow> {
    return this.#connection.call((api) => api.feedback.form.query({ project: this.#project }), { repeat: true });
  }

  /**
   * Opens or closes the form, or changes all that it asks.
   * @throws AssayError usage, with every problem and its place
   */
  updateForm(change: { readonly isOpen?: boolean; readonly settings?: FeedbackFormInput }): Promise<FeedbackFormRow> {
    return this.#connection.call((api) => api.feedback.updateForm.mutate({ project: this.#project, ...change }), {
      repeat: true,
    });
  }

  /** Makes a new link, or a new secret that notices are signed with; the old one is void at once. Not asked again after a lost answer. */
  rotate(what: "token" | "webhookSecret"): Promise<FeedbackFormRow> {
    return this.#connection.call((api) => api.feedback.rotate.mutate({ project: this.#project, what }));
  }

  /** Reports, the newest first, with how many there are. */
  list(filter: FeedbackFilter = {}): Promise<Outputs["list"]> {
    return this.#connection.call((api) => api.feedback.list.query({ project: this.#project, ...filter }), {
      repeat: true,
    });
  }

  /** A report with what was done with it, by its number. @throws AssayError not-found */
  get(number: number): Promise<FeedbackDetail> {
    return this.#connection.call((api) => api.feedback.get.query({ project: this.#project, number }), { repeat: true });
  }

  /**
   * Changes a report's state, assignee, run, finding or row, with a note. Asked once: what was changed is written down each time.
   * @throws AssayError not-found; conflict once its sender has withdrawn it
   */
  update(number: number, change: FeedbackChange): Promise<FeedbackDetail> {
    return this.#connection.call((api) => api.feedback.update.mutate({ project: this.#project, number, ...change }));
  }

  /** Removes a report with its history; that it was removed stays written down. @throws AssayError not-found */
  async remove(number: number): Promise<void> {
    await this.#connection.call((api) => api.feedback.remove.mutate({ project: this.#project, number }));
  }

  /** How many reports there are, by state, and by month, decision and group. */
  counts(): Promise<FeedbackCounts> {
    return this.#connection.call((api) => api.feedback.counts.query({ project: this.#project }), { repeat: true });
  }

  /**
   * All reports as CSV, made safe against spreadsheets' formulas, or JSON; `counts`: the table that a plan's
   * `feedback: { file }` reads.
   */
  async export(format: "counts" | "csv" | "json"): Promise<string> {
    const path = format === "counts" ? "feedback-counts.csv" : `feedback.${format}`;
    const bytes = await this.#connection.download(`/projects/${encodeURIComponent(this.#project)}/${path}`);
    return new TextDecoder().decode(bytes);
  }
}
