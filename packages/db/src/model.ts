import { AssayError, type Digest, type ReportModel } from "@assay/schema";
import { isDuplicate, isMissing } from "./client.ts";
import type { Prisma, PrismaClient } from "./generated/prisma/client.ts";

/** What people say of a version of a model. */
export interface ModelCard {
  readonly purpose: string;
  readonly owner: string;
  readonly licence: string;
  readonly notes: string;
}

/** What is left out or undefined stays as it is. */
export type ModelCardChange = { readonly [Key in keyof ModelCard]?: string | undefined };

export interface ModelVersionRow {
  readonly id: string;
  readonly model: { readonly id: string; readonly name: string };
  /** The project's id. */
  readonly project: string;
  /** Counts up inside its model. */
  readonly number: number;
  readonly fileName: string;
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly format: string;
  /** Without inputs where the file leaves open how many columns it takes. */
  readonly about: ReportModel;
  readonly card: ModelCard;
  readonly trainedOn: { readonly id: string; readonly name: string; readonly digest: Digest } | null;
  /** Name of who pushed it; null where the account is gone. */
  readonly uploader: string | null;
  readonly createdAt: string;
  /** How many runs used it. */
  readonly runs: number;
}

export interface ModelRow {
  readonly id: string;
  /** The project's id. */
  readonly project: string;
  readonly name: string;
  readonly createdAt: string;
  /** How many. */
  readonly versions: number;
  readonly latest: ModelVersionRow;
}

export interface ModelDetail extends Omit<ModelRow, "versions"> {
  /** Newest first. */
  readonly versions: ModelVersionRow[];
}

export interface NewModelVersion {
  readonly project: string;
  /** The model's name; made where there is none of it. */
  readonly name: string;
  readonly fileName: string;
  readonly digest: Digest;
  readonly sizeBytes: number;
  readonly about: ReportModel;
  /** What is left out is taken from the version before; notes are not. */
  readonly card: ModelCardChange;
  readonly trainingDatasetId: string | null;
  readonly uploaderId: string;
}

export interface ModelStore {
  list(projectId: string): Promise<ModelRow[]>;
  /** @throws AssayError not-found */
  get(id: string): Promise<ModelDetail>;
  /** @throws AssayError not-found */
  version(id: string): Promise<ModelVersionRow>;
  /** The version that the same bytes already are of the project's model of that name; null: of any, the newest. */
  findSame(projectId: string, name: string | null, digest: Digest): Promise<ModelVersionRow | null>;
  /** The newest version of a project whose file has that name. */
  findByFile(projectId: string, fileName: string): Promise<ModelVersionRow | null>;
  /** Adds a version; the same bytes under the same name are the version that is there. */
  add(version: NewModelVersion): Promise<ModelVersionRow>;
  /** Changes what people say of a version. @throws AssayError not-found */
  describe(
    id: string,
    change: ModelCardChange & { readonly trainingDatasetId?: string | null | undefined },
  ): Promise<ModelVersionRow>;
  /** Removes a model with its versions; reports stay. @throws AssayError not-found */
  remove(id: string): Promise<void>;
}

const include = {
  model: { select: { id: true, name: true, projectId: true } },
  trainingDataset: { select: { id: true, name: true, digest: true } },
  uploader: { select: { name: true } },
  _count: { select: { runs: true } },
} as const satisfies Prisma.ModelVersionInclude;
type LoadedVersion = Prisma.ModelVersionGetPayload<{ include: typeof include }>;

const newestFirst = { number: "desc" } as const satisfies Prisma.ModelVersionOrderByWithRelationInput;

