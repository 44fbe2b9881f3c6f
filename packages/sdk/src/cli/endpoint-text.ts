import type { EndpointLoad } from "@assay/audits";
import type { Locale } from "@assay/schema/plain";

/** How much an endpoint will be asked, in one line for each that asks. */
export function endpointText(address: string, loads: readonly EndpointLoad[], locale: Locale): string {
  const lines = loads.map(({ audit, rows, requests }) => {
    const [many, calls] = [rows, requests].map((count) => count.toLocaleString("en-US"));
    if (locale === "en") {
      const what = `${many} ${rows === 1 ? "row" : "rows"} in ${calls} ${requests === 1 ? "request" : "requests"}`;
      return audit === null
        ? `assay: ${address} is asked about ${what}`
        : `assay: ${audit} asks it about ${what} more, at most`;
    }
    return audit === null
      ? `assay: 将向 ${address} 询问 ${many} 行，共 ${calls} 次请求`
      : `assay: ${audit} 最多还会询问 ${many} 行，共 ${calls} 次请求`;
  });
  if (lines.length > 0) return lines.join("\n");
  return locale === "en" ? `assay: no audit asks ${address}` : `assay: 没有审计项需要询问 ${address}`;
}
