import { useCallback, useEffect, useRef, useState } from "react";
import type { DeviceResult, DevicesAnswer, DevicesQuestion, Probe, TrialName } from "../../workers/devices-messages.ts";

export interface BrowserDevices {
  readonly probes: readonly Probe[];
  readonly threads: number;
}

export type TestState =
  | { readonly at: "waiting" }
  | { readonly at: "testing"; readonly fraction: number; readonly trial: TrialName | null }
  | { readonly at: "tested"; readonly results: readonly DeviceResult[] }
  | { readonly at: "failed" };

/** What this browser computes on, asked and tested in a worker so that the page stays at hand. */
export function useBrowserDevices() {
  const [devices, setDevices] = useState<BrowserDevices | null>(null);
  const [state, setState] = useState<TestState>({ at: "waiting" });
  const worker = useRef<Worker | null>(null);

  const stop = useCallback(() => {
    worker.current?.terminate();
    worker.current = null;
  }, []);

  const ask = useCallback(
    (question: DevicesQuestion) => {
      stop();
      const asked = new Worker(new URL("../../workers/devices.worker.ts", import.meta.url), { type: "module" });
      worker.current = asked;
      asked.onmessage = ({ data }: MessageEvent<DevicesAnswer>) => {
        if (data.told === "devices") setDevices({ probes: data.probes, threads: data.threads });
        else if (data.told === "progress") setState({ at: "testing", fraction: data.fraction, trial: data.trial });
        else setState({ at: "tested", results: data.results });
        if (data.told === "tested" || !question.test) stop();
      };
      asked.onerror = () => {
        setState({ at: "failed" });
        stop();
      };
      asked.postMessage(question);
    },
    [stop],
  );

  useEffect(() => {
    ask({ test: false });
    return stop;
  }, [ask, stop]);

  return {
    devices,
    state,
    test: () => {
      setState({ at: "testing", fraction: 0, trial: null });
      ask({ test: true });
    },
    cancel: () => {
      stop();
      setState({ at: "waiting" });
    },
  };
}
