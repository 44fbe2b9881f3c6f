import { existsSync } from "node:fs";
import { basename, dirname, relative, resolve } from "node:path";
import type { PlanInput } from "@assay/schema";
import { AssayError, isAssayError } from "@assay/schema/plain";
import { print } from "../context.ts";
import { writeWhole } from "../write-files.ts";
import type { AddCommand } from "./index.ts";

/** `assay init <data>`: a first plan from a data file. */
export const addInit: AddCommand = (program, context) => {
  program
    .command("init")
    .summary("write a first plan from a data file")
    .description("Writes a first plan from a data file, guessing the roles of its columns by name, type and values.")
    .argument("<data>", "the data file: .csv .tsv .parquet .jsonl .arrow")
    .option("--out <file>", "the plan to write", "audit.yaml")
    .option("--endpoint <url>", "the address of the model that decides, in place of columns that hold its decisions")
    .option("--force", "write over a plan that is there")
    .action(async (data: string, options: { out: string; endpoint?: string; force?: boolean }) => {
      const dataPath = resolve(context.cwd, data);
      const planPath = resolve(context.cwd, options.out);
      if (existsSync(planPath) && !options.force) {
        throw new AssayError(
          "already-exists",
          `${options.out} is there already; name another with --out, or use --force`,
        );
      }
      if (!existsSync(dataPath)) {
        throw new AssayError("not-found", `${data}: there is no such file; check the path`);
      }
      const [{ openDataset }, { guessPlan, preparePlan }, { Endpoint, issueText, readPlan, writePlan }] =
        await Promise.all([import("@assay/dataset/node"), import("@assay/audits"), import("@assay/schema")]);
      const endpoint = options.endpoint === undefined ? null : Endpoint.safeParse({ url: options.endpoint });
      if (endpoint?.success === false) {
        throw new AssayError("usage", `--endpoint: ${endpoint.error.issues.map(issueText).join("; ")}`);
      }
      const dataset = await openDataset(dataPath, { name: data, source: { missing: [""] }, signal: context.signal });
      try {
        const profile = await dataset.profile();
        const guessed = guessPlan(profile, basename(dataPath), dataset.rowsRead);
        const path = relative(dirname(planPath), dataPath) || basename(dataPath);
        const isCounts = guessed.data.counts !== undefined;
        const columns = { ...guessed.columns };
        // The model gives them.
        if (endpoint !== null) for (const role of ["decision", "prediction", "score"] as const) delete columns[role];
        const plan = {
          ...guessed,
          data: isCounts ? { counts: path } : { file: path },
          columns,
          ...(endpoint === null ? {} : { model: { endpoint: { url: endpoint.data.url } } }),
        };
        const text = `${head(options.out, plan.columns, endpoint !== null)}\n${writePlan(plan)}`;
        await writeWhole(planPath, text, { shown: options.out });
        print(context, `${options.out} is written for ${dataset.rowsRead} rows and ${profile.length} columns.`);
        try {
          const ready = preparePlan(readPlan(text), dataset.columns);
          print(context, `It can run: ${ready.audits.map((audit) => audit.definition.id).join(", ")}.`);
          print(context, `Check the roles, then: assay run ${options.out}`);
        } catch (error) {
          if (!isAssayError(error)) throw error;
          print(context, "It cannot run yet. Give the missing roles in it:");
          for (const { at, message } of error.problems) print(context, `  ${at}: ${message}`);
        }
      } finally {
        await dataset.close();
      }
    });
};

function head(file: string, { decision }: PlanInput["columns"], hasEndpoint: boolean): string {
  return [
    "# A first plan, guessed from the data. Check every role before you trust a result.",
    "# label: the truth; decision: what was decided; protected: whom to compare; features: what went into the decision.",
    ...(typeof decision === "object" && "column" in decision && "at_least" in decision
      ? [
          `# decision: no column of decisions was found; that ${JSON.stringify(decision.column)} is cut at ${decision.at_least} is a guess. Put the cut that is used.`,
        ]
      : []),
    ...(hasEndpoint
      ? [
          "# model.endpoint is sent the features as JSON and answers with scores; docs/models/endpoints.md tells how to say it is",
          `# another way. A key goes in by the name of a variable: headers: { authorization: "Bearer \${KEY}" }`,
        ]
      : []),
    `# Run it with: assay run ${file}`,
  ].join("\n");
}
