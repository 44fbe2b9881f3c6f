import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bindAuditModel, cutShards, describeModel, inProcess, preparePlan, registry, runAudits } from "@assay/audits";
import { nodeMachine } from "@assay/audits/node";
import { openDevice } from "@assay/compute";
import { openDataset } from "@assay/dataset/node";
import { openModel } from "@assay/models/node";
import { checkPlan } from "@assay/schema";

/** Where public data and models lie beside a checkout; a row that needs them is skipped without. */
export const shared = fileURLToPath(new URL("../../shared", import.meta.url));
export const noShared = existsSync(join(shared, "data/adult.test")) ? undefined : "../shared is not there";

/** One audit of the Adult test file (16,281 rows, 14 inputs) by a model file, ready to run again and again in this thread. */
export async function adultAudit(modelFile, id, settings) {
  const { columns: features, categories } = JSON.parse(
    readFileSync(join(shared, "reference/models/adult_encoding.json"), "utf8"),
  );
  const folder = mkdtempSync(join(tmpdir(), "assay-bench-"));
  const path = join(folder, "adult.csv");
  writeFileSync(path, readFileSync(join(shared, "data/adult.test"), "utf8").split("\n").slice(1).join("\n"));
  const plan = checkPlan({
    version: 1,
    data: { file: "adult.csv", header: [...features, "income"] },
    columns: { label: "income", positive: ">50K.", features },
    model: { file: modelFile, categories },
    audits: { [id]: settings },
    seed: 5,
  });
  const [model, device] = [await openModel(modelFile), await openDevice("cpu")];
  const { file: _file, ...source } = plan.data;
  const dataset = await openDataset(path, { name: "adult.csv", source });
  const prepared = preparePlan(plan, dataset.columns, { registry, model: describeModel(model) });
  const { table, data } = await dataset.load(prepared.requests);
  await dataset.close();
  rmSync(folder, { recursive: true });
  const { signal } = new AbortController();
  const bound = bindAuditModel({ model, role: prepared.roles.model, device, signal });
  const machine = nodeMachine();
  return {
    path: join(shared, "data/adult.test"),
    async run() {
      const { body } = await runAudits({
        prepared,
        data,
        shards: cutShards(table.rows, 1),
        executor: inProcess({ prepared, table, device, model: bound, machine }),
        device,
        model: bound,
        signal,
      });
      const [audit] = body.audits;
      if (audit.status !== "completed") throw new Error(`${id} did not complete: ${audit.reason?.en}`);
      return audit;
    },
  };
}
