import { AssayError } from "@assay/schema/plain";
import type { Command } from "commander";
import type { Assay } from "../../client/assay.ts";
import type { ProjectSchedules, ScheduleRow } from "../../client/schedules.ts";
import { type CliContext, localeOf, note, print } from "../context.ts";
import { minuteText, schedulesText, scheduleText } from "../schedule-text.ts";
import type { AddCommand } from "./index.ts";

interface Anywhere {
  server?: string;
  json?: boolean;
  lang?: string;
}
interface Shared extends Anywhere {
  project: string;
}
interface Settings extends Shared {
  name?: string;
  plan?: string;
  dataset?: string;
  cron?: string;
  timeZone?: string;
  unchanged?: boolean;
  notify?: boolean;
}

/** `assay schedules …`: plans that a server runs at times. */
export const addSchedules: AddCommand = (program, context) => {
  const group = program
    .command("schedules")
    .summary("let a server run plans at times on data that grow")
    .description(
      "Plans that a server runs at times, each on the newest data of a name. A schedule is named by its name or its id.",
    );

  shared(
    group
      .command("list")
      .description("Lists a project's schedules, each with its next time and what came of the last."),
  ).action(async (options: Shared) => {
    const rows = await (await schedulesOf(context, options)).list();
    told(context, options, rows, () => schedulesText(rows, localeOf(options.lang, context)));
  });

  shared(
    group
      .command("show")
      .description("Shows a schedule and what came of its times.")
      .argument("<schedule>", "its name or id"),
  ).action(async (named: string, options: Shared) => {
    const schedules = await schedulesOf(context, options);
    const row = await find(schedules, named);
    const [detail, history] = [await schedules.get(row.id), await schedules.history(row.id)];
    told(context, options, { ...detail, history }, () =>
      scheduleText(detail, history, localeOf(options.lang, context)),
    );
  });

  settings(
    shared(
      group
        .command("create")
        .description(
          "Makes a schedule of a plan. Nothing is uploaded: the data, and the plan's model, are on the server, and the plan is tried against them first.",
        )
        .argument("<plan>", "the plan file"),
    ),
  )
    .requiredOption("--cron <fields>", 'times as minute, hour, day, month, weekday, such as "0 6 * * 1"')
    .action(async (plan: string, options: Settings & { cron: string }) => {
      const schedules = await schedulesOf(context, options);
      const { name = options.cron } = options;
      const row = await schedules.create({
        ...changesOf(options),
        plan,
        folder: context.cwd,
        name,
        cron: options.cron,
      });
      made(context, options, row);
    });

  settings(
    shared(
      group
        .command("update")
        .description("Changes a schedule; what is left out stays.")
        .argument("<schedule>", "its name or id"),
    ),
  )
    .option("--plan <file>", "another plan")
    .option("--cron <fields>", 'times as minute, hour, day, month, weekday, such as "0 6 * * 1"')
    .action(async (named: string, options: Settings) => {
      const schedules = await schedulesOf(context, options);
      const { id } = await find(schedules, named);
      const { plan, cron } = options;
      made(
        context,
        options,
        await schedules.update(id, {
          ...changesOf(options),
          ...(cron === undefined ? {} : { cron }),
          ...(plan === undefined ? {} : { plan, folder: context.cwd }),
        }),
      );
    });

  for (const [verb, enabled, text] of [
    ["pause", false, "Pauses a schedule; its runs stay."],
    ["resume", true, "Lets a paused schedule go on with its next time; what was missed is not made up."],
  ] as const) {
    shared(group.command(verb).description(text).argument("<schedule>", "its name or id")).action(
      async (named: string, options: Shared) => {
        const schedules = await schedulesOf(context, options);
        made(context, options, await schedules.update((await find(schedules, named)).id, { enabled }));
      },
    );
  }

  shared(
    group
      .command("run")
      .description("Runs a schedule's plan on its newest data now, and prints the run's id.")
      .argument("<schedule>", "its name or id"),
  ).action(async (named: string, options: Shared) => {
    const schedules = await schedulesOf(context, options);
    const row = await find(schedules, named);
    const run = await schedules.runNow(row.id);
    const en = localeOf(options.lang, context) === "en";
    note(context, en ? `Run ${run.row.number} of ${row.project.name}` : `${row.project.name} 的运行 ${run.row.number}`);
    told(context, options, run.row, () => run.id);
  });

  shared(
    group
      .command("remove")
      .description("Removes a schedule; its runs and their reports stay.")
      .argument("<schedule>", "its name or id"),
  ).action(async (named: string, options: Shared) => {
    const schedules = await schedulesOf(context, options);
    const row = await find(schedules, named);
    await schedules.remove(row.id);
    const en = localeOf(options.lang, context) === "en";
    told(context, options, { removed: row.id }, () => (en ? `Removed ${row.name}.` : `已删除 ${row.name}。`));
  });

  anywhere(
    group
      .command("preview")
      .description("Prints the next five times of a cron expression, by the server's clock.")
      .argument("<fields>", 'such as "0 6 * * 1"'),
  )
    .option("--time-zone <name>", "as IANA names it, such as Europe/Berlin", "UTC")
    .action(async (cron: string, options: Anywhere & { timeZone: string }) => {
      const locale = localeOf(options.lang, context);
      const { timeZone } = options;
      const { times, problems } = await (await assayOf(context, options)).scheduleTimes({ cron, timeZone });
      if (problems.length > 0) {
        const text = problems
          .map(({ at, message }) => `${at === "cron" ? "" : "--time-zone: "}${message[locale]}`)
          .join("; ");
        throw new AssayError("usage", text);
      }
      told(context, options, { times }, () => times.map((time) => minuteText(time, timeZone)).join("\n"));
    });
};

