import { type AuditResult, isAssayError, type Report } from "@assay/schema";
import { startTransition, useCallback, useEffect, useRef, useState } from "react";
import { type Fault, faultOf } from "../../trpc/fault.ts";
import type {
  AuditProgress,
  BrowserDevice,
  FinishedAudit,
  Material,
  OpenedMaterial,
  Readiness,
} from "../../workers/audit-messages.ts";
import { loadPalette } from "../palette/load-palette.ts";
import type { ChosenFile } from "../uploads/chosen-files.ts";
import { AuditWorker } from "./audit-worker.ts";
import { warmUpDrawing } from "./drawing-worker.ts";

export type TabState =
  | { readonly at: "choosing" }
  | { readonly at: "reading"; readonly file: File; readonly fraction: number }
  | { readonly at: "unread"; readonly file: File; readonly counts: boolean; readonly fault: Fault }
  | { readonly at: "editing" }
  | { readonly at: "running"; readonly progress: AuditProgress; readonly found: readonly AuditResult[] }
  | { readonly at: "failed"; readonly fault: Fault }
  | { readonly at: "finished"; readonly finished: FinishedAudit };

const begun: AuditProgress = { stage: "reading", fraction: 0, audit: null };

/** An audit that stays in this tab: its files, its plan, how far it is and what it found. */
export function useTabAudit(version: string) {
  const worker = useRef<AuditWorker | null>(null);
  const keys = useRef(0);
  const [readiness, setReadiness] = useState<Readiness | null>(null);
  const [unloaded, setUnloaded] = useState<string | null>(null);
  const [state, setState] = useState<TabState>({ at: "choosing" });
  const [material, setMaterial] = useState<Material | null>(null);
  const [opened, setOpened] = useState<OpenedMaterial | null>(null);
  const [yaml, setYaml] = useState("");
  const [device, setDevice] = useState<BrowserDevice>("auto");

  const own = (): AuditWorker => {
    worker.current ??= new AuditWorker();
    return worker.current;
  };

  useEffect(() => {
    const here = new AuditWorker();
    worker.current = here;
    // All that is fetched only when it is first used, also by the pages' frame.
    const rest = Promise.all([warmUpDrawing(), loadPalette()]);
    Promise.all([here.ask({ ask: "warm-up" }), rest]).then(
      ([found]) => setReadiness(found),
      (error) => {
        if (!isAssayError(error) || error.code !== "cancelled") setUnloaded(faultHere(error).message);
      },
    );
    return () => {
      worker.current = null;
      here.stop();
    };
  }, []);

  const suppress = useCallback((report: Report, below: number) => {
    worker.current ??= new AuditWorker();
    return worker.current.ask({ ask: "suppress", report, below });
  }, []);

  const open = async (file: File, counts: boolean) => {
    const next: Material = { data: { key: keys.current++, file, counts }, model: null };
    setState({ at: "reading", file, fraction: 0 });
    try {
      const found = await own().ask({ ask: "open", material: next }, ({ fraction }) =>
        setState((now) => (now.at === "reading" ? { ...now, fraction: Math.max(now.fraction, fraction) } : now)),
      );
      // The editor is drawn in slices: a file of many columns makes it large.
      startTransition(() => {
        setMaterial(next);
        setOpened(found);
        setYaml(found.yaml);
        setState({ at: "editing" });
      });
    } catch (error) {
      if (isAssayError(error) && error.code === "cancelled") setState({ at: "choosing" });
      else setState({ at: "unread", file, counts, fault: faultHere(error) });
    }
  };

  const run = async (on: BrowserDevice = device) => {
    if (material === null) return;
    setDevice(on);
    setState({ at: "running", progress: begun, found: [] });
    try {
      const finished = await own().ask(
        { ask: "run", material, plan: yaml, device: on, version },
        (progress) =>
          setState((now) =>
            now.at === "running"
              ? { ...now, progress: { ...progress, fraction: Math.max(now.progress.fraction, progress.fraction) } }
              : now,
          ),
        (result, fresh) =>
          setState((now) => (now.at === "running" ? { ...now, found: [...(fresh ? [] : now.found), result] } : now)),
      );
      // A report is much to draw: in pieces, between which the page answers.
      startTransition(() => setState({ at: "finished", finished }));
    } catch (error) {
      if (isAssayError(error) && error.code === "cancelled") setState({ at: "editing" });
      else setState({ at: "failed", fault: faultHere(error) });
    }
  };

  return {
    readiness,
    /** Why it could not be made ready. */
    unloaded,
    state,
    material,
    opened,
    yaml,
    setYaml,
    device,
    setDevice,
    open,
    run,
    /** Ends reading or auditing at once; files and plan stay. */
    cancel: () => own().stop(),
    edit: () => setState({ at: "editing" }),
    /** Forgets the file. */
    reset: () => {
      own().stop();
      setMaterial(null);
      setOpened(null);
      setState({ at: "choosing" });
    },
    /** Opens a model's files, its own first; null: none. @throws AssayError model-invalid, not-supported, not-found */
    chooseModel: async (files: readonly ChosenFile[] | null) => {
      if (material === null || opened === null) return null;
      const model = files === null ? null : { key: keys.current++, files };
      const next = { ...material, model };
      const found = model === null ? null : await own().ask({ ask: "open", material: next });
      setMaterial(next);
      setOpened({ ...opened, model: found?.model ?? null });
      return found?.model ?? null;
    },
    /** The report as it may be pushed where numbers of fewer people than `below` are to be withheld. */
    suppress,
    check: (plan: string) =>
      material === null ? Promise.reject(new Error("no file")) : own().ask({ ask: "check", material, plan }),
  };
}

export type TabAudit = ReturnType<typeof useTabAudit>;

function faultHere(error: unknown): Fault {
  return faultOf(isAssayError(error) ? error.toJSON() : error);
}
