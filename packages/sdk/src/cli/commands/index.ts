import type { Command } from "commander";
import type { CliContext, ExitCode } from "../context.ts";
import { addAudits } from "./audits.ts";
import { addCompare } from "./compare.ts";
import { addDevices } from "./devices.ts";
import { addInit } from "./init.ts";
import { addLogin } from "./login.ts";
import { addMitigate } from "./mitigate.ts";
import { addPull } from "./pull.ts";
import { addPush } from "./push.ts";
import { addRun } from "./run.ts";
import { addSchedules } from "./schedules.ts";
import { addSubmit } from "./submit.ts";
import { addUpload } from "./upload.ts";
import { addVerify } from "./verify.ts";

/** Adds one command to the program; `finish` sets the exit code of a command that ended as it should. */
export type AddCommand = (program: Command, context: CliContext, finish: (code: ExitCode) => void) => void;

/** Every command, alphabetical. */
export const commands = [
  addAudits,
  addCompare,
  addDevices,
  addInit,
  addLogin,
  addMitigate,
  addPull,
  addPush,
  addRun,
  addSchedules,
  addSubmit,
  addUpload,
  addVerify,
] as const satisfies readonly AddCommand[];
