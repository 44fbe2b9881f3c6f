import { randomBytes, timingSafeEqual } from "node:crypto";
import type { Stores } from "@assay/db";
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

/**
 * Makes the owner's account; sign-up over the network stays closed. A key chosen outside, as `ASSAY_INIT_API_KEY` is,
 * comes with it; only its hash is stored.
 * @throws AssayError forbidden where there is an account already
 */
export async function makeOwner(auth: Auth, stores: Stores, owner: NewOwner, key: string | null): Promise<void> {
  const context = await auth.$context;
  await stores.users.addFirst({
    name: owner.name,
    email: owner.email,
    passwordHash: await context.password.hash(owner.password),
    apiKey:
      key === null ? null : { name: "ASSAY_INIT_API_KEY", hash: await defaultKeyHasher(key), start: key.slice(0, 6) },
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
