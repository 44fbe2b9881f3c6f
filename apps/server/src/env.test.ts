import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { readEnv, variables } from "./env.ts";

const example = readFileSync(new URL("../../../.env.example", import.meta.url), "utf8");

describe("the environment", () => {
  it("is what .env.example lists, with the same secrets", () => {
    const listed = [...example.matchAll(/^([A-Z_]+)=/gm)].map((match) => match[1]);
    expect(listed.sort()).toEqual(Object.keys(variables).sort());
    // A comment that ends in "(file)" speaks of the variables under it.
    const blocks = example.split(/\n(?=#)/).filter((block) => /^[A-Z_]+=/m.test(block));
    const withFile = blocks
      .filter((block) => /\(file\)\n[A-Z]/.test(block))
      .flatMap((block) => [...block.matchAll(/^([A-Z_]+)=/gm)].map((match) => match[1]));
    const secrets = Object.entries(variables).filter(([, variable]) => variable.secret);
    expect(withFile.sort()).toEqual(secrets.map(([name]) => name));
  });

  it("is good as .env.example gives it, and the same as none at all", () => {
    const given = Object.fromEntries([...example.matchAll(/^([A-Z_]+)=(.*)$/gm)].map((match) => [match[1], match[2]]));
    expect(readEnv(given, "/srv")).toEqual(readEnv({}, "/srv"));
    expect(readEnv({}, "/srv")).toMatchObject({ host: "127.0.0.1", port: 3000, dataFolder: "/srv/.assay", init: null });
  });

  it("takes secrets from files, and tells which cannot be read", () => {
    const folder = mkdtempSync(join(tmpdir(), "assay-env-"));
    writeFileSync(join(folder, "url"), "postgresql://u:p@db/assay\n");
    expect(readEnv({ DATABASE_URL_FILE: "url" }, folder).databaseUrl).toBe("postgresql://u:p@db/assay");
    expect(() => readEnv({ DATABASE_URL_FILE: "nowhere" }, folder)).toThrow("DATABASE_URL_FILE: cannot read nowhere");
    expect(() => readEnv({ DATABASE_URL: "postgresql://a/b", DATABASE_URL_FILE: "url" }, folder)).toThrow("not both");
  });

  it("names no endpoint unless told, and takes exact origins", () => {
    const origins = (text: string) => readEnv({ ASSAY_ENDPOINTS: text }).endpoints.origins;
    expect(readEnv({}).endpoints).toEqual({ origins: [], variables: {} });
    expect(origins("https://a.test, http://b.test:8080/,https://A.test:443")).toEqual([
      "https://a.test",
      "http://b.test:8080",
    ]);
    for (const bad of ["a.test", "https://a.test/v1", "https://*.a.test", "*", "ftp://a.test", "https://a.test?x=1"]) {
      expect(() => origins(`https://ok.test,${bad}`)).toThrow(`ASSAY_ENDPOINTS: "${bad}" is no origin`);
    }
    expect(() => origins("https://user:hidden@a.test")).toThrow(/ASSAY_ENDPOINTS: entry 1 is no origin/);
    expect(() => origins("https://user:hidden@a.test")).not.toThrow(/hidden/);
  });

  it("takes secrets of endpoints by any name of their kind, each from a file as well", () => {
    const folder = mkdtempSync(join(tmpdir(), "assay-env-"));
    writeFileSync(join(folder, "key"), "from-file\n");
    const given = { ASSAY_ENDPOINT_A: "a", ASSAY_ENDPOINT_KEY_FILE: "key", ASSAY_ENDPOINT_EMPTY: "", OTHER: "x" };
    expect(readEnv(given, folder).endpoints.variables).toEqual({
      ASSAY_ENDPOINT_A: "a",
      ASSAY_ENDPOINT_KEY: "from-file",
    });
    expect(() => readEnv({ ...given, ASSAY_ENDPOINT_KEY: "k" }, folder)).toThrow(
      /ASSAY_ENDPOINT_KEY_FILE: give .* not both/,
    );
    expect(() => readEnv({ ASSAY_ENDPOINT_B_FILE: "nowhere" }, folder)).toThrow(
      /ASSAY_ENDPOINT_B_FILE: cannot read nowhere/,
    );
  });

  it("reads sizes as people write them", () => {
    const limit = (text: string) => readEnv({ ASSAY_UPLOAD_LIMIT: text }).uploadLimitBytes;
    expect([limit("500MB"), limit("1.5 GiB"), limit("12")]).toEqual([500e6, 1.5 * 2 ** 30, 12]);
  });

  it("tells every problem together", () => {
    const bad = { PORT: "70000", HOST: "", ASSAY_DEMO: "maybe", ASSAY_URL: "ftp://x", ASSAY_INIT_API_KEY: "short" };
    const lines = (() => {
      try {
        readEnv(bad);
        return "";
      } catch (error) {
        return String(error);
      }
    })();
    for (const name of [
      "PORT",
      "ASSAY_DEMO",
      "ASSAY_URL",
      "ASSAY_INIT_API_KEY",
      "ASSAY_INIT_EMAIL",
      "ASSAY_INIT_PASSWORD",
    ]) {
      expect(lines).toContain(`\n  ${name}: `);
    }
  });
});
