import type { PrismaClient } from "./generated/prisma/client.ts";

export interface UserRow {
  readonly id: string;
  readonly name: string;
  readonly email: string;
}

export interface UserStore {
  count(): Promise<number>;
  find(id: string): Promise<UserRow | null>;
}

export function userStore(client: PrismaClient): UserStore {
  return {
    count: () => client.user.count(),
    find: (id) => client.user.findUnique({ where: { id }, select: { id: true, name: true, email: true } }),
  };
}
