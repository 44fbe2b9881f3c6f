import { AssayError } from "@assay/schema";
import { isDuplicate, isMissing } from "./client.ts";
import type { Prisma, PrismaClient } from "./generated/prisma/client.ts";
import { type RunRow, runInclude, toRunRow } from "./run.ts";

export interface ProjectRow {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly createdAt: string;
  /** How many. */
  readonly runs: number;
  readonly datasets: number;
  readonly models: number;
  readonly lastRun: RunRow | null;
}

export interface ProjectStore {
  list(organizationId: string): Promise<ProjectRow[]>;
  /** By id or slug. @throws AssayError not-found */
  get(organizationId: string, project: string): Promise<ProjectRow>;
  /** @throws AssayError already-exists where the name's slug is taken */
  create(organizationId: string, name: string): Promise<ProjectRow>;
  /** The project of that name; made where it is missing. */
  ensure(organizationId: string, name: string): Promise<ProjectRow>;
  /** Renames; the slug stays, so that links hold. @throws AssayError not-found */
  rename(organizationId: string, project: string, name: string): Promise<ProjectRow>;
  /** Removes a project with its runs, reports, datasets and models. @throws AssayError not-found */
  remove(organizationId: string, project: string): Promise<void>;
}

const include = {
  _count: { select: { runs: true, datasets: true, models: true } },
  runs: { orderBy: { number: "desc" }, take: 1, include: runInclude },
} as const satisfies Prisma.ProjectInclude;
type LoadedProject = Prisma.ProjectGetPayload<{ include: typeof include }>;

export function projectStore(client: PrismaClient): ProjectStore {
  const load = async (where: Prisma.ProjectWhereInput): Promise<ProjectRow | null> => {
    const row = await client.project.findFirst({ where, include });
    return row && toRow(row);
  };
  const find = (organizationId: string, project: string) =>
    load({ organizationId, OR: [{ id: project }, { slug: project }] });
  const get = async (organizationId: string, project: string) => {
    const row = await find(organizationId, project);
    if (!row) throw new AssayError("not-found", `no project "${project}"`);
    return row;
  };
  const create = async (organizationId: string, name: string) => {
    const slug = slugOf(name);
    try {
      // Read back outside of the write: Prisma would read the relations side by side on one connection.
      const { id } = await client.project.create({ data: { organizationId, name, slug }, select: { id: true } });
      return await get(organizationId, id);
    } catch (error) {
      if (!isDuplicate(error)) throw error;
      throw new AssayError("already-exists", `a project "${slug}" exists already; choose another name`);
    }
  };
  return {
    get,
    create,
    async list(organizationId) {
      const rows = await client.project.findMany({ where: { organizationId }, include, orderBy: { createdAt: "asc" } });
      return rows.map(toRow);
    },
    async ensure(organizationId, name) {
      const slug = slugOf(name);
      const before = await load({ organizationId, slug });
      if (before) return before;
      try {
        return await create(organizationId, name);
      } catch (error) {
        const made = await load({ organizationId, slug });
        if (made) return made;
        throw error;
      }
    },
    async rename(organizationId, project, name) {
      const { id } = await get(organizationId, project);
      await client.project.update({ where: { id }, data: { name }, select: { id: true } });
      return get(organizationId, id);
    },
    async remove(organizationId, project) {
      const { id } = await get(organizationId, project);
      try {
        await client.$transaction([
          client.run.deleteMany({ where: { projectId: id } }),
          client.project.delete({ where: { id }, select: { id: true } }),
        ]);
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
    },
  };
}

/**
 * The part of a URL that names a project: letters and digits of any script in lower case, joined by hyphens.
 * @throws AssayError usage where nothing is left
 */
export function slugOf(name: string): string {
  const slug = name
    .normalize("NFKC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "");
  if (slug === "") {
    throw new AssayError("usage", `"${name}" holds no letter or digit; a project's name needs at least one`);
  }
  return slug;
}

function toRow(row: LoadedProject): ProjectRow {
  const last = row.runs[0];
  return {
    id: row.id,
    slug: row.slug,
    name: row.name,
    createdAt: row.createdAt.toISOString(),
    runs: row._count.runs,
    datasets: row._count.datasets,
    models: row._count.models,
    lastRun: last ? toRunRow(last) : null,
  };
}
