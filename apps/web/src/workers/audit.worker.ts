import { guessPlan } from "@assay/audits";
import { openDevice, probeDevices, threadLimit } from "@assay/compute";
import { loadReaders } from "@assay/dataset/browser";
import { loadRuntimes } from "@assay/models/browser";
import { AssayError, type AuditResult, isAssayError, withPlanLines } from "@assay/schema";
import { stringify } from "yaml";
import type {
  Answers,
  Ask,
  AskedQuestion,
  AuditAnswer,
  AuditProgress,
  Material,
  OpenedMaterial,
  Readiness,
} from "./audit-messages.ts";
import { checkPlan, planName } from "./check-plan.ts";
import { holdLife } from "./life.ts";
import { memoryFault } from "./memory-fault.ts";
import { OpenMaterial } from "./open-material.ts";
import { runAudit } from "./run-audit.ts";
import { suppressReport } from "./suppress-report.ts";
import { tensorflowFiles } from "./tensorflow-files.ts";

holdLife();

const open = new OpenMaterial();
/** One question at a time: they share the file that is open. */
let before: Promise<unknown> = Promise.resolve();

addEventListener("message", ({ data }: MessageEvent<AskedQuestion>) => {
  before = before.then(() => answer(data));
});

async function answer(question: AskedQuestion): Promise<void> {
  const { id } = question;
  const tell = (said: AuditAnswer, transfer: Transferable[] = []): void => postMessage(said, { transfer });
  try {
    const value = await answerOf(
      question,
      (progress) => tell({ id, told: "progress", progress }),
      (result, fresh) => tell({ id, told: "found", result, fresh }),
    );
    tell({ id, told: "done", value });
  } catch (error) {
    const { code, message, problems } = asError(error);
    tell({ id, told: "failed", fault: { code, message, problems } });
  }
}

async function answerOf(
  question: AskedQuestion,
  tell: (progress: AuditProgress) => void,
  found: (result: AuditResult, fresh: boolean) => void,
): Promise<Answers[Ask]> {
  switch (question.ask) {
    case "warm-up":
      return warmUp();
    case "open":
      return openAll(question.material, tell);
    case "check":
      return checkPlan(question.plan, question.material, open);
    case "run":
      return runAudit(question, open, tell, found).catch((error: unknown) => {
        throw withPlanLines(error, planName, question.plan);
      });
    case "suppress":
      return suppressReport(question.report, question.below);
  }
}

async function warmUp(): Promise<Readiness> {
  const { most, reason } = threadLimit();
  const device = await openDevice("cpu", { threads: most });
  device.dispose();
  await Promise.all([loadReaders(), loadRuntimes({ tensorflowWasm: tensorflowFiles })]);
  const webgpu = (await probeDevices()).find(({ name }) => name === "webgpu");
  const noWebgpu = webgpu === undefined ? "" : webgpu.available ? null : webgpu.reason;
  return { threads: most, isolated: reason === null, noWebgpu };
}

async function openAll(material: Material, tell: (progress: AuditProgress) => void): Promise<OpenedMaterial> {
  const dataset = await open.dataset(material.data, undefined, (fraction) =>
    tell({ stage: "reading", fraction, audit: null }),
  );
  const { columns, columnBytes, rows: shownRows } = await dataset.preview();
  const [own] = material.model?.files ?? [];
  const model =
    material.model === null || own === undefined
      ? null
      : { fileName: own.name, about: await open.describe(material.model, 0) };
  const plan = guessPlan(columns, material.data.file.name, shownRows);
  return {
    rows: dataset.rowsRead,
    shownRows,
    columns,
    memoryBytes: columnBytes.reduce((sum, bytes) => sum + bytes, 0),
    warnings: dataset.warnings,
    model,
    yaml: stringify(plan),
  };
}

function asError(error: unknown): AssayError {
  if (isAssayError(error)) return error;
  const message = error instanceof Error ? error.message : String(error);
  return (
    memoryFault(error instanceof Error ? error.name : "", message) ??
    new AssayError("internal", message, { cause: error })
  );
}
