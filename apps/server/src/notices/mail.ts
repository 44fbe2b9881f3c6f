import { AssayError } from "@assay/schema";
import { createTransport } from "nodemailer";

/** The operator's mail server, and whom letters come from. */
export interface MailRules {
  /** `smtp://user:password@host:587` or `smtps://…:465`. */
  readonly url: string;
  readonly from: string;
}

export interface Letter {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
}

const answerWithinMs = 20_000;

/** Sends one letter. @throws AssayError unreachable, told without the server's password */
export async function sendLetter({ url, from }: MailRules, letter: Letter): Promise<void> {
  const transport = createTransport({
    url,
    connectionTimeout: answerWithinMs,
    greetingTimeout: answerWithinMs,
    socketTimeout: answerWithinMs,
    // Nothing that somebody wrote may make this server read a file or an address.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  try {
    await transport.sendMail({ from, ...letter });
  } catch (cause) {
    const { host } = new URL(url);
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
    const answer = cause instanceof Error && "responseCode" in cause ? ` ${String(cause.responseCode)}` : "";
    throw new AssayError("unreachable", `the mail server ${host} did not take the letter (${code}${answer})`, {
      cause,
    });
  } finally {
    transport.close();
  }
}
