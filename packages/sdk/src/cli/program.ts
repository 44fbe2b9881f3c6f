import { errorCodes, isAssayError } from "@assay/schema/plain";
import { Command, CommanderError } from "commander";
import { version } from "../version.ts";
import { commands } from "./commands/index.ts";
import { type CliContext, type ExitCode, harmless, note } from "./context.ts";

/** Runs the command line `args` (without `node assay`); never throws. */
export async function runCli(args: readonly string[], context: CliContext): Promise<ExitCode> {
  const state: { code: ExitCode } = { code: 0 };
  const program = new Command("assay")
    .description("Audit AI models: fairness, explanations, privacy, cost and impact.")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "print this help")
    .helpCommand("help [command]", "print the help of a command")
    .showSuggestionAfterError(true)
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(harmless(text)),
      outputError: (text, write) => write(text.replace(/^error: /, "assay: ")),
    })
    .addHelpText(
      "after",
      "\nExit codes: 0 done and the gate passed, 1 the gate failed, 2 not completed, 3 the gate is indeterminate, 130 interrupted.",
    );
  for (const add of commands) {
    add(program, context, (code) => {
      state.code = code;
    });
  }
  // Sub-commands copy these settings only when they are set before they are added, so set them once more.
  for (const command of everyCommand(program)) command.exitOverride().configureOutput(program.configureOutput());
  try {
    if (args.length === 0) {
      program.outputHelp({ error: true });
      return 2;
    }
    await program.parseAsync([...args], { from: "user" });
    return state.code;
  } catch (error) {
    return told(error, context);
  }
}

function everyCommand(parent: Command): Command[] {
  return parent.commands.flatMap((command) => [command, ...everyCommand(command)]);
}

/** Tells an error on stderr and gives its exit code: 1 is never among them. */
function told(error: unknown, context: CliContext): ExitCode {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
  if (context.signal.aborted) {
    // A command that leaves something behind says so itself.
    const told = isAssayError(error) && error.message.startsWith("interrupted; ") ? error.message : null;
    note(context, `assay: ${told ?? "interrupted; nothing was written"}`);
    return 130;
  }
  if (isAssayError(error)) {
    note(context, `assay: ${error.message}`);
    return errorCodes[error.code].exit;
  }
  const message = error instanceof Error ? error.message : String(error);
  note(context, `assay: unexpected failure: ${message}`);
  if (context.env.ASSAY_DEBUG && error instanceof Error && error.stack) note(context, error.stack);
  return 2;
}
