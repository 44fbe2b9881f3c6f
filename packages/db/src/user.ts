import { randomUUID } from "node:crypto";
import { AssayError } from "@assay/schema";
import type { PrismaClient } from "./generated/prisma/client.ts";

export interface UserRow {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

export interface FirstUser {
  readonly name: string;
  readonly email: string;
  /** As better-auth hashes passwords. */
  readonly passwordHash: string;
  /** An API key chosen outside, hashed as better-auth's plugin does, with its first characters. */
  readonly apiKey: { readonly name: string; readonly hash: string; readonly start: string } | null;
}

export interface UserStore {
  count(): Promise<number>;
  find(id: string): Promise<UserRow | null>;
  /** Everybody, by name. */
  list(): Promise<UserRow[]>;
  /**
   * Makes the first account with all that belongs to it, or nothing.
   * @throws AssayError forbidden where there is an account already
   */
  addFirst(user: FirstUser): Promise<UserRow>;
}

/** Whoever makes the first account waits for whoever is just making it. */
const firstUserLock = 7_237_720_117;

export function userStore(client: PrismaClient): UserStore {
  return {
    count: () => client.user.count(),
    find: (id) => client.user.findUnique({ where: { id }, select: { id: true, name: true, email: true } }),
    list: () =>
      client.user.findMany({
        select: { id: true, name: true, email: true },
        orderBy: [{ name: "asc" }, { id: "asc" }],
      }),
    addFirst: ({ name, email, passwordHash, apiKey }) =>
      client.$transaction(async (transaction) => {
        await transaction.$executeRaw`SELECT pg_advisory_xact_lock(${firstUserLock}::bigint)`;
        if ((await transaction.user.count()) > 0) {
          throw new AssayError("forbidden", "this server is set up already; sign in");
        }
        const id = randomUUID();
        const user = { id, name, email: email.toLowerCase() };
        await transaction.user.create({ data: { ...user, emailVerified: true } });
        await transaction.account.create({
          data: { id: randomUUID(), accountId: id, providerId: "credential", userId: id, password: passwordHash },
        });
        if (apiKey !== null) {
          const { hash, ...rest } = apiKey;
          await transaction.apikey.create({ data: { ...rest, id: randomUUID(), key: hash, referenceId: id } });
        }
        return user;
      }),
  };
}
