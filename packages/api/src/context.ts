import type { KnownColumn, KnownModel } from "@assay/audits";
import type {
  DatasetDetail,
  FindingCounts,
  ModelCardChange,
  ModelVersionRow,
  SqlExecutor,
  Stores,
  UserRow,
} from "@assay/db";
import type { DataSource, DeviceName, Digest, Endpoint, FeedbackForm, Problem, Report } from "@assay/schema";

export interface KeyRow {
  readonly id: string;
  readonly name: string;
  /** The key's first characters, to tell keys apart. */
  readonly start: string;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly expiresAt: string | null;
}

/** A compute device of the server's machine: what it is, or why it is not there. */
export interface ServerDevice {
  readonly name: DeviceName;
  readonly available: boolean;
  readonly description: string;
}

export interface SystemInfo {
  readonly version: string;
  readonly needsSetup: boolean;
  readonly device: { readonly name: string; readonly description: string };
  readonly database: string;
  readonly uploadLimitBytes: number;
  /** Origins that plans may ask for predictions. */
  readonly endpoints: readonly string[];
  /** Origins that notices of feedback may be posted to. */
  readonly webhooks: readonly string[];
  /** Whether letters go out. */
  readonly mail: boolean;
}

/** What procedures need beyond the stores; the server gives it. */
export interface Services {
  readonly accounts: {
    /** Makes the owner. @throws AssayError forbidden for a wrong or used token */
    setUp(owner: { token: string; name: string; email: string; password: string }): Promise<void>;
    keys(userId: string): Promise<KeyRow[]>;
    createKey(
      userId: string,
      key: { name: string; expiresInDays: number | null },
    ): Promise<{ id: string; name: string; key: string }>;
    /** @throws AssayError not-found */
    revokeKey(userId: string, id: string): Promise<void>;
  };
  readonly comparisons: {
    /** Puts the comparison's job into the transaction that makes it. */
    enqueue(sql: SqlExecutor, id: string): Promise<void>;
    /** Yields whenever the comparison may have changed, and now and then without reason. Ends with the signal. */
    changes(id: string, signal: AbortSignal): AsyncIterable<void>;
  };
  readonly datasets: {
    /** Reads a finished upload into a dataset. @throws AssayError not-found, data-invalid */
    create(dataset: {
      userId: string;
      projectId: string;
      upload: string;
      name: string;
      counts: boolean;
      delimiter: string | null;
      header: readonly string[];
    }): Promise<DatasetDetail>;
    /**
     * A dataset's columns as a plan reads them: what means missing, the delimiter and the header decide their types.
     * @throws AssayError data-invalid
     */
    columns(dataset: DatasetDetail, source: DataSource): Promise<readonly KnownColumn[]>;
    /** Problems of a plan's row filter. */
    checkWhere(where: string, columns: readonly KnownColumn[]): readonly Problem[];
  };
  readonly endpoints: {
    /** What keeps the server from asking a plan's endpoint: its rules, and variables that its headers name. */
    problems(endpoint: Endpoint): readonly Problem[];
  };
  readonly feedback: {
    /** What keeps the server from telling of new feedback there, with its place in the form's settings. */
    problems(notify: FeedbackForm["notify"]): readonly Problem[];
  };
  readonly models: {
    /**
     * Opens a finished upload, with those beside it, and keeps them as a version of the project's model of that name; the same
     * bytes are the version that is there. Files beside it that the model is not read from are left out. Name null: of whichever
     * model they are, else of one named as the file.
     * @throws AssayError usage for a name that cannot stand; not-found, model-invalid, not-supported, data-too-large,
     *   digest-mismatch
     */
    create(model: {
      userId: string;
      projectId: string;
      upload: string;
      /** Finished uploads, each with its path from the model's own file. */
      beside: readonly { readonly name: string; readonly upload: string }[];
      name: string | null;
      card: ModelCardChange;
      trainingDatasetId: string | null;
    }): Promise<ModelVersionRow>;
    /**
     * Opens a file that a run made and keeps it as a version of the project's model of that name; the same bytes are the
     * version that is there.
     * @throws AssayError not-found, model-invalid, not-supported
     */
    register(model: {
      userId: string;
      run: {
        readonly id: string;
        readonly number: number;
        readonly project: { readonly id: string; readonly slug: string };
        /** The id of the data that it learned from. */
        readonly dataset: string | null;
      };
      file: { readonly name: string; readonly digest: Digest };
      name: string;
      card: ModelCardChange;
    }): Promise<ModelVersionRow>;
    /**
     * What a version says of itself to a plan that gives it `columns` features, 0 for none: a file may leave open how
     * many it takes.
     * @throws AssayError model-invalid
     */
    describe(version: ModelVersionRow, columns: number): Promise<KnownModel>;
  };
  readonly reports: {
    /** Findings by the verdict that pages show them with. */
    count(report: Report): FindingCounts;
    /** Reads a report from outside and checks its digests. @throws AssayError report-invalid, digest-mismatch */
    verify(report: unknown): Report;
  };
  readonly runs: {
    /** Puts the run's job into the transaction that makes the run. */
    enqueue(sql: SqlExecutor, runId: string): Promise<void>;
    /** Yields whenever the run may have changed, and now and then without reason. Ends with the signal. */
    changes(runId: string, signal: AbortSignal): AsyncIterable<void>;
  };
  readonly uploads: {
    /**
     * An upload of bytes that the server has, complete; else one of the user's that broke off; null where all is to be sent.
     */
    reuse(file: {
      userId: string;
      fileName: string;
      digest: Digest;
      sizeBytes: number;
    }): Promise<{ readonly id: string; readonly offset: number; readonly complete: boolean } | null>;
  };
  readonly system: {
    devices(): Promise<readonly ServerDevice[]>;
    info(): Promise<SystemInfo>;
  };
}

export interface Context {
  /** Who calls, by session or API key; null where nobody signed in. */
  readonly user: UserRow | null;
  readonly organizationId: string;
  readonly stores: Stores;
  readonly services: Services;
  /** Told of errors that are nobody's fault but ours. */
  readonly logError: (error: unknown) => void;
}
