import { Prisma, type PrismaClient } from "./generated/prisma/client.ts";

/** The client or one of its transactions. */
export type Client = PrismaClient | Prisma.TransactionClient;

/** Runs SQL inside the transaction of the row it belongs to; pg-boss enqueues through it. */
export interface SqlExecutor {
  executeSql(text: string, values?: unknown[]): Promise<{ rows: unknown[] }>;
}

export function executorOf(client: Client): SqlExecutor {
  return {
    async executeSql(text, values = []) {
      const rows = await client.$queryRawUnsafe<unknown>(text, ...values);
      return { rows: Array.isArray(rows) ? rows : [] };
    },
  };
}

/** A unique constraint said no. */
export function isDuplicate(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2002";
}

/** The row to change is not there. */
export function isMissing(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2025";
}

/** What the row points at is not there. */
export function isDangling(error: unknown): boolean {
  return error instanceof Prisma.PrismaClientKnownRequestError && error.code === "P2003";
}
