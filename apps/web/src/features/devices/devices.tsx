"use client";

import { useTranslations } from "next-intl";
import { Button } from "../../components/button.tsx";
import { Section } from "../../components/page.tsx";
import type { ServerDevice } from "../../trpc/types.ts";
import type { Probe } from "../../workers/devices-messages.ts";
import { type DeviceLine, DeviceList } from "./device-list.tsx";
import { TrialTable } from "./trial-table.tsx";
import { type BrowserDevices, useBrowserDevices } from "./use-browser-devices.ts";
import { webgpuOff } from "./webgpu-off.ts";

/** What this browser and the server compute on, and a test of the browser. */
export function Devices({ server }: { server: readonly ServerDevice[] }) {
  const t = useTranslations("settings.devices");
  const { devices, state, test, cancel } = useBrowserDevices();
  const testing = state.at === "testing";
  return (
    <Section id="devices" title={t("title")}>
      <h3 className="m-0 pb-2 text-sm font-[550]">{t("browser")}</h3>
      <DeviceList lines={useBrowserLines(devices, state.at === "failed")} />
      <div className="min-h-8 py-3">
        {testing ? <Button onClick={cancel}>{t("cancel")}</Button> : <Button onClick={test}>{t("test")}</Button>}
      </div>
      {testing ? (
        <>
          <div
            role="progressbar"
            aria-label={t("progress")}
            aria-valuemin={0}
            aria-valuemax={100}
            aria-valuenow={Math.round(state.fraction * 100)}
            className="h-1 overflow-hidden rounded-sm bg-press"
          >
            <div
              className="h-full w-full origin-left bg-accent transition-transform duration-300 ease-out"
              style={{ transform: `scaleX(${state.fraction})` }}
            />
          </div>
          <p aria-live="polite" className="m-0 mt-2 min-h-5 text-sm text-muted">
            {state.trial === null ? t("begun") : t(`trials.${state.trial}`)}
          </p>
        </>
      ) : null}
      {state.at === "failed" ? (
        <p role="alert" className="m-0 text-sm text-fail">
          {t("broken")}
        </p>
      ) : null}
      {state.at === "tested" ? <TrialTable results={state.results} /> : null}
      <h3 className="m-0 pt-6 pb-2 text-sm font-[550]">{t("server")}</h3>
      <DeviceList
        lines={server.map(({ name, available, description }) => ({
          name,
          absent: !available,
          text: available ? (
            <span lang="en">{description}</span>
          ) : (
            <>
              {t("absent")} <span lang="en">{description}</span>
            </>
          ),
        }))}
      />
    </Section>
  );
}

function useBrowserLines(devices: BrowserDevices | null, failed: boolean): DeviceLine[] {
  const t = useTranslations("settings.devices");
  if (devices === null) {
    const text = t(failed ? "unknown" : "asking");
    return ["cpu", "webgpu"].map((name) => ({ name, text, absent: true }));
  }
  return devices.probes.map((probe) => ({
    name: probe.name,
    absent: !probe.available,
    text: <BrowserDevice key={probe.name} probe={probe} threads={devices.threads} />,
  }));
}

function BrowserDevice({ probe, threads }: { probe: Probe; threads: number }) {
  const t = useTranslations("settings.devices");
  if (!probe.available) {
    // What a reader can do about it; the probe's own words say the same once more, so they are for who asks.
    if (probe.name === "webgpu") return <span title={probe.reason}>{t(webgpuOff())}</span>;
    return (
      <>
        {t("absent")} <span lang="en">{probe.reason}</span>
      </>
    );
  }
  if (probe.name !== "cpu") return <span lang="en">{probe.description}</span>;
  return (
    <>
      {t("threads", { threads })} {globalThis.crossOriginIsolated ? null : t("oneThread")}
    </>
  );
}
