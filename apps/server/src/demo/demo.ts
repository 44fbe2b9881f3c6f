import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Services } from "@assay/api";
import type { Stores } from "@assay/db";
import { readPlan } from "@assay/schema";
import type { Blobs } from "../storage/blobs.ts";
import { readColumns } from "../storage/read-columns.ts";

/** The examples that make the demo project, in the order of their runs. */
const examples = ["berkeley", "compas-counts", "lending"] as const;
const folder = fileURLToPath(new URL("../../../../examples", import.meta.url));

/**
 * Makes the demo project: the examples' data as datasets, and a real run of each plan, queued like anyone's. Interrupted
 * halfway it goes on at the next start; once made and removed it stays removed.
 */
export async function makeDemo(options: {
  readonly organizationId: string;
  readonly stores: Stores;
  readonly services: Services;
  readonly blobs: Blobs;
}): Promise<void> {
  const { organizationId, stores, services, blobs } = options;
  const project = await stores.projects.ensure(organizationId, "Demo");
  for (const name of examples) {
    const planYaml = readFileSync(join(folder, name, "audit.yaml"), "utf8");
    const plan = readPlan(planYaml, `examples/${name}/audit.yaml`);
    const fileName = plan.data.counts ?? plan.data.file ?? "";
    const bytes = readFileSync(join(folder, name, fileName));
    const digest = await blobs.put(bytes);
    const reading = { counts: plan.data.counts !== undefined, delimiter: null, header: [] };
    const told = await readColumns({
      path: blobs.path(digest),
      fileName,
      source: { missing: [""], counts: reading.counts },
      profile: true,
    });
    const dataset = await stores.datasets.add({
      project: project.id,
      name: plan.project,
      fileName,
      digest,
      sizeBytes: bytes.byteLength,
      rows: told.rows,
      format: told.format,
      encoding: told.encoding,
      columns: told.profile.map((column) => ({ ...column, top: [...column.top] })),
      warnings: [...told.warnings],
      reading,
    });
    await stores.runs.create(
      {
        projectId: project.id,
        datasetId: dataset.id,
        planYaml,
        title: plan.project,
        idempotencyKey: `demo-${name}`,
      },
      services.runs.enqueue,
    );
  }
  await stores.organizations.demoMade(organizationId);
}
