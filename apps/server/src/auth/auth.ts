import { apiKey } from "@better-auth/api-key";
import { APIError, betterAuth } from "better-auth";
import { prismaAdapter } from "better-auth/adapters/prisma";

export interface AuthOptions {
  /** The database's `authClient`. */
  readonly client: object;
  readonly secret: string;
  /** The address people use, where it is known. */
  readonly url: string | null;
  readonly logError: (error: unknown) => void;
}

/** The header in which the server itself tells better-auth the client's address; what a client sends in it is dropped. */
export const clientAddressHeader = "x-assay-client-address";

/** Accounts by e-mail and password, sessions in cookies, API keys. Nobody can sign up: the owner is made by set-up. */
export function makeAuth({ client, secret, url, logError }: AuthOptions) {
  return betterAuth({
    appName: "Assay",
    basePath: "/api/auth",
    ...(url === null ? {} : { baseURL: url }),
    secret,
    database: prismaAdapter(client, { provider: "postgresql", transaction: false }),
    emailAndPassword: { enabled: true, disableSignUp: true, minPasswordLength: 8, maxPasswordLength: 128 },
    session: { expiresIn: 30 * 24 * 3600, updateAge: 24 * 3600 },
    plugins: [
      apiKey({
        defaultPrefix: "assay_",
        requireName: true,
        maximumNameLength: 100,
        rateLimit: { enabled: false },
        startingCharactersConfig: { shouldStore: true, charactersLength: 12 },
      }),
    ],
    // A page may speak to the host it came from, by whatever name people reach it: localhost, 127.0.0.1, a proxy's.
    trustedOrigins: (request) => {
      const host = request?.headers.get("host");
      return host ? [`http://${host}`, `https://${host}`] : [];
    },
    rateLimit: { enabled: true, window: 60, max: 300, customRules: { "/sign-in/email": { window: 60, max: 20 } } },
    advanced: {
      cookiePrefix: "assay",
      useSecureCookies: url?.startsWith("https:") ?? false,
      ipAddress: { ipAddressHeaders: [clientAddressHeader] },
    },
    telemetry: { enabled: false },
    logger: {
      level: "error",
      // A wrong key or password is the caller's news, not ours.
      log: (_level, message, ...details) => {
        if (!details.some((detail) => detail instanceof APIError))
          logError(new Error(`better-auth: ${message}`, { cause: details[0] }));
      },
    },
  });
}

export type Auth = ReturnType<typeof makeAuth>;
