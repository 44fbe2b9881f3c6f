import { loadavg } from "node:os";
import { peopleAudit } from "./people.mjs";

const size = { rows: 10_000_000, groups: 14, replicates: 10_000 };
const warmUps = 5;
const rounds = 30;

/** Where the time of a whole audit goes, by thread count: milliseconds of every round, by part. */
async function timesOf(threads) {
  const { prepared, device, run } = await peopleAudit({ ...size, threads });
  let spent = {};
  const add = (part, start) => {
    spent[part] = (spent[part] ?? 0) + performance.now() - start;
  };
  const watchedDevice = new Proxy(device, {
    get(target, property) {
      if (property === "host") return watchedDevice;
      const value = Reflect.get(target, property, target);
      if (typeof value !== "function") return value;
      if (property !== "dispatch") return value.bind(target);
      return async (kernel, ...rest) => {
        // What this thread does while others draw is told with the rest: of that, only what it does itself and what it awaits.
        let awaited = 0;
        queueMicrotask(() => {
          awaited = performance.now();
        });
        const start = performance.now();
        const done = target.dispatch(kernel, ...rest);
        add(kernel, start);
        await done;
        add(kernel, awaited);
      };
    },
  });
  const watch =
    (definition, step) =>
    async (...given) => {
      const start = performance.now();
      const result = await definition[step](...given);
      add(step, start);
      return result;
    };
  const audits = prepared.audits.map((audit) => ({
    ...audit,
    definition: {
      ...audit.definition,
      measure: watch(audit.definition, "measure"),
      conclude: watch(audit.definition, "conclude"),
    },
  }));
  let first = null;
  const whole = [];
  const parts = [];
  let audit = null;
  for (let round = 0; round < warmUps + rounds; round++) {
    const start = performance.now();
    const { body } = await run();
    const took = performance.now() - start;
    first ??= took;
    if (round >= warmUps) whole.push(took);
    [audit] = body.audits;
    spent = {};
    const begun = performance.now();
    await run({ prepared: { ...prepared, audits }, device: watchedDevice });
    if (round >= warmUps) parts.push({ ...spent, all: performance.now() - begun });
  }
  device.dispose();
  const kernels = (one, names) => names.reduce((sum, name) => sum + (one[name] ?? 0), 0);
  const split = parts.map((one) => {
    const drawn = kernels(one, ["permute", "permuteConfusion", "resampleConfusion", "confusionDistances"]);
    return {
      "tally, with the upload": one.measure,
      "null tables and their distances": kernels(one, ["permute", "permuteConfusion", "confusionDistances"]),
      "bootstrap tables and their values": one.resampleConfusion ?? 0,
      "estimates, intervals, p values, figures": one.conclude - drawn,
      "findings, checks of the report": one.all - one.measure - one.conclude,
    };
  });
  const metrics = new Set(audit.measures.map(({ metric }) => metric)).size;
  return { threads, first, whole, split, measures: audit.measures.length, metrics };
}

/** @type {readonly { readonly name: string; run(): Promise<unknown>; text(result: unknown): readonly string[] }[]} */
export const checks = [
  {
    name: "group-metrics: where the time of 10,000,000 rows × 14 groups, 10,000 replicates goes",
    run: async () => ({ load: loadavg()[0], one: await timesOf(1), two: await timesOf(2) }),
    text: ({ load, one, two }) => [
      `load average ${load.toFixed(1)}; ${rounds} rounds each, the least and the median; ${one.metrics} metrics, ${one.measures} measures; the first run of the process: ${one.first.toFixed(0)} ms`,
      ...[one, two].flatMap(({ threads, whole, split }) => [
        `${threads === 1 ? "1 thread" : `${threads} threads`}: ${spread(whole)}`,
        ...Object.keys(split[0]).map((part) => `  ${part}: ${spread(split.map((times) => times[part]))}`),
      ]),
    ],
  },
];

function spread(times) {
  const sorted = [...times].sort((a, b) => a - b);
  return `${sorted[0].toFixed(1)} ms, ${sorted[Math.floor(sorted.length / 2)].toFixed(1)} ms`;
}
