import { createHmac } from "node:crypto";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer as createSocketServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Assay, audit } from "@assay/sdk";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { PublicForm, referenceOf, stampOf } from "../public-form.ts";
import { type Answer, apiKey, ServerProcess } from "../server-process.ts";
import { startReceiver } from "../webhook-receiver.ts";

// Runs wait for a worker process; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000 });

/** As much of a mail server as takes a letter. */
async function startMailServer() {
  const letters: string[] = [];
  const server = createSocketServer((socket) => {
    let [text, inLetter] = ["", false];
    socket.write("220 mail.test\r\n");
    socket.on("error", () => {});
    socket.on("data", (piece) => {
      text += String(piece);
      for (;;) {
        const end = inLetter ? text.indexOf("\r\n.\r\n") : text.indexOf("\r\n");
        if (end < 0) return;
        const part = text.slice(0, end);
        text = text.slice(end + (inLetter ? 5 : 2));
        if (inLetter) {
          letters.push(part);
          inLetter = false;
          socket.write("250 taken\r\n");
        } else if (/^(EHLO|HELO)/i.test(part)) socket.write("250 mail.test\r\n");
        else if (/^DATA/i.test(part)) {
          inLetter = true;
          socket.write("354 go on\r\n");
        } else if (/^QUIT/i.test(part)) socket.end("221 bye\r\n");
        else socket.write("250 ok\r\n");
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `smtp://127.0.0.1:${port}`, letters, close: () => new Promise((resolve) => server.close(resolve)) };
}

async function until(check: () => boolean | Promise<boolean>, timeoutMs = 60_000): Promise<void> {
  const end = Date.now() + timeoutMs;
  while (!(await check())) {
    if (Date.now() > end) throw new Error("it did not come about in time");
    await new Promise((wake) => setTimeout(wake, 100));
  }
}

const hostile = `<script>alert(1)</script>"'&<img src=x onerror=alert(1)>`;
const formula = '=HYPERLINK("http://evil.test","x")';

let server: ServerProcess;
let receiver: Awaited<ReturnType<typeof startReceiver>>;
let mail: Awaited<ReturnType<typeof startMailServer>>;
let form: PublicForm;
let settings: Answer;

const say = (value: string, zh: string) => ({ value, label: { en: value, "zh-CN": zh } });

beforeAll(async () => {
  [receiver, mail] = await Promise.all([startReceiver(1), startMailServer()]);
  server = await ServerProcess.start({
    env: {
      ASSAY_TRUST_PROXY: "true",
      ASSAY_WEBHOOKS: receiver.origin,
      ASSAY_SMTP_URL: mail.url,
      ASSAY_MAIL_FROM: "assay@example.org",
    },
  });
  await server.call("POST", "/projects", { name: "Loans" });
  const made = await server.call("GET", "/projects/loans/feedback/form");
  settings = {
    ...made.settings,
    title: { en: `Loans ${hostile}`, "zh-CN": "贷款决定" },
    decisions: [say("application", "贷款申请"), say("limit", "额度")],
    groups: [
      { column: "sex", question: { en: "Sex", "zh-CN": "性别" }, options: [say("F", "女"), say("M", "男")] },
      { column: `town ${hostile}`, question: { en: "", "zh-CN": "" }, options: [say(formula, "")] },
    ],
    origins: ["https://www.bank.test"],
  };
  form = new PublicForm(server.url, made.token);
}, 120_000);
afterAll(async () => {
  await server.stop();
  await Promise.all([receiver.close(), mail.close()]);
});

const change = (body: Answer) => server.fetch("PATCH", "/projects/loans/feedback/form", body);

let pool: string[] = [];
/** Stamps of pages that have been open long enough; fetched together, so that the wait is one. */
const take = async (count: number): Promise<string[]> => {
  if (pool.length < count) pool = await form.stamps(18);
  return pool.splice(0, count);
};

describe("a project's form", () => {
  it("is made closed, and says so to whoever has its link", async () => {
    const page = await form.get();
    expect(page.status).toBe(410);
    expect(await page.text()).toContain("This form is closed");
    expect((await form.post("", { what: "x" })).status).toBe(410);
  });

  it("refuses settings with every problem and its place, and tells where notices may not go", async () => {
    const wrong = { ...settings, origins: ["https://a.test/path"], contact: "x".repeat(400) };
    const answer = await change({ settings: wrong });
    expect(answer.status).toBe(400);
    expect((await answer.json()).problems.map((one: Answer) => one.at).sort()).toEqual([
      "settings.contact",
      "settings.origins[0]",
    ]);
    for (const webhook of ["http://169.254.169.254/latest", `${receiver.origin.replace("127.0.0.1", "localhost")}/x`]) {
      const refused = await change({ settings: { ...settings, notify: { email: null, webhook } } });
      expect(refused.status).toBe(400);
      expect((await refused.json()).message).toContain("ASSAY_WEBHOOKS");
    }
  });

  it("opens, in the reader's language, without scripts, and only where it may be framed", async () => {
    expect((await change({ isOpen: true, settings })).status).toBe(200);
    const page = await form.get();
    expect(page.status).toBe(200);
    const policy = page.headers.get("content-security-policy") ?? "";
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("frame-ancestors 'self' https://www.bank.test");
    expect(policy).not.toContain("script-src");
    expect(page.headers.get("set-cookie")).toBeNull();
    expect(page.headers.get("cache-control")).toBe("no-store");
    const text = await page.text();
    expect(text).toContain('<html lang="en">');
    expect(text).not.toMatch(/<script|onerror=alert\(1\)>/);
    expect(text).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    // Nothing but this page is fetched.
    expect(text).not.toMatch(/(src|href)="(https?:)?\/\//);
    const chinese = await (await form.get("", { language: "de;q=0.9, zh-Hans-CN;q=0.8, en;q=0.1" })).text();
    expect(chinese).toContain('<html lang="zh-CN">');
    expect(chinese).toContain("发生了什么");
    expect(await (await form.get("?lang=en", { language: "zh" })).text()).toContain("What happened?");
  });

  it("answers links that are none with 404, and an old one once it was replaced", async () => {
    for (const token of ["nothing", "x".repeat(500), "%00", "..%2f..%2fetc"]) {
      const answer = await new PublicForm(server.url, token).get();
      expect([400, 404]).toContain(answer.status);
    }
    const old = form;
    const { token } = await server.call("POST", "/projects/loans/feedback/form/rotate", { what: "token" });
    form = new PublicForm(server.url, token);
    const gone = await old.get();
    expect(gone.status).toBe(404);
    expect(await gone.text()).toContain("There is no form here");
    expect((await form.get()).status).toBe(200);
  });
});

describe("sending a report", () => {
  it("is kept, found and withdrawn by its reference alone; sent twice it is one", async () => {
    const [stamp = ""] = await take(1);
    const fields = {
      what: `  ${hostile}\r\nline two `,
      decision: "limit",
      decisionReference: formula,
      stamp,
      lang: "en",
    };
    const sent = { ...fields, contact: formula, "group-1": "F", "group-2": formula };
    const answer = await form.post("", sent);
    expect(answer.status).toBe(201);
    const reference = referenceOf(await answer.text());
    expect(reference).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){3}$/);
    // A page that is sent again is the same report.
    expect(referenceOf(await (await form.post("", sent)).text())).toBe(reference);
    const { items, total } = await server.call("GET", "/projects/loans/feedback");
    expect(total).toBe(1);
    expect(items[0]).toMatchObject({
      number: 1,
      state: "new",
      what: `${hostile}\nline two`,
      decision: "limit",
      group: { sex: "F", [`town ${hostile}`]: formula },
    });
    const shown = await form.post("/report", { reference: reference.toLowerCase().replaceAll("-", " ") });
    expect(shown.status).toBe(200);
    const text = await shown.text();
    expect(text).toContain("It has arrived and waits to be read.");
    expect(text).not.toContain("line two");
    expect((await form.post("/report", { reference: "0000-0000-0000-0000" })).status).toBe(404);
    expect((await form.post("/withdraw", { reference })).status).toBe(422);
    expect((await form.post("/withdraw", { reference, confirm: "yes" })).status).toBe(200);
    const after = await server.call("GET", "/projects/loans/feedback/1");
    expect(after).toMatchObject({ state: "withdrawn", what: "", contact: "", group: {}, decision: null });
    expect(after.events.map((event: Answer) => event.kind)).toEqual(["received", "withdrawn"]);
    const late = await server.fetch("PATCH", "/projects/loans/feedback/1", { state: "upheld" });
    expect(late.status).toBe(409);
  });

  it("takes none that is sent within moments, and the same page a little later", async () => {
    // A machine may be too slow to be early: then it is tried again.
    for (let attempt = 0; ; attempt++) {
      const stamp = stampOf(await (await form.get()).text());
      const send = () => form.post("", { what: `early ${attempt}`, stamp }, { from: "198.51.100.5" });
      const early = await send();
      if (early.status === 201 && attempt < 4) continue;
      expect(early.status).toBe(422);
      const text = await early.text();
      expect(text).toContain("It was sent within moments");
      // The page that comes back is the same one: it ripens.
      expect(stampOf(text)).toBe(stamp);
      await new Promise((wake) => setTimeout(wake, 3200));
      expect((await send()).status).toBe(201);
      break;
    }
  });

  it("keeps what was written, and nothing, where something is wrong", async () => {
    const early = stampOf(await (await form.get()).text());
    const before = (await server.call("GET", "/projects/loans/feedback")).total;
    const wrong: [Record<string, string>, string][] = [
      [{ what: "so & so", stamp: "made.up.stamp" }, "The page was not complete"],
      [{ what: "so & so" }, "The page was not complete"],
      [{ what: "so & so", stamp: early, website: "http://spam.test" }, "The field that is to stay empty"],
      [{ what: " ", stamp: early }, "Please write what happened"],
      [{ what: "so & so", stamp: early, contact: "c".repeat(301) }, "write at most 300 characters"],
      [{ what: "so & so", stamp: early, "group-1": "Z" }, "This choice is no longer there"],
    ];
    for (const [fields, told] of wrong) {
      const answer = await form.post("", fields, { from: "198.51.100.7" });
      expect(answer.status).toBe(422);
      const text = await answer.text();
      expect(text).toContain(told);
      if (fields.what?.trim()) expect(text).toContain("so &amp; so</textarea>");
    }
    // A stamp of another form is none of this one's.
    await server.call("POST", "/projects", { name: "Other" });
    const other = await server.call("GET", "/projects/other/feedback/form");
    await server.call("PATCH", "/projects/other/feedback/form", { isOpen: true });
    const foreign = stampOf(await (await new PublicForm(server.url, other.token).get()).text());
    expect((await form.post("", { what: "x", stamp: foreign })).status).toBe(422);
    expect((await server.call("GET", "/projects/loans/feedback")).total).toBe(before);
  });

  it("refuses floods: of bytes, of one sender, and other kinds of bodies", async () => {
    const large = await form.post("", { what: "x".repeat(70_000) });
    expect(large.status).toBe(413);
    expect(await large.text()).toContain("This is too large");
    const json = await fetch(form.url, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" });
    expect(json.status).toBe(415);
    const stamps = await take(8);
    const from = "2001:db8:7::1";
    const statuses: number[] = [];
    for (const [index, stamp] of stamps.entries()) {
      // Another address of the same network is the same sender.
      const answer = await form.post("", { what: "flood", stamp }, { from: index % 2 ? from : "2001:db8:7:0:ffff::9" });
      statuses.push(answer.status);
      if (answer.status === 429) expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(0);
    }
    expect(statuses).toEqual([201, 201, 201, 201, 201, 201, 429, 429]);
    const others = await form.post("", { what: "not flood", stamp: stamps[7] ?? "" }, { from: "198.51.100.9" });
    expect(others.status).toBe(201);
    for (const { number } of (await server.call("GET", "/projects/loans/feedback?search=flood")).items) {
      await server.call("PATCH", `/projects/loans/feedback/${number}`, { state: "spam" });
    }
    expect(server.output).not.toContain("2001:db8");
  });

  it("tells of itself by webhook, signed and sent again, and by letter, without what was written", async () => {
    const notify = { email: "desk@example.org", webhook: `${receiver.origin}/hook?x=1` };
    const { webhookSecret } = await server.call("PATCH", "/projects/loans/feedback/form", {
      settings: { ...settings, notify },
    });
    const [stamp = ""] = await take(1);
    const told = "what nobody else may read";
    expect(
      (await form.post("", { what: told, contact: "me@example.org", stamp }, { from: "198.51.100.20" })).status,
    ).toBe(201);
    const { number, receivedAt } = (await server.call("GET", "/projects/loans/feedback?search=nobody")).items[0];
    await until(() => receiver.got.length > 0 && mail.letters.length > 0);
    const [hook] = receiver.got;
    const body = JSON.parse(hook?.body ?? "");
    expect(body).toEqual({
      event: "feedback.received",
      project: { id: expect.any(String), slug: "loans", name: "Loans" },
      number,
      receivedAt,
      url: `${server.url}/projects/loans/feedback/${number}`,
    });
    const [, time, signature] = String(hook?.headers["x-assay-signature"]).match(/^t=(\d+),v1=([0-9a-f]{64})$/) ?? [];
    expect(createHmac("sha256", webhookSecret).update(`${time}.${hook?.body}`).digest("hex")).toBe(signature);
    const [letter = ""] = mail.letters;
    expect(letter).toContain("To: desk@example.org");
    expect(letter).not.toContain(told);
    expect(letter).not.toContain("me@example.org");
    await until(async () => {
      const { events } = await server.call("GET", `/projects/loans/feedback/${number}`);
      return events.filter((event: Answer) => event.kind === "notice-sent").length === 2;
    });
    await change({ settings });
  });
});

describe("triage", () => {
  let numbers: number[];
  let run: Answer;
  let dataset: Answer;
  const plan = `version: 1
project: loans
data: { file: loans.csv }
columns: { id: id, decision: granted, positive: 1, protected: [sex] }
audits:
  fairness.feedback: {}
  fairness.group-metrics: {}
`;

  beforeAll(async () => {
    const stamps = await take(8);
    for (const [index, stamp] of stamps.entries()) {
      const fields = { what: `case ${index}`, decision: index % 2 ? "limit" : "application", stamp };
      const answer = await form.post(
        "",
        { ...fields, "group-1": index < 6 ? "F" : "M" },
        { from: `203.0.113.${index}` },
      );
      expect(answer.status).toBe(201);
    }
    const { items } = await server.call("GET", "/projects/loans/feedback?search=case&sort=oldest");
    numbers = items.map((item: Answer) => item.number);
    const rows = Array.from({ length: 400 }, (_, row) => `${row},${row % 4 ? "M" : "F"},${row % 3 ? 1 : 0}`);
    dataset = await server.dataset("loans", "loans.csv", `id,sex,granted\n${rows.join("\n")}\n`);
    const made = await server.call("POST", "/projects/loans/runs", { dataset: dataset.id, plan });
    run = await server.waitFor(made.id, ["completed", "failed"]);
  }, 120_000);

  it("is for those who signed in", async () => {
    const first = numbers[0];
    for (const [method, path] of [
      ["GET", "feedback"],
      ["GET", "feedback/form"],
      ["PATCH", "feedback/form"],
      ["POST", "feedback/form/rotate"],
      ["GET", `feedback/${first}`],
      ["PATCH", `feedback/${first}`],
      ["DELETE", `feedback/${first}`],
      ["GET", "feedback-counts"],
      ["GET", "feedback-removed"],
      ["GET", "feedback-assignees"],
      ["GET", "feedback.csv"],
      ["GET", "feedback.json"],
      ["GET", "feedback-counts.csv"],
    ] as const) {
      const answer = await server.fetch(method, `/projects/loans/${path}`, method === "GET" ? undefined : {}, null);
      expect(answer.status, `${method} ${path}`).toBe(401);
    }
    expect((await server.fetch("GET", `/runs/${run.id}/feedback.csv`, undefined, null)).status).toBe(401);
  });

  it("writes down who did what, and links a report to a finding and a row", async () => {
    const [number] = numbers;
    const [me] = await server.call("GET", "/projects/loans/feedback-assignees");
    const report = await server.call("GET", `/runs/${run.id}/report`);
    const found = report.audits.find((one: Answer) => one.id === "fairness.group-metrics").findings[0];
    const changed = await server.call("PATCH", `/projects/loans/feedback/${number}`, {
      state: "in-review",
      assignee: me.id,
      link: { run: run.id, finding: { audit: "fairness.group-metrics", id: found.id } },
      rowId: "17",
      note: "looked at the file",
    });
    expect(changed).toMatchObject({
      state: "in-review",
      assignee: { id: me.id },
      run: { number: run.number },
      finding: { audit: "fairness.group-metrics", id: found.id },
      rowId: "17",
    });
    const events = changed.events.map((event: Answer) => [event.kind, event.user?.id ?? null, event.note]);
    expect(events).toEqual([
      ["received", null, ""],
      ["state", me.id, ""],
      ["assigned", me.id, ""],
      ["linked", me.id, ""],
      ["row", me.id, ""],
      ["noted", me.id, "looked at the file"],
    ]);
    const of = (query: string) => server.call("GET", `/projects/loans/feedback?${query}`);
    expect((await of("assignee=me&states=in-review")).items.map((one: Answer) => one.number)).toEqual([number]);
    expect((await of(`run=${run.id}`)).total).toBe(1);
    expect((await of("search=case&column=sex&group=M")).total).toBe(2);
    expect((await of("states=new&search=case&pageSize=3&page=3")).items).toHaveLength(1);
    expect((await of("before=2020-01-01T00:00:00Z")).total).toBe(0);
    for (const body of [
      { link: { run: run.id, finding: { audit: "fairness.group-metrics", id: "made-up" } } },
      { link: { run: "nothing" } },
      { assignee: "nobody" },
    ]) {
      expect((await server.fetch("PATCH", `/projects/loans/feedback/${number}`, body)).status).toBe(404);
    }
    expect((await server.fetch("PATCH", `/projects/loans/feedback/${number}`, { state: "withdrawn" })).status).toBe(
      400,
    );
  });

  it("removes a report for good, and keeps only that it did", async () => {
    const number = numbers.pop();
    await server.call("DELETE", `/projects/loans/feedback/${number}`);
    expect((await server.fetch("GET", `/projects/loans/feedback/${number}`)).status).toBe(404);
    const [removed] = await server.call("GET", "/projects/loans/feedback-removed");
    expect(removed).toMatchObject({ number, kind: "removed", note: "", user: { name: expect.any(String) } });
  });

  it("exports every report, safe in spreadsheets, and counts without words", async () => {
    const [, number] = numbers;
    const alone = await server.fetch("PATCH", `/projects/loans/feedback/${number}`, { rowId: formula });
    expect([alone.status, (await alone.json()).message]).toEqual([
      409,
      expect.stringContaining("link the report to a run"),
    ]);
    const link = { run: run.id };
    await server.call("PATCH", `/projects/loans/feedback/${number}`, { note: formula, link, rowId: formula });
    const csv = await (await server.fetch("GET", "/projects/loans/feedback.csv")).text();
    expect(csv).toContain(`"'=HYPERLINK(""http://evil.test"",""x"")"`);
    expect(csv).not.toMatch(/(^|,)"?[=+@-][A-Za-z]/m);
    const all = await (await server.fetch("GET", "/projects/loans/feedback.json")).json();
    expect(all).toHaveLength((await server.call("GET", "/projects/loans/feedback")).total);
    const counts = await (await server.fetch("GET", "/projects/loans/feedback-counts.csv")).text();
    expect(counts).toMatch(/^month,state,decision,group\.sex,count\n/);
    expect(counts).not.toContain("case");
    const project = await new Assay({ url: server.url, apiKey }).projects.get("loans");
    expect(await project.feedback.export("counts")).toBe(counts);
    expect((await project.feedback.list({ states: ["in-review"] })).total).toBe(1);
    expect((await project.feedback.counts()).states["in-review"]).toBe(1);
  });

  it("enters the report as counts, which can be computed again from the table", async () => {
    expect(run.status).toBe("completed");
    const report = await server.call("GET", `/runs/${run.id}/report`);
    const result = report.audits.find((one: Answer) => one.id === "fairness.feedback");
    const of = (metric: string, sex: string) =>
      result.measures.find((one: Answer) => one.metric === metric && one.group?.sex === sex);
    const all = result.measures.find((one: Answer) => one.metric === "feedback-count" && one.group === undefined);
    expect(all).toMatchObject({ value: 10 });
    // Two of men and two of nobody told are too few to be printed, and the total less those of women would tell them.
    for (const sex of ["F", "M"]) {
      expect(of("feedback-count", sex)).toMatchObject({ value: null, reason: expect.stringContaining("fewer than 5") });
      expect(of("feedback-rate", sex)).toMatchObject({ value: null });
    }
    expect(report.plan.feedback).toEqual({ digest: expect.stringMatching(/^sha256:/), entries: expect.any(Number) });
    expect(JSON.stringify(report)).not.toContain("case");
    const table = await (await server.fetch("GET", `/runs/${run.id}/feedback.csv`)).text();
    const folder = await mkdtemp(join(tmpdir(), "assay-feedback-"));
    try {
      await writeFile(join(folder, "feedback.csv"), table);
      const rows = Array.from({ length: 400 }, (_, row) => `${row},${row % 4 ? "M" : "F"},${row % 3 ? 1 : 0}`);
      await writeFile(join(folder, "loans.csv"), `id,sex,granted\n${rows.join("\n")}\n`);
      const again = await audit(
        {
          version: 1,
          project: "loans",
          data: { file: "loans.csv" },
          columns: { id: "id", decision: "granted", positive: "1", protected: ["sex"] },
          feedback: { file: "feedback.csv" },
          audits: { "fairness.feedback": {}, "fairness.group-metrics": {} },
        },
        { folder },
      );
      expect(again.digest).toBe(report.digest);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it("counts anew when a run is made again", async () => {
    const [number] = numbers;
    await server.call("PATCH", `/projects/loans/feedback/${number}`, { state: "upheld" });
    const again = await server.call("POST", `/runs/${run.id}/again`);
    await server.waitFor(again.id, ["completed"]);
    const [before, after] = await Promise.all([
      server.call("GET", `/runs/${run.id}/report`),
      server.call("GET", `/runs/${again.id}/report`),
    ]);
    expect(after.plan.feedback.digest).not.toBe(before.plan.feedback.digest);
    expect(after.plan.feedback.entries).toBe(before.plan.feedback.entries - 1);
  });
});
