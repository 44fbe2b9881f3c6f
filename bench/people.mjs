import { cutShards, inProcess, preparePlan, registry, runAudits } from "@assay/audits";
import { openDevice, philoxWords } from "@assay/compute";
import { requestKey } from "@assay/dataset";
import { checkPlan } from "@assay/schema";

/** `fairness.group-metrics` of made-up people from coded columns in memory, ready to run again and again. */
export async function peopleAudit({ rows, groups, replicates, threads }) {
  const device = await openDevice("cpu", { threads });
  const people = await makePeople(device, rows, groups);
  const plan = checkPlan({
    version: 1,
    data: { file: "people.csv" },
    columns: { protected: ["group"], label: "label", decision: "decision" },
    audits: { "fairness.group-metrics": { replicates } },
  });
  const columns = ["group", "label", "decision"].map((name) => ({
    name,
    type: name === "group" ? "text" : "integer",
  }));
  const prepared = preparePlan(plan, columns, { registry });
  const levels = (name) =>
    name === "group" ? Array.from({ length: groups }, (_, group) => groupName(group)) : ["0", "1"];
  const table = {
    rows,
    counts: null,
    columns: Object.fromEntries(
      prepared.requests.map((request) => {
        const codes = people[request.column].map((value) => value + 1);
        return [requestKey(request), { kind: "coded", levels: levels(request.column), codes }];
      }),
    ),
  };
  const data = {
    rows,
    rowsRead: rows,
    digest: `sha256:${"0".repeat(64)}`,
    format: "csv",
    encoding: "utf-8",
    warnings: [],
    columns: columns.map((column) => ({ ...column, missing: 0, distinct: column.name === "group" ? groups : 2 })),
  };
  return {
    people,
    prepared,
    device,
    /** The whole audit, by an audit or a device that is watched where one is given. */
    run: (watched = {}) => {
      const own = { prepared, device, ...watched };
      return runAudits({
        ...own,
        data,
        shards: cutShards(rows, 1),
        executor: inProcess({ ...own, table }),
        signal: new AbortController().signal,
      });
    },
  };
}

/** Group, label and decision of each row, with a rate of its own in each group. */
async function makePeople(device, rows, groups) {
  const words = await philoxWords(device, { seed: 4, stream: 0, counter: 0, blocks: rows });
  const people = { group: new Uint8Array(rows), label: new Uint8Array(rows), decision: new Uint8Array(rows) };
  for (let row = 0; row < rows; row++) {
    const group = Math.floor((words[4 * row] / 2 ** 32) * groups);
    const label = words[4 * row + 1] / 2 ** 32 < 0.3 + 0.01 * group ? 1 : 0;
    people.group[row] = group;
    people.label[row] = label;
    people.decision[row] = words[4 * row + 2] / 2 ** 32 < (label ? 0.7 : 0.2) + 0.005 * group ? 1 : 0;
  }
  return people;
}

export function groupName(group) {
  return `g${String(group).padStart(2, "0")}`;
}
