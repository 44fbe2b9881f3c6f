import type { Probe, SelfTestResult, TrialName, TrialUnit } from "@assay/compute";

export type { Probe, SelfTestResult, TrialName, TrialUnit };

/** What devices.worker.ts is asked: what this browser has, or to test it as well. */
export interface DevicesQuestion {
  readonly test: boolean;
}

export type DevicesAnswer =
  | {
      readonly told: "devices";
      readonly probes: readonly Probe[];
      /** Threads of the cpu device. */
      readonly threads: number;
    }
  | { readonly told: "progress"; readonly fraction: number; readonly trial: TrialName }
  | { readonly told: "tested"; readonly results: readonly DeviceResult[] };

export interface DeviceResult {
  readonly name: Probe["name"];
  readonly result: SelfTestResult | null;
  /** Why a device that is there could not be tested. */
  readonly fault: string | null;
}
