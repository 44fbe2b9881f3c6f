import type { Locale } from "@assay/schema/plain";
import type { LocalProgress } from "../local/run-locally.ts";
import type { CliContext } from "./context.ts";

export interface ProgressLine {
  show(fraction: number, text: string): void;
  /** Clears the bar; what follows stands on a clean line. */
  end(): void;
}

const everyMs = 5000;

/** A bar that moves forward only on a terminal; elsewhere a line now and then. */
export function progressLine(context: CliContext): ProgressLine {
  const { stderr } = context;
  let furthest = 0;
  let drawn = false;
  let toldAt = Date.now();
  return {
    show(fraction, text) {
      furthest = Math.max(furthest, Math.min(1, fraction));
      const percent = `${Math.floor(furthest * 100)}`.padStart(3);
      if (stderr.isTTY) {
        const width = 24;
        const filled = Math.round(furthest * width);
        const room = Math.max(10, (stderr.columns || 80) - width - 9);
        stderr.write(
          `\r\u001b[K${"━".repeat(filled)}${"─".repeat(width - filled)} ${percent} % ${text.slice(0, room)}`,
        );
        drawn = true;
      } else if (Date.now() - toldAt >= everyMs) {
        toldAt = Date.now();
        stderr.write(`${percent} % ${text}\n`);
      }
    },
    end() {
      if (drawn) stderr.write("\r\u001b[K");
      drawn = false;
    },
  };
}

/** What a local run is doing, in a word or two; of a model that answers bit by bit, how many rows it has answered. */
export function progressText(progress: LocalProgress, locale: Locale): string {
  if (progress.stage === "auditing") return progress.audit;
  const name = stageNames[locale][progress.stage];
  if (progress.stage === "reading" || progress.total === 0) return name;
  const [rows, total] = [progress.rows, progress.total].map((count) => count.toLocaleString("en-US"));
  return locale === "en" ? `${name}: ${rows} of ${total} rows` : `${name}：${total} 行中的 ${rows} 行`;
}

/** What is done where it is no audit. */
export const stageNames = {
  en: { reading: "reading the data", predicting: "asking the model" },
  "zh-CN": { reading: "正在读取数据", predicting: "模型正在预测" },
} as const;

/** Reading is the first tenth, the audits share the rest; a model's answers may take the most of it. The bar never goes back. */
export function fractionOf(progress: LocalProgress): number {
  if (progress.stage === "reading") return progress.fraction * 0.1;
  if (progress.stage === "predicting") return 0.1 + 0.4 * progress.fraction;
  const inside = progress.total === 0 ? 0 : progress.done / progress.total;
  return 0.1 + 0.9 * ((progress.auditsDone + inside) / Math.max(1, progress.auditsTotal));
}
