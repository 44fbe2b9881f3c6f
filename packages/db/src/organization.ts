import type { PrismaClient } from "./generated/prisma/client.ts";

export interface OrganizationStore {
  /** The one organization there is until teams come; made where it is missing. */
  home(): Promise<{ readonly id: string; readonly slug: string; readonly name: string }>;
}

export function organizationStore(client: PrismaClient): OrganizationStore {
  return {
    home: () =>
      client.organization.upsert({
        where: { slug: "home" },
        create: { slug: "home", name: "Home" },
        update: {},
        select: { id: true, slug: true, name: true },
      }),
  };
}
