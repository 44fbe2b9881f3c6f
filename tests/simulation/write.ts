import { writeFileSync } from "node:fs";
import { pageOf } from "./page.ts";
import { full, quick, runStudy } from "./study.ts";

/** Runs the study and writes its page. */
export async function writePage(path: string, small: boolean, tell: (text: string) => void): Promise<void> {
  const scale = small ? quick : full;
  writeFileSync(path, pageOf(await runStudy(scale, tell), scale));
}
