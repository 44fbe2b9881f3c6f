import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FeedbackForm } from "@assay/schema";
import pg from "pg";
import { afterAll, beforeAll, beforeEach, expect, it } from "vitest";
import { connect, type Database } from "./connect.ts";
import { type Cluster, startCluster } from "./embedded/index.ts";
import type { NewFeedback } from "./feedback.ts";
import { migrate } from "./migrate.ts";

let folder: string;
let cluster: Cluster;
let database: Database;
let home: string;
let user: string;
let project: string;
let projects = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "assay-feedback-test-"));
  cluster = await startCluster(folder);
  await migrate(cluster.url);
  database = connect(cluster.url);
  home = (await database.stores.organizations.home()).id;
  const apiKey = { name: "k", hash: "h", start: "k" };
  user = (await database.stores.users.addFirst({ name: "Ada", email: "ada@example.org", passwordHash: "h", apiKey }))
    .id;
}, 120_000);
afterAll(async () => {
  await database.close();
  await cluster.stop();
  await rm(folder, { recursive: true, force: true });
});

const settings = FeedbackForm.parse({
  title: { en: "Tell us", "zh-CN": "请告诉我们" },
  intro: { en: "", "zh-CN": "" },
  privacy: { en: "", "zh-CN": "" },
  contact: "",
  decisions: [],
  groups: [],
  origins: [],
  retentionDays: 30,
  notify: { email: null, webhook: null },
});

beforeEach(async () => {
  project = (await database.stores.projects.create(home, `P ${++projects}`)).id;
  await database.stores.feedbackForms.ensure(project, settings);
});

const report = (receipt: string, more: Partial<NewFeedback> = {}): NewFeedback => ({
  ...{ projectId: project, receipt: `${project} ${receipt}`, locale: "zh-CN", what: "what happened" },
  ...{ decision: "limit", decisionReference: "A-1", group: { "a]b,": 'c"d' }, contact: "me@example.org" },
  ...more,
});
const silent = async () => {};
const add = (receipt: string, more: Partial<NewFeedback> = {}) =>
  database.stores.feedback.add(report(receipt, more), silent);

it("numbers reports one after another inside their project, and takes the same receipt once, also at once", async () => {
  const enqueued: number[] = [];
  const sent = await Promise.all(
    Array.from({ length: 12 }, (_, index) =>
      database.stores.feedback.add(report(`r${index % 6}`), async (_sql, number) => {
        enqueued.push(number);
      }),
    ),
  );
  expect(new Set(sent.map(({ number }) => number)).size).toBe(6);
  expect(sent.filter(({ isNew }) => isNew)).toHaveLength(6);
  expect(enqueued).toHaveLength(6);
  const { items, total } = await database.stores.feedback.list(project, {});
  expect(total).toBe(6);
  expect(items[0]).toMatchObject({ group: { "a]b,": 'c"d' }, locale: "zh-CN", state: "new", assignee: null });
});

it("keeps nothing where its notices cannot be put into the queue", async () => {
  const failing = async () => {
    throw new Error("no queue");
  };
  await expect(database.stores.feedback.add(report("x"), failing)).rejects.toThrow("no queue");
  expect((await database.stores.feedback.list(project, {})).total).toBe(0);
  expect((await database.stores.feedback.get(project, 1).catch((error) => error)).code).toBe("not-found");
});

it("finds by state, group, text and number, and by receipt in its own project alone", async () => {
  await add("1", { what: "100% sure_thing" });
  await add("2", { group: { sex: "F" }, decisionReference: "B-2" });
  await database.stores.feedback.update(project, 2, user, { state: "upheld", assigneeId: user });
  const { list } = database.stores.feedback;
  const numbers = async (query: Parameters<typeof list>[1]) =>
    (await list(project, query)).items.map((one) => one.number);
  expect(await numbers({ states: ["upheld"] })).toEqual([2]);
  expect(await numbers({ group: { column: "a]b,", value: 'c"d' } })).toEqual([1]);
  expect(await numbers({ group: { column: "sex", value: "f" } })).toEqual([]);
  expect(await numbers({ search: "b-2" })).toEqual([2]);
  // What stands for anything in SQL stands for itself here.
  expect(await numbers({ search: "%" })).toEqual([1]);
  expect(await numbers({ search: "e_t" })).toEqual([1]);
  expect(await numbers({ search: "#2" })).toEqual([2]);
  expect(await numbers({ assignee: user })).toEqual([2]);
  expect(await numbers({ assignee: "none" })).toEqual([1]);
  const other = await database.stores.projects.create(home, `Other ${projects}`);
  expect(await database.stores.feedback.findByReceipt(project, `${project} 1`)).toMatchObject({ number: 1 });
  expect(await database.stores.feedback.findByReceipt(other.id, `${project} 1`)).toBeNull();
});

