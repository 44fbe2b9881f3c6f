import { AssayError, type Figure, type Locale, type Report } from "@assay/schema";
import type { DrawingAnswer, DrawingQuestion, RenderedFormat } from "../../workers/drawing-messages.ts";
import { lifeName, whenGone } from "./worker-life.ts";

interface Asked {
  readonly resolve: (text: string) => void;
  readonly reject: (error: AssayError) => void;
}

let worker: Worker | null = null;
let next = 0;
const asked = new Map<number, Asked>();

/** Loads what draws, so that the network may go. */
export const warmUpDrawing = (): Promise<string> => ask({ ask: "warm-up" });

/** A figure's SVG. @throws AssayError internal */
export const drawHere = (figure: Figure, locale: Locale, width: number): Promise<string> =>
  ask({ ask: "draw", figure, locale, width });

/** A report as a file. @throws AssayError internal */
export const renderHere = (report: Report, format: RenderedFormat, locale: Locale): Promise<string> =>
  ask({ ask: "render", report, format, locale });

function ask(question: DrawingQuestion): Promise<string> {
  const id = next++;
  return new Promise((resolve, reject) => {
    asked.set(id, { resolve, reject });
    started().postMessage({ ...question, id });
  });
}

function started(): Worker {
  if (worker !== null) return worker;
  const name = lifeName("drawing");
  const born = new Worker(new URL("../../workers/drawing.worker.ts", import.meta.url), { type: "module", name });
  const died = (why: string): void => {
    if (worker !== born) return;
    worker = null;
    born.terminate();
    const open = [...asked.values()];
    asked.clear();
    for (const { reject } of open) reject(new AssayError("internal", why));
  };
  born.onmessage = ({ data }: MessageEvent<DrawingAnswer>) => {
    const one = asked.get(data.id);
    if (one === undefined) return;
    asked.delete(data.id);
    if ("text" in data) one.resolve(data.text);
    else one.reject(new AssayError("internal", data.fault));
  };
  born.onerror = (event) => {
    event.preventDefault();
    died(event.message || "the worker ended");
  };
  whenGone(born, name, () => died("the browser ended the worker"));
  worker = born;
  return born;
}
