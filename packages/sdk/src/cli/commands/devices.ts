import type { Probe, SelfTestResult, TrialName } from "@assay/compute";
import { isAssayError, type Locale } from "@assay/schema/plain";
import { type CliContext, localeOf, print } from "../context.ts";
import { wholeNumber } from "../option-values.ts";
import { progressLine } from "../progress.ts";
import type { AddCommand } from "./index.ts";

/** A device of this machine, and how its self-test went where it is present. */
type Tested = Probe & {
  readonly selfTest: SelfTestResult | null;
  /** Why a device that is present could not be tested. */
  readonly fault: { readonly code: string; readonly message: string } | null;
};

/** `assay devices`: what this machine has, and a short self-test. 2 where a device that is present does not pass it. */
export const addDevices: AddCommand = (program, context, finish) => {
  program
    .command("devices")
    .summary("list this machine's devices and test them")
    .description(
      "Lists the compute devices of this machine, or why one is not there, then tests each for a few seconds: how fast it is, and whether it computes rightly. Exit code 2 where one does not.",
    )
    .option("--seconds <n>", "how long the tests take, all devices together", "10")
    .option("--json", "print JSON")
    .option("--lang <code>", "en or zh-CN (default: the environment's language)")
    .action(async (options: { seconds: string; json?: boolean; lang?: string }) => {
      const locale = localeOf(options.lang, context);
      const seconds = wholeNumber(options.seconds, "--seconds", 1, 3600);
      const { probeDevices } = await import("@assay/compute");
      const probes = await probeDevices();
      const present = probes.filter((probe) => probe.available);
      const bar = progressLine(context);
      const tested: Tested[] = [];
      try {
        for (const probe of probes) {
          const done = present.findIndex((one) => one.name === probe.name);
          const show = (fraction: number, trial: TrialName): void =>
            bar.show((done + fraction) / present.length, `${probe.name}: ${trial}`);
          tested.push(await test(probe, seconds / present.length, context, show));
        }
      } finally {
        bar.end();
      }
      const passed = tested.every((one) => !one.available || one.selfTest?.passed === true);
      if (options.json) print(context, JSON.stringify({ passed, devices: tested }, null, 2));
      else print(context, tell(tested, locale));
      finish(passed ? 0 : 2);
    });
};

async function test(
  probe: Probe,
  seconds: number,
  { signal }: CliContext,
  onProgress: (fraction: number, trial: TrialName) => void,
): Promise<Tested> {
  if (!probe.available) return { ...probe, selfTest: null, fault: null };
  const { openDevice, selfTest, threadLimit } = await import("@assay/compute");
  try {
    const device = await openDevice(probe.name, { threads: threadLimit().most });
    try {
      const result = await selfTest(device, { seconds, now: () => performance.now(), signal, onProgress });
      return { ...probe, description: device.description, selfTest: result, fault: null };
    } finally {
      device.dispose();
    }
  } catch (error) {
    if (!isAssayError(error) || error.code === "cancelled") throw error;
    return { ...probe, selfTest: null, fault: { code: error.code, message: error.message } };
  }
}

/** What a trial is called, its unit, and how many of what is counted make one of that unit. */
const trialWords: Record<Locale, Record<TrialName, readonly [string, string, number]>> = {
  en: {
    copy: ["Data to the device and back", "GB/s", 1e9],
    dense: ["Neural network", "billion multiply-adds/s", 1e9],
    forest: ["100 trees of depth 6", "million rows/s", 1e6],
    shuffle: ["Rows shuffled", "million rows/s", 1e6],
    words: ["Random numbers", "million words/s", 1e6],
  },
  "zh-CN": {
    copy: ["与设备往返传输数据", "GB/秒", 1e9],
    dense: ["神经网络", "十亿次乘加/秒", 1e9],
    forest: ["100 棵深度为 6 的树", "百万行/秒", 1e6],
    shuffle: ["打乱行序", "百万行/秒", 1e6],
    words: ["随机数", "百万个/秒", 1e6],
  },
};

const words = {
  en: { absent: "not here", failed: "failed", wrong: "computes wrongly", test: "Self-test" },
  "zh-CN": { absent: "不可用", failed: "失败", wrong: "计算结果有误", test: "自检" },
} as const satisfies Record<Locale, Record<string, string>>;

function tell(devices: readonly Tested[], locale: Locale): string {
  const say = words[locale];
  const names = Math.max(...devices.map((one) => one.name.length));
  const lines = devices.map(
    (one) => `${one.name.padEnd(names)}  ${one.available ? one.description : `${say.absent}: ${one.reason}`}`,
  );
  const columns = devices.filter((one) => one.available);
  const faults: string[] = [];
  const cell = (one: Tested, trial: TrialName, scale: number): string => {
    const result = one.selfTest?.trials.find((row) => row.trial === trial);
    if (result?.perSecond != null) return Number((result.perSecond / scale).toPrecision(3)).toLocaleString("en");
    return result?.fault?.code === "wrong-result" ? say.wrong : say.failed;
  };
  for (const one of columns) {
    if (one.fault) faults.push(`${one.name}: ${one.fault.message}`);
    for (const { trial, fault } of one.selfTest?.trials ?? []) {
      if (fault) faults.push(`${one.name}, ${trialWords[locale][trial][0]}: ${fault.message}`);
    }
  }
  const trials = Object.entries(trialWords[locale]) as [TrialName, readonly [string, string, number]][];
  const table = [
    [say.test, "", ...columns.map((one) => one.name)],
    ...trials.map(([trial, [name, unit, scale]]) => [name, unit, ...columns.map((one) => cell(one, trial, scale))]),
  ];
  const widths = table[0]?.map((_, index) => Math.max(...table.map((row) => width(row[index] ?? "")))) ?? [];
  for (const row of table) {
    const cells = row.map((text, index) => {
      const blanks = " ".repeat((widths[index] ?? 0) - width(text));
      return index < 2 ? text + blanks : blanks + text;
    });
    lines.push(cells.join("  ").trimEnd());
  }
  lines.splice(devices.length, 0, "");
  return [...lines, ...(faults.length > 0 ? ["", ...faults] : [])].join("\n");
}

/** Columns of a terminal: Chinese characters take two. */
function width(text: string): number {
  return [...text].reduce((sum, character) => sum + (/[\u2e80-\uffdc]/u.test(character) ? 2 : 1), 0);
}