function shared(command: Command): Command {
  return anywhere(command.requiredOption("--project <name>", "the project's name, slug or id"));
}

function anywhere(command: Command): Command {
  return command
    .option("--server <url>", "the server (default: ASSAY_URL, or the login)")
    .option("--json", "print JSON")
    .option("--lang <code>", "en or zh-CN");
}

function settings(command: Command): Command {
  return command
    .option("--name <name>", "its name")
    .option("--dataset <name>", "the name of its data (default: the plan's data file)")
    .option("--time-zone <name>", "as IANA names it, such as Europe/Berlin (default: UTC)")
    .option("--unchanged", "run also where nothing has changed since the last run")
    .option("--no-unchanged", "run on new data alone (default)")
    .option("--notify", "tell of failed checks and errors (default)")
    .option("--no-notify", "tell nobody");
}

function changesOf({ name, dataset, timeZone, unchanged, notify }: Settings) {
  return {
    ...(name === undefined ? {} : { name }),
    ...(dataset === undefined ? {} : { dataset }),
    ...(timeZone === undefined ? {} : { timeZone }),
    ...(unchanged === undefined ? {} : { runUnchanged: unchanged }),
    ...(notify === undefined ? {} : { notify }),
  };
}

async function schedulesOf(context: CliContext, options: Shared): Promise<ProjectSchedules> {
  const assay = await assayOf(context, options);
  const found = (await assay.projects.list()).find(({ id, slug, name }) => [id, slug, name].includes(options.project));
  if (found === undefined) throw new AssayError("not-found", `no project "${options.project}"`);
  return (await assay.projects.get(found.id)).schedules;
}

async function assayOf(context: CliContext, options: Anywhere): Promise<Assay> {
  const [{ Assay }, { findCredentials }] = await Promise.all([
    import("../../client/assay.ts"),
    import("../credentials.ts"),
  ]);
  return new Assay({ ...(await findCredentials(context, options.server)), signal: context.signal });
}

async function find(schedules: ProjectSchedules, named: string): Promise<ScheduleRow> {
  const rows = await schedules.list();
  const row = rows.find(({ id }) => id === named) ?? rows.find(({ name }) => name === named);
  if (row !== undefined) return row;
  const there = rows.map(({ name }) => `"${name}"`).join(", ");
  throw new AssayError("not-found", `no schedule "${named}"${there === "" ? "" : `; there are ${there}`}`);
}

/** What was asked for as JSON, or as text. */
function told(context: CliContext, { json }: Anywhere, value: unknown, text: () => string): void {
  print(context, json ? JSON.stringify(value, null, 2) : text());
}

function made(context: CliContext, options: Shared, row: ScheduleRow): void {
  told(context, options, row, () => schedulesText([row], localeOf(options.lang, context)));
}
