import { decimalText } from "../../wording/index.ts";

const bytesText = { en: "bytes", "zh-CN": "字节" } as const;
const units = ["KiB", "MiB", "GiB", "TiB"] as const;

/** 437544 → `427 KiB`; three digits. */
export function sizeText(bytes: number, language: keyof typeof bytesText = "en"): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length) {
    value /= 1024;
    unit++;
  }
  return `${decimalText(value, unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2)} ${unit === 0 ? bytesText[language] : units[unit - 1]}`;
}
