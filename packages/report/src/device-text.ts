import type { Environment, Locale } from "@assay/schema";

/** The device of a report, and the processor beside it where kernels ran there. */
export function deviceText({ device, ran }: Pick<Environment, "device" | "ran">, locale: Locale): string {
  if (ran === undefined || ran.every((one) => one === device)) return device;
  const others = ran.filter((one) => one !== device).join(locale === "en" ? ", " : "、");
  if (ran.includes(device)) {
    return locale === "en" ? `${device} (some kernels on ${others})` : `${device}（部分计算内核在 ${others} 上运行）`;
  }
  return locale === "en" ? `${device} (all kernels on ${others})` : `${device}（所有计算内核都在 ${others} 上运行）`;
}
