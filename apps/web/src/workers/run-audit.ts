import {
  bindAuditModel,
  byModel,
  checkData,
  cutShards,
  describeModel,
  gpuWins,
  inProcess,
  preparePlan,
  runAudits,
  scoreTable,
} from "@assay/audits";
import { type Device, kernels, runOnDevice, threadLimit } from "@assay/compute";
import { sealReport } from "@assay/report/text";
import { type AuditResult, readPlan } from "@assay/schema";
import type { AuditProgress, AuditQuestion, FinishedAudit } from "./audit-messages.ts";
import { planName, prepareHere } from "./check-plan.ts";
import { filteredSourceOf, type OpenMaterial } from "./open-material.ts";

/** Rows a step measures at most. */
const rowsPerShard = 250_000;

/** Which part of the whole a stage takes, for a bar that moves evenly enough. */
const parts = { reading: 0.3, predicting: 0.3 } as const;

/**
 * Reads, asks the model, audits and seals the report, all in this worker. It is stopped by ending the worker.
 * @throws AssayError plan-invalid, data-invalid, data-too-large, model-invalid, device-unavailable and other failures of a
 *   device that was asked for by name
 */
export async function runAudit(
  { material, plan: text, device: wanted, version }: Extract<AuditQuestion, { ask: "run" }>,
  open: OpenMaterial,
  tell: (progress: AuditProgress) => void,
  found: (result: AuditResult, fresh: boolean) => void,
): Promise<FinishedAudit> {
  const startedAt = new Date();
  const { signal } = new AbortController();
  const threads = threadLimit().most;
  const plan = readPlan(text, planName);
  await prepareHere(plan, material, open);
  const reading = (fraction: number) => tell({ stage: "reading", fraction: parts.reading * fraction, audit: null });
  reading(0);
  const dataset = await open.dataset(material.data, filteredSourceOf(plan), reading);
  // TensorFlow.js keeps to one device from the start on.
  const on = wanted === "webgpu" ? "webgpu" : "cpu";
  const model =
    material.model === null || plan.model === undefined
      ? null
      : await open.model(material.model, plan.columns.features.length, on, threads);
  const prepared = preparePlan(plan, dataset.columns, {
    name: planName,
    model: model === null ? null : describeModel(model),
  });
  let restarted: FinishedAudit["restarted"] = null;
  const audited = await runOnDevice(
    {
      device: wanted,
      gpuWins: gpuWins(prepared, dataset.rowsRead),
      options: { threads },
      onRestart: (failed, reason) => {
        restarted = { device: failed, reason: reason.message };
      },
    },
    auditOn,
  );
  const { body, artifacts, shards } = audited.value;
  const report = sealReport(body, {
    assay: version,
    device: audited.device,
    ran: [...audited.ran],
    kernels: Object.fromEntries(kernels.map(({ name, version: kernel }) => [name, kernel])),
    ...(model === null ? {} : { modelRuntime: model.runtime }),
    seed: plan.seed,
    threads,
    shards,
    host: "browser",
    startedAt: startedAt.toISOString(),
    seconds: (Date.now() - startedAt.getTime()) / 1000,
  });
  return { report, artifacts, restarted };

  async function auditOn(device: Device) {
    const role = prepared.roles.model;
    let fresh = true;
    const bound = model === null || role === null ? null : bindAuditModel({ model, role, device, signal });
    try {
      const loaded = await dataset.load(prepared.requests);
      reading(1);
      const data = checkData(prepared, loaded, planName);
      const after = parts.reading + (bound === null ? 0 : parts.predicting);
      const table =
        bound === null
          ? loaded.table
          : await scoreTable({
              prepared,
              table: loaded.table,
              model: bound,
              signal,
              onProgress: (fraction) =>
                tell({ stage: "predicting", fraction: parts.reading + parts.predicting * fraction, audit: null }),
            });
      const cut = cutShards(table.rows, Math.max(1, Math.ceil(table.rows / rowsPerShard)));
      const result = await runAudits({
        prepared,
        data,
        shards: cut,
        executor: byModel(prepared, {
          with: inProcess({ prepared, table, device, model: bound, machine: browserMachine() }),
          without: null,
        }),
        device,
        model: bound,
        signal,
        onResult: (one) => {
          found(one, fresh);
          fresh = false;
        },
        onProgress: ({ audit, done, total, auditsDone, auditsTotal }) => {
          const own = total === 0 ? 0 : done / total;
          const fraction = auditsTotal === 0 ? 1 : (auditsDone + own) / auditsTotal;
          tell({ stage: "auditing", fraction: after + (1 - after) * fraction, audit });
        },
      });
      return { ...result, shards: cut.ranges.length };
    } finally {
      bound?.dispose();
    }
  }
}

/** What a browser tells of the machine it runs on. */
function browserMachine() {
  const many = navigator.hardwareConcurrency;
  return {
    now: () => performance.now(),
    name: `${many === 1 ? "1 processor" : `${many} processors`}, ${navigator.userAgent}`,
  };
}