export function modelStore(client: PrismaClient): ModelStore {
  const version = async (id: string) => {
    const row = await client.modelVersion.findUnique({ where: { id }, include });
    if (!row) throw new AssayError("not-found", `no version "${id}" of a model; it may have been removed`);
    return toVersion(row);
  };
  const findSame = async (projectId: string, name: string | null, digest: Digest) => {
    const row = await client.modelVersion.findFirst({
      where: { digest, model: { projectId, ...(name === null ? {} : { name }) } },
      include,
      orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    });
    return row && toVersion(row);
  };
  return {
    version,
    findSame,
    async list(projectId) {
      const rows = await client.model.findMany({
        where: { projectId },
        include: { _count: { select: { versions: true } }, versions: { orderBy: newestFirst, take: 1, include } },
        orderBy: [{ createdAt: "desc" }, { id: "desc" }],
      });
      return rows.flatMap(({ versions, _count, ...row }) => {
        const [latest] = versions;
        return latest ? [{ ...toModel(row), versions: _count.versions, latest: toVersion(latest) }] : [];
      });
    },
    async get(id) {
      const row = await client.model.findUnique({
        where: { id },
        include: { versions: { orderBy: newestFirst, include } },
      });
      const versions = row?.versions.map(toVersion) ?? [];
      const [latest] = versions;
      if (!row || !latest) throw missing(id);
      return { ...toModel(row), versions, latest };
    },
    async findByFile(projectId, fileName) {
      const row = await client.modelVersion.findFirst({
        where: { fileName, model: { projectId } },
        include,
        orderBy: [{ createdAt: "desc" }, { id: "desc" }],
      });
      return row && toVersion(row);
    },
    async add(added) {
      const { project: projectId, name, about, card, sizeBytes, ...rest } = added;
      // Two who push at once under a new name, or the same bytes: the one that comes second finds what the first made.
      for (let attempt = 0; ; attempt++) {
        const same = await findSame(projectId, name, added.digest);
        if (same) return same;
        try {
          const id = await client.$transaction(async (transaction) => {
            const model = await transaction.model.upsert({
              where: { projectId_name: { projectId, name } },
              create: { projectId, name, lastNumber: 1 },
              update: { lastNumber: { increment: 1 } },
            });
            const before = await transaction.modelVersion.findFirst({
              where: { modelId: model.id },
              orderBy: newestFirst,
            });
            const made = await transaction.modelVersion.create({
              data: {
                purpose: before?.purpose ?? "",
                owner: before?.owner ?? "",
                licence: before?.licence ?? "",
                ...defined(card),
                ...rest,
                modelId: model.id,
                number: model.lastNumber,
                sizeBytes: BigInt(sizeBytes),
                format: about.format,
                describeJson: JSON.stringify(about),
              },
              select: { id: true },
            });
            return made.id;
          });
          return await version(id);
        } catch (error) {
          if (!isDuplicate(error) || attempt >= 4) throw error;
        }
      }
    },
    async describe(id, change) {
      try {
        await client.modelVersion.update({ where: { id }, data: defined(change), select: { id: true } });
      } catch (error) {
        if (!isMissing(error)) throw error;
      }
      return version(id);
    },
    async remove(id) {
      try {
        await client.model.delete({ where: { id }, select: { id: true } });
      } catch (error) {
        throw isMissing(error) ? missing(id) : error;
      }
    },
  };
}

function missing(id: string): AssayError {
  return new AssayError("not-found", `no model "${id}"; it may have been removed`);
}

/** What is undefined is left as it is. */
function defined<Change extends object>(change: Change): { [Key in keyof Change]: Exclude<Change[Key], undefined> } {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined)) as {
    [Key in keyof Change]: Exclude<Change[Key], undefined>;
  };
}

function toModel(row: { id: string; projectId: string; name: string; createdAt: Date }) {
  return { id: row.id, project: row.projectId, name: row.name, createdAt: row.createdAt.toISOString() };
}

/** The JSON column was written by `add`, from a value of this type. */
function toVersion(row: LoadedVersion): ModelVersionRow {
  const { model, trainingDataset: trainedOn } = row;
  return {
    id: row.id,
    model: { id: model.id, name: model.name },
    project: model.projectId,
    number: row.number,
    fileName: row.fileName,
    digest: row.digest as Digest,
    sizeBytes: Number(row.sizeBytes),
    format: row.format,
    about: JSON.parse(row.describeJson) as ReportModel,
    card: { purpose: row.purpose, owner: row.owner, licence: row.licence, notes: row.notes },
    trainedOn: trainedOn && { ...trainedOn, digest: trainedOn.digest as Digest },
    uploader: row.uploader?.name ?? null,
    createdAt: row.createdAt.toISOString(),
    runs: row._count.runs,
  };
}
