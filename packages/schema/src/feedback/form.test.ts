import { describe, expect, it } from "vitest";
import { FeedbackForm } from "./form.ts";

function problems(change: object): readonly string[] {
  const both = { en: "", "zh-CN": "" };
  const result = FeedbackForm.safeParse({
    ...{ title: both, intro: both, privacy: both, contact: "", decisions: [], groups: [] },
    ...{ origins: [], retentionDays: null, notify: { email: null, webhook: null } },
    ...change,
  });
  return result.success ? [] : result.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
}

describe("a feedback form's sites", () => {
  it.each(["https://www.example.org", "http://127.0.0.1:8080/", "https://[::1]:3000", "https://bücher.example"])(
    "are origins: %s",
    (origin) => expect(problems({ origins: [origin] })).toEqual([]),
  );

  it.each([
    "https://a;b.test",
    "https://a,b.test",
    "https://*.test",
    "https://a.test/path",
    "https://u:p@a.test",
    "javascript:alert(1)",
    "'self'",
  ])("are nothing that a policy of frames would read otherwise: %s", (origin) => {
    expect(problems({ origins: [origin] })).toEqual([expect.stringContaining("origins.0: ")]);
  });
});

it("a feedback form sends no notice to an address with a password in it", () => {
  const notify = (webhook: string) => problems({ notify: { email: null, webhook } });
  expect(notify("https://hooks.example.org/assay")).toEqual([]);
  expect(notify("http://user:pw@127.0.0.1:9911/")).toEqual([expect.stringContaining("user name or password")]);
});
