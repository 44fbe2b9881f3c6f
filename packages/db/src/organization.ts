import type { PrismaClient } from "./generated/prisma/client.ts";

export interface OrganizationRow {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  /** Whether the demo project was made already. */
  readonly hasDemo: boolean;
}

export interface OrganizationStore {
  /** The one organization there is until teams come; made where it is missing. */
  home(): Promise<OrganizationRow>;
  demoMade(id: string): Promise<void>;
}

export function organizationStore(client: PrismaClient): OrganizationStore {
  return {
    async home() {
      const row = await client.organization.upsert({
        where: { slug: "home" },
        create: { slug: "home", name: "Home" },
        update: {},
      });
      return { id: row.id, slug: row.slug, name: row.name, hasDemo: row.demoAt !== null };
    },
    async demoMade(id) {
      await client.organization.update({ where: { id }, data: { demoAt: new Date() } });
    },
  };
}
