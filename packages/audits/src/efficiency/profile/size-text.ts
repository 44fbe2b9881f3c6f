import { decimalText } from "../../wording/index.ts";

const units = ["bytes", "KiB", "MiB", "GiB", "TiB"] as const;

/** 437544 → `427 KiB`; three digits. */
export function sizeText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${decimalText(value, unit === 0 || value >= 100 ? 0 : value >= 10 ? 1 : 2)} ${units[unit] ?? ""}`;
}
