import { AssayError } from "@assay/schema";
import { type Connection, type ConnectionOptions, connect } from "./connection.ts";
import { Project, type ProjectRow } from "./project.ts";
import { Run } from "./run.ts";
import { previewTimes, type SchedulePreview } from "./schedules.ts";

export interface AssayOptions extends Omit<ConnectionOptions, "apiKey" | "url"> {
  /** The server's address; `ASSAY_URL` of the environment unless told. */
  readonly url?: string;
  /** `ASSAY_API_KEY` of the environment unless told. */
  readonly apiKey?: string;
}

/**
 * The client of an Assay server. Every call rejects with an `AssayError` that has a `code`; nothing resolves when data
 * was lost.
 */
export class Assay {
  readonly projects: Projects;
  readonly #connection: Connection;

  constructor(options: AssayOptions = {}) {
    const url = options.url ?? process.env.ASSAY_URL;
    const apiKey = options.apiKey ?? process.env.ASSAY_API_KEY;
    if (url === undefined) throw new AssayError("usage", "give the server's url, or set ASSAY_URL");
    if (apiKey === undefined) throw new AssayError("unauthorized", "give an apiKey, or set ASSAY_API_KEY");
    this.#connection = connect({ ...options, url, apiKey });
    this.projects = new Projects(this.#connection);
  }

  /** Who the API key belongs to; also a quick way to check address and key, so it is asked once only. */
  me() {
    return this.#connection.call((api) => api.me.get.query());
  }

  /** The next five times of a cron expression, by the server's clock, or what is wrong with it. */
  scheduleTimes(times: { readonly cron: string; readonly timeZone?: string }): Promise<SchedulePreview> {
    return previewTimes(this.#connection, times);
  }

  /** A run by its id, of any project. */
  async run(id: string): Promise<Run> {
    return new Run(
      this.#connection,
      await this.#connection.call((api) => api.runs.get.query({ id }), { repeat: true }),
    );
  }
}

export class Projects {
  readonly #connection: Connection;

  constructor(connection: Connection) {
    this.#connection = connection;
  }

  /** The project of that name, made if there is none. */
  async ensure(name: string): Promise<Project> {
    return this.#project(await this.#connection.call((api) => api.projects.ensure.mutate({ name }), { repeat: true }));
  }

  /** A project by its id or slug. */
  async get(project: string): Promise<Project> {
    return this.#project(await this.#connection.call((api) => api.projects.get.query({ project }), { repeat: true }));
  }

  list(): Promise<ProjectRow[]> {
    return this.#connection.call((api) => api.projects.list.query(), { repeat: true });
  }

  #project(row: ProjectRow): Project {
    return new Project(this.#connection, row);
  }
}
