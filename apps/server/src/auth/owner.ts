import { randomBytes, timingSafeEqual } from "node:crypto";
import { AssayError } from "@assay/schema";
import { defaultKeyHasher } from "@better-auth/api-key";
import type { Auth } from "./auth.ts";

/** A one-time word that lets whoever reads the server's log make the owner account. */
export class SetupToken {
  #token: string | null = randomBytes(24).toString("base64url");

  get value(): string | null {
    return this.#token;
  }

  matches(token: string): boolean {
    if (this.#token === null) return false;
    const [ours, theirs] = [Buffer.from(this.#token), Buffer.from(token)];
    return ours.length === theirs.length && timingSafeEqual(ours, theirs);
  }

  use(): void {
    this.#token = null;
  }
}

export interface NewOwner {
  readonly name: string;
  readonly email: string;
  readonly password: string;
}

/** Makes the account; sign-up over the network stays closed. */
export async function makeOwner(auth: Auth, owner: NewOwner): Promise<{ id: string }> {
  const context = await auth.$context;
  const user = await context.internalAdapter.createUser(
    { name: owner.name, email: owner.email.toLowerCase(), emailVerified: true },
    { method: "email-password" },
  );
  await context.internalAdapter.linkAccount({
    userId: user.id,
    providerId: "credential",
    accountId: user.id,
    password: await context.password.hash(owner.password),
  });
  return user;
}

/** Keeps a key whose words were chosen outside, as `ASSAY_INIT_API_KEY` is; only its hash is stored. */
export async function addChosenKey(auth: Auth, userId: string, key: string): Promise<void> {
  const context = await auth.$context;
  const now = new Date();
  await context.adapter.create({
    model: "apikey",
    data: {
      configId: "default",
      name: "ASSAY_INIT_API_KEY",
      start: key.slice(0, 6),
      key: await defaultKeyHasher(key),
      referenceId: userId,
      enabled: true,
      rateLimitEnabled: false,
      requestCount: 0,
      createdAt: now,
      updatedAt: now,
    },
  });
}

/**
 * Gives an account a new password and ends its sessions.
 * @throws AssayError not-found
 */
export async function resetPassword(auth: Auth, email: string): Promise<string> {
  const context = await auth.$context;
  const found = await context.internalAdapter.findUserByEmail(email.toLowerCase());
  if (!found) throw new AssayError("not-found", `no account with the address ${email}`);
  const password = randomBytes(15).toString("base64url");
  await context.internalAdapter.updatePassword(found.user.id, await context.password.hash(password));
  await context.internalAdapter.deleteUserSessions(found.user.id);
  return password;
}
