import type { LocalizedText, Table } from "@assay/schema";
import type { AuditModel } from "../../audit-model.ts";
import { shareText } from "../../wording/index.ts";
import { splitOf } from "./conclude.ts";
import type { Pace, Quantile } from "./pace.ts";
import type { Roofline } from "./roofline.ts";
import type { LatencyInput } from "./settings.ts";
import type { LatencySummary, Roof } from "./summary.ts";

const text = (en: string, zh: string): LocalizedText => ({ en, "zh-CN": zh });

export function callsTable(paces: readonly Pace[], first: Pace, input: LatencyInput): Table {
  const level = shareText(input.confidence);
  const cell = ({ value, interval }: Quantile) => ({
    value,
    low: interval?.low ?? null,
    high: interval?.high ?? null,
  });
  return {
    id: "calls",
    title: text("Every batch size", "各批量大小"),
    caption: text(
      `Milliseconds of a call with ${level} intervals; 95 of 100 calls, and 99 of 100, take no longer than the next two columns say. Grey: too few calls to bound every one of them. Far out: calls above the upper quartile by more than three times the distance of the quartiles; they count in every number.`,
      `每次调用的毫秒数，附 ${level} 区间；后两列表示 100 次中有 95 次、99 次不超过该值。灰色：调用次数不足以给出全部区间。极端值：超出上四分位数三倍四分位距的调用，计入所有数字。`,
    ),
    columns: [
      { title: text("Calls of", "调用"), format: "text" },
      { title: text("Median", "中位数"), format: "number" },
      { title: text("95 %", "95 %"), format: "number" },
      { title: text("99 %", "99 %"), format: "number" },
      { title: text("Rows a second", "每秒行数"), format: "count" },
      { title: text("Calls", "次数"), format: "count" },
      { title: text("Warm-up calls", "预热次数"), format: "count" },
      { title: text("First call", "首次调用"), format: "number" },
      { title: text("Slowest", "最慢"), format: "number" },
      { title: text("Far out", "极端值"), format: "count" },
      { title: text("Remark", "说明"), format: "text" },
    ],
    rows: paces.map((pace) => ({
      few: [pace.median, pace.p95, pace.p99].some((one) => one.interval === null),
      cells: [
        splitOf(pace, first),
        cell(pace.median),
        cell(pace.p95),
        cell(pace.p99),
        (pace.batch * 1000) / pace.median.value,
        pace.sorted.length,
        pace.warmUp,
        pace.first,
        pace.slowest,
        pace.farOut,
        pace.settled ? null : text("the pace still changed", "耗时仍在变化"),
      ],
    })),
  };
}

const titles = {
  endpoint: "HTTP",
  onnxruntime: "ONNX Runtime",
  tensorflow: "TensorFlow.js",
  transformers: "Transformers.js",
} as const;

/** What the numbers belong to. */
export function machineTable(summary: LatencySummary, paces: readonly Pace[], model: AuditModel | null): Table {
  const devices = [...new Map(paces.map((pace) => [pace.device, pace.description])).entries()];
  const runtime = model?.runtime ?? "kernels";
  const runs =
    runtime === "kernels"
      ? text("Assay's own kernels", "Assay 自有内核")
      : text(
          `${titles[runtime]}, because ${model?.runtimeReason}`,
          `${titles[runtime]}，原因：${model?.runtimeReason}`,
        );
  return {
    id: "machine",
    title: text("Measured on", "测量环境"),
    caption: text(
      "The numbers above belong to this machine at that time. They stay out of the report's digest.",
      "以上数字只属于当时的这台机器，不计入报告摘要值。",
    ),
    columns: [
      { title: text("What", "项目"), format: "text" },
      { title: text("Which", "内容"), format: "text" },
    ],
    rows: [
      { few: false, cells: [text("Machine", "机器"), summary.machine] },
      ...devices.map(([name, description]) => ({
        few: false,
        cells: [text(`Device ${name}`, `设备 ${name}`), description],
      })),
      { few: false, cells: [text("Runs on", "运行方式"), runs] },
      {
        few: false,
        cells: [
          text("Rows asked about", "所用的行"),
          text(
            `the first of ${summary.rows} rows of the data, again from the first where a call needs more`,
            `数据（共 ${summary.rows} 行）的前若干行；一次调用需要更多行时从头重复`,
          ),
        ],
      },
    ],
  };
}

export function rooflineTable(lines: readonly Roofline[], roofs: readonly Roof[]): Table {
  const rates = roofs
    .filter((roof) => roof.multiplyAccumulates !== null && roof.bytes !== null)
    .map(({ device, multiplyAccumulates, bytes }) => ({
      device,
      products: ((multiplyAccumulates ?? 0) / 1e9).toPrecision(3),
      bytes: ((bytes ?? 0) / 1e9).toPrecision(3),
    }));
  return {
    id: "roofline",
    title: text("Against what the device can do", "与设备能力对照"),
    caption: text(
      `The roof is the time that the model's products, or the bytes of weights, inputs and outputs, need at the rates found by a short trial: ${rates.map((rate) => `${rate.device} ${rate.products} billion multiply-accumulates and ${rate.bytes} billion bytes (to the device and back) in a second`).join("; ")}. The trial's network runs on our own kernels: another runtime may go above it.`,
      `上限是按短测所得速率完成全部乘加、或搬运权重、输入与输出所需的时间：${rates.map((rate) => `${rate.device} 每秒 ${rate.products}×10⁹ 次乘加、${rate.bytes}×10⁹ 字节（往返设备）`).join("；")}。短测网络运行在自有内核上，其他运行时可能超过它。`,
    ),
    columns: [
      { title: text("Device", "设备"), format: "text" },
      { title: text("Rows a call", "每次行数"), format: "count" },
      { title: text("Products per byte", "每字节乘加"), format: "number" },
      { title: text("Bound by", "瓶颈"), format: "text" },
      { title: text("Roof, rows a second", "上限（行/秒）"), format: "count" },
      { title: text("Reached", "实测（行/秒）"), format: "count" },
      { title: text("Share", "占比"), format: "percent" },
    ],
    rows: lines.map((line) => ({
      few: false,
      cells: [
        line.device,
        line.batch,
        line.intensity,
        line.bound === "arithmetic" ? text("arithmetic", "运算") : text("memory", "内存"),
        line.roof,
        line.reached,
        line.reached / line.roof,
      ],
    })),
  };
}

export function absentTable({ absent }: LatencySummary): Table {
  return {
    id: "absent",
    title: text("Devices that were not measured", "未能测量的设备"),
    caption: text(
      "What was asked for and is not here, or cannot run the model.",
      "计划要求但不存在、或无法运行该模型的设备。",
    ),
    columns: [
      { title: text("Device", "设备"), format: "text" },
      { title: text("Why", "原因"), format: "text" },
    ],
    rows: absent.map(({ device, reason }) => ({ few: true, cells: [device, reason] })),
  };
}
