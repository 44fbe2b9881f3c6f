import { describe, expect, it } from "vitest";
import { deviceText } from "./device-text.ts";

describe("the device of a report", () => {
  it.each([
    [undefined, "cuda", "cuda"],
    [["cuda"], "cuda", "cuda"],
    [[], "cuda", "cuda"],
    [["cpu", "cuda"], "cuda (some kernels on cpu)", "cuda（部分计算内核在 cpu 上运行）"],
    [["cpu"], "cuda (all kernels on cpu)", "cuda（所有计算内核都在 cpu 上运行）"],
  ] as const)("is told with what kernels ran on: %j", (ran, english, chinese) => {
    const environment = { device: "cuda", ...(ran === undefined ? {} : { ran: [...ran] }) } as const;
    expect(deviceText(environment, "en")).toBe(english);
    expect(deviceText(environment, "zh-CN")).toBe(chinese);
  });
});