it("gives every report once, newest first, however many and whatever arrives meanwhile", async () => {
  await add("first");
  const client = new pg.Client({ connectionString: cluster.url });
  await client.connect();
  await client.query(
    `INSERT INTO "feedback" SELECT (jsonb_populate_record(f, jsonb_build_object(
       'id', gen_random_uuid(), 'number', n, 'receipt', gen_random_uuid(), 'groups', jsonb_build_array('["sex","F"]')))).*
     FROM "feedback" f, generate_series(2, 1203) n WHERE f."projectId" = $1`,
    [project],
  );
  await client.query(`UPDATE "feedback_form" SET "lastNumber" = 1203 WHERE "projectId" = $1`, [project]);
  await client.end();
  const numbers: number[] = [];
  for await (const page of database.stores.feedback.pages(project)) {
    numbers.push(...page.map(({ number }) => number));
    if (numbers.length < 600) await add("meanwhile");
  }
  expect(numbers).toEqual(Array.from({ length: 1203 }, (_, index) => 1203 - index));
  expect(await database.stores.feedback.groupColumns(project)).toEqual(["a]b,", "sex"]);
});

it("erases words of what ended long enough ago, notes as well, and keeps what is counted", async () => {
  for (const receipt of ["old", "open", "fresh"]) await add(receipt);
  await database.stores.feedback.update(project, 1, user, {
    state: "upheld",
    rowId: "row-17",
    note: "saw the file of row-17",
  });
  const between = new Date(Date.now() + 1);
  await new Promise((wake) => setTimeout(wake, 5));
  await database.stores.feedback.update(project, 3, user, { state: "dismissed", note: "nothing" });
  expect(await database.stores.feedback.erase(project, between)).toBe(1);
  expect(await database.stores.feedback.erase(project, between)).toBe(0);
  const erased = await database.stores.feedback.get(project, 1);
  expect(erased).toMatchObject({
    what: "",
    contact: "",
    decisionReference: "",
    rowId: "",
    state: "upheld",
    decision: "limit",
  });
  expect(erased.erasedAt).not.toBeNull();
  expect(JSON.stringify(erased.events)).not.toContain("row-17");
  expect(erased.events.at(-1)?.kind).toBe("erased");
  expect((await database.stores.feedback.get(project, 2)).what).toBe("what happened");
  expect((await database.stores.feedback.get(project, 3)).what).toBe("what happened");
  const cells = await database.stores.feedback.cells(project);
  expect(cells.reduce((sum, { count }) => sum + count, 0)).toBe(3);
});

it("forgets what is withdrawn or removed, counts it no more, and writes down that it happened", async () => {
  await add("1");
  await add("2");
  await database.stores.feedback.update(project, 1, user, { note: "a note" });
  await database.stores.feedback.withdraw(project, 1);
  await database.stores.feedback.withdraw(project, 1);
  const gone = await database.stores.feedback.get(project, 1);
  expect(gone).toMatchObject({ state: "withdrawn", what: "", group: {}, decision: null });
  expect(gone.events.map(({ kind, note }) => `${kind}${note}`)).toEqual(["received", "noted", "withdrawn"]);
  await expect(database.stores.feedback.update(project, 1, user, { state: "upheld" })).rejects.toMatchObject({
    code: "conflict",
  });
  await database.stores.feedback.remove(project, 2, user);
  await expect(database.stores.feedback.remove(project, 2, user)).rejects.toMatchObject({ code: "not-found" });
  await database.stores.feedback.note(project, 2, "notice-sent", "webhook");
  expect(await database.stores.feedback.removed(project)).toMatchObject([
    { number: 2, user: { name: "Ada" }, kind: "removed" },
  ]);
  expect(await database.stores.feedback.cells(project)).toEqual([]);
  // Numbers are not given again.
  expect((await add("3")).number).toBe(3);
});

it("goes with its project, and gives a form another address", async () => {
  await add("1");
  const { token, isOpen } = await database.stores.feedbackForms.ensure(project, settings);
  expect(isOpen).toBe(false);
  const rotated = await database.stores.feedbackForms.rotate(project, "token");
  expect(rotated.token).not.toBe(token);
  expect(rotated.token).toMatch(/^[\w-]{32}$/);
  expect(await database.stores.feedbackForms.findByToken(token)).toBeNull();
  await database.stores.projects.remove(home, project);
  expect(await database.stores.feedbackForms.findByToken(rotated.token)).toBeNull();
  expect((await database.stores.feedback.list(project, {})).total).toBe(0);
  await expect(add("2")).rejects.toMatchObject({ code: "not-found" });
});
