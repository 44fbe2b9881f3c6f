import type { Services } from "@assay/api";
import type { Stores } from "@assay/db";
import { AssayError } from "@assay/schema";
import { APIError } from "better-auth";
import type { Auth } from "./auth.ts";
import { makeOwner, type SetupToken } from "./owner.ts";

const dayMs = 24 * 3600 * 1000;

/** Set-up and API keys. */
export function accountService(auth: Auth, stores: Stores, token: SetupToken): Services["accounts"] {
  return {
    async setUp({ token: given, ...owner }) {
      if (!token.matches(given)) {
        const done = (await stores.users.count()) > 0;
        throw new AssayError(
          "forbidden",
          done
            ? "this server is set up already; sign in"
            : "this set-up link is not valid; take the newest from the log",
        );
      }
      await makeOwner(auth, stores, owner, null);
      token.use();
    },
    async keys(userId) {
      const context = await auth.$context;
      const rows = await context.adapter.findMany<KeyRecord>({
        model: "apikey",
        where: [{ field: "referenceId", value: userId }],
        sortBy: { field: "createdAt", direction: "desc" },
        limit: 1000,
      });
      return rows.map((row) => ({
        id: row.id,
        name: row.name ?? "",
        start: row.start ?? "",
        createdAt: new Date(row.createdAt).toISOString(),
        lastUsedAt: iso(row.lastRequest),
        expiresAt: iso(row.expiresAt),
      }));
    },
    async createKey(userId, { name, expiresInDays }) {
      try {
        const made = await auth.api.createApiKey({
          body: { userId, name, ...(expiresInDays === null ? {} : { expiresIn: (expiresInDays * dayMs) / 1000 }) },
        });
        return { id: made.id, name, key: made.key };
      } catch (error) {
        if (error instanceof APIError) throw new AssayError("usage", error.message, { cause: error });
        throw error;
      }
    },
    async revokeKey(userId, id) {
      const context = await auth.$context;
      const where = [
        { field: "id", value: id },
        { field: "referenceId", value: userId },
      ];
      const found = await context.adapter.findOne({ model: "apikey", where });
      if (!found) throw new AssayError("not-found", `no API key "${id}"; it may have been revoked`);
      await context.adapter.delete({ model: "apikey", where });
    },
  };
}

interface KeyRecord {
  readonly id: string;
  readonly name: string | null;
  readonly start: string | null;
  readonly createdAt: Date | string;
  readonly lastRequest: Date | string | null;
  readonly expiresAt: Date | string | null;
}

function iso(moment: Date | string | null): string | null {
  return moment === null ? null : new Date(moment).toISOString();
}

/** Makes the first account from the environment, where there is none yet. */
export async function initialize(
  auth: Auth,
  stores: Stores,
  init: { readonly email: string; readonly password: string; readonly apiKey: string | null } | null,
): Promise<void> {
  if (init === null || (await stores.users.count()) > 0) return;
  await makeOwner(auth, stores, { ...init, name: init.email.split("@")[0] ?? init.email }, init.apiKey);
}
