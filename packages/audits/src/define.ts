import type { Device } from "@assay/compute";
import type { CodedTable, ColumnRequest } from "@assay/dataset";
import type {
  AuditId,
  Figure,
  Finding,
  Locale,
  LocalizedText,
  Measure,
  Plan,
  Problem,
  SummaryValue,
  Table,
} from "@assay/schema";
import type { z } from "zod";
import type { AuditModel } from "./audit-model.ts";
import type { Roles } from "./roles.ts";

/** Roles a plan can give to columns; the plan's own words. */
export type RoleName =
  | "control"
  | "decision"
  | "features"
  | "label"
  | "prediction"
  | "protected"
  | "quasi_identifiers"
  | "query"
  | "score"
  | "sensitive"
  | "time"
  | "weight";

/** Part of an audit's work: the rows [start, end) in one round. Committed once by its id. */
export interface Step {
  /** `<audit>/<round>/<index>` */
  readonly id: string;
  readonly audit: AuditId;
  readonly round: number;
  readonly index: number;
  readonly start: number;
  readonly end: number;
  /** What a later round tells its steps, such as the tree so far. */
  readonly detail: SummaryValue;
}

/** What every part of an audit may read. Pure: no clock, environment, network or Math.random. */
export interface AuditContext<Input> {
  readonly input: Input;
  readonly plan: Plan;
  readonly roles: Roles;
  readonly device: Device;
  /** Null where the plan has no model. */
  readonly model: AuditModel | null;
  readonly signal: AbortSignal;
}

/** The machine that measures, as its host tells it. Only audits that are `volatile` may let a number depend on it. */
export interface Machine {
  /** Milliseconds from some moment on, never backwards. */
  readonly now: () => number;
  /** For people: processor and system. */
  readonly name: string;
}

/** What measuring may read besides its own rows. */
export interface MeasureContext<Input> extends AuditContext<Input> {
  /** All rows. Only what is the same for any cut into steps may be taken from it, such as rows drawn by the seed. */
  readonly table: CodedTable;
  /** Rows of the background file that the settings name; null where they name none. */
  readonly background: CodedTable | null;
  /** Null where the host tells nothing of itself. */
  readonly machine: Machine | null;
}

/** Shards of the data as row ranges, before any round. */
export interface Shards {
  readonly rows: number;
  readonly ranges: readonly { readonly start: number; readonly end: number }[];
}

export interface Conclusion {
  readonly measures: readonly Measure[];
  readonly figures: readonly Figure[];
  readonly tables: readonly Table[];
  /** Files beside the report: name → content. */
  readonly artifacts?: Readonly<Record<string, Uint8Array | string>>;
}

export interface SettingText {
  readonly label: string;
  readonly help: string;
  /** A value as it is written in a plan, of a setting whose shape the default does not show. */
  readonly example?: string;
}

export interface AuditText {
  readonly name: string;
  readonly question: string;
  readonly method: string;
  readonly reading: string;
  readonly action: string;
  readonly limits: string;
  /** One entry per key of `input`: label and help of its form field. */
  readonly settings: Readonly<Record<string, SettingText>>;
}

export interface Reference {
  /** What it stands behind: a formula, an interval, a threshold. */
  readonly of: string;
  readonly citation: string;
  /** DOI link, clause or standard. */
  readonly url: string;
}

/** A metric an audit gives, and where: so that a rule on a metric nobody gives is refused before any work. */
export interface GivenMetric {
  readonly metric: string;
  /**
   * overall: no group, no by. group: per group of `by`. disparity: one number about all groups of `by`. feature: one number for
   * each of `features`.
   */
  readonly scope: "overall" | "group" | "disparity" | "feature";
  /** Column sets for group and disparity metrics: [["race"], ["sex"], ["race", "sex"]]. */
  readonly by: readonly (readonly string[])[];
  readonly features?: readonly string[];
  /** A null value is a category that the audit excludes by its own rule: a gate rule leaves it out. Else null is "cannot tell". */
  readonly excludes?: true;
}

export interface AuditDefinition<Input extends z.ZodObject = z.ZodObject, Summary extends SummaryValue = SummaryValue> {
  readonly id: AuditId;
  /** Raised whenever a number may change. */
  readonly version: number;
  /** It measures the machine: its numbers and the rules that speak of them stay out of the report's digest. */
  readonly volatile?: true;
  /** It changes something rather than tells it: it runs where a plan names it, and is not among those that run by default. */
  readonly byRequest?: true;
  /** Settings; every key has a default. Validates the plan, draws the form, documents the CLI. */
  readonly input: Input;
  /** All of `columns` must be given; an inner list means one of them. `uses` are read where given. */
  readonly needs: {
    readonly columns: readonly (RoleName | readonly RoleName[])[];
    readonly uses: readonly RoleName[];
    /**
     * What it asks of the plan's model; without it the audit reads columns alone. file: what its file tells, and no answers.
     */
    readonly model?: "file" | "gradient" | "predict" | "trees";
    /** Without a need of it: asks the plan's model about rows where there is one. */
    readonly usesModel?: true;
  };
  /**
   * How many times it asks the model about every row, at most, beside the answers that all audits read: of an endpoint,
   * such an audit runs only where the plan names it.
   */
  asks?(input: z.output<Input>, roles: Roles): number;
  /**
   * What a setting says that these roles cannot do, such as a column that is no input; `at` is a path inside the settings.
   * `reason` is what a report says where the audit is left out for it.
   */
  problems?(input: z.output<Input>, roles: Roles): readonly (Problem & { readonly reason?: LocalizedText })[];
  requests(input: z.output<Input>, roles: Roles): readonly ColumnRequest[];
  gives(input: z.output<Input>, roles: Roles): readonly GivenMetric[];
  /**
   * The next round's steps, or null when there is nothing left to measure. Without it: one round, one step per shard.
   * `previous.summary` is the merge of every step of every round so far; `previous.round` is the last one measured.
   */
  plan?(
    shards: Shards,
    context: AuditContext<z.output<Input>>,
    previous: { readonly round: number; readonly summary: Summary } | null,
  ): readonly { readonly start: number; readonly end: number; readonly detail: SummaryValue }[] | null;
  /** The only place that sees rows or runs kernels over them. `rows` are the step's rows. */
  measure(rows: CodedTable, step: Step, context: MeasureContext<z.output<Input>>): Promise<Summary>;
  /** Associative and commutative, to the bit. */
  merge(a: Summary, b: Summary): Summary;
  conclude(summary: Summary, context: AuditContext<z.output<Input>>): Promise<Conclusion>;
  /** Pure. Also sees figures and tables so that findings can point at them. */
  judge(conclusion: Conclusion, context: AuditContext<z.output<Input>>): readonly Finding[];
  readonly text: Readonly<Record<Locale, AuditText>>;
  readonly references: readonly Reference[];
}

/**
 * Defines an audit with its summary's type kept inside, and forgets that type outside: the registry holds
 * `AuditDefinition`s of one shape.
 */
export function defineAudit<Input extends z.ZodObject, Summary extends SummaryValue>(
  definition: AuditDefinition<Input, Summary>,
): AuditDefinition {
  return definition as unknown as AuditDefinition;
}
