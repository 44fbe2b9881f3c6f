import { AssayError, type Digest, digestJson, type ReportModel } from "@assay/schema";
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

/** A file beside a model's own; its name is the path from there. */
export interface ModelFileRow {
  readonly name: string;
  readonly digest: Digest;
  readonly sizeBytes: number;
}

export interface ModelVersionRow {
  readonly id: string;
  readonly model: { readonly id: string; readonly name: string };
  /** The project's id. */
  readonly project: string;
  /** Counts up inside its model. */
  readonly number: number;
  /** Of its own file. */
  readonly fileName: string;
  readonly digest: Digest;
  readonly sizeBytes: number;
  /** Files beside it that it is read from, by name. */
  readonly files: readonly ModelFileRow[];
  readonly format: string;
  /** Without inputs where the file leaves open how many columns it takes. */
  readonly about: ReportModel;
  readonly card: ModelCard;
  readonly trainedOn: { readonly id: string; readonly name: string; readonly digest: Digest } | null;
  /** The run that made it, where one did, such as a mitigation. */
  readonly madeBy: { readonly id: string; readonly number: number } | null;
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
  /** Files beside its own; their names are sound: `besideNames`. */
  readonly files: readonly ModelFileRow[];
  readonly about: ReportModel;
  /** What is left out is taken from the version before; notes are not. */
  readonly card: ModelCardChange;
  readonly trainingDatasetId: string | null;
  /** The id of the run that made it. */
  readonly madeById?: string | null;
  readonly uploaderId: string;
}

export interface ModelStore {
  list(projectId: string): Promise<ModelRow[]>;
  /** @throws AssayError not-found */
  get(id: string): Promise<ModelDetail>;
  /** @throws AssayError not-found */
  version(id: string): Promise<ModelVersionRow>;
  /** The version that the same files already are of the project's model of that name; null: of any, the newest. */
  findSame(projectId: string, name: string | null, files: ModelContents): Promise<ModelVersionRow | null>;
  /** The newest version of a project whose file has that name. */
  findByFile(projectId: string, fileName: string): Promise<ModelVersionRow | null>;
  /** Versions in a project whose own file has one of these bytes, newest first. */
  ofBytes(projectId: string, digests: readonly Digest[]): Promise<ModelVersionRow[]>;
  /** Adds a version; the same files under the same name are the version that is there. */
  add(version: NewModelVersion): Promise<ModelVersionRow>;
  /** Changes what people say of a version. @throws AssayError not-found */
  describe(
    id: string,
    change: ModelCardChange & { readonly trainingDatasetId?: string | null | undefined },
  ): Promise<ModelVersionRow>;
  /** Removes a model with its versions; reports stay. @throws AssayError not-found; conflict while a run needs it */
  remove(id: string): Promise<void>;
  /**
   * Removes a version, and with the last one its model; reports stay, and its number is not given again.
   * @returns whether the model went too
   * @throws AssayError not-found; conflict while a run needs it
   */
  removeVersion(id: string): Promise<{ readonly model: boolean }>;
}

/** A model's bytes: of its own file, and of those beside it by name. */
export interface ModelContents {
  readonly digest: Digest;
  readonly files: readonly Pick<ModelFileRow, "digest" | "name">[];
}

/** One digest for all files of a model: another weight file is another version. That of its own file where it is alone. */
function contentsOf({ digest, files }: ModelContents): Digest {
  if (files.length === 0) return digest;
  const sorted = files.map(({ name, digest: one }) => [name, one] as const).sort(([a], [b]) => (a < b ? -1 : 1));
  return digestJson({ digest, files: sorted });
}

const include = {
  model: { select: { id: true, name: true, projectId: true } },
  trainingDataset: { select: { id: true, name: true, digest: true } },
  madeBy: { select: { id: true, number: true } },
  uploader: { select: { name: true } },
  files: { select: { name: true, digest: true, sizeBytes: true } },
  _count: { select: { runs: true } },
} as const satisfies Prisma.ModelVersionInclude;
type LoadedVersion = Prisma.ModelVersionGetPayload<{ include: typeof include }>;

const newestFirst = { number: "desc" } as const satisfies Prisma.ModelVersionOrderByWithRelationInput;

export function modelStore(client: PrismaClient): ModelStore {
  const version = async (id: string) => {
    const row = await client.modelVersion.findUnique({ where: { id }, include });
    if (!row) throw missingVersion(id);
    return toVersion(row);
  };
  const findSame = async (projectId: string, name: string | null, files: ModelContents) => {
    const row = await client.modelVersion.findFirst({
      where: { contents: contentsOf(files), model: { projectId, ...(name === null ? {} : { name }) } },
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
    async ofBytes(projectId, digests) {
      const rows = await client.modelVersion.findMany({
        where: { digest: { in: [...digests] }, model: { projectId } },
        include,
        orderBy: [{ createdAt: "desc" }, { id: "desc" }],
      });
      return rows.map(toVersion);
    },
    async add(added) {
      const { project: projectId, name, about, card, sizeBytes, files, ...rest } = added;
      // Two who push at once under a new name, or the same bytes: the one that comes second finds what the first made.
      for (let attempt = 0; ; attempt++) {
        const same = await findSame(projectId, name, added);
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
                contents: contentsOf(added),
                files: { create: files.map((file) => ({ ...file, sizeBytes: BigInt(file.sizeBytes) })) },
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
      await client.$transaction(async (transaction) => {
        const versions = await transaction.modelVersion.findMany({ where: { modelId: id }, select: { id: true } });
        if (versions.length === 0) throw missing(id);
        await checkUnneeded(
          transaction,
          versions.map((one) => one.id),
        );
        await transaction.model.delete({ where: { id }, select: { id: true } });
      });
    },
    removeVersion: (id) =>
      client.$transaction(async (transaction) => {
        const found = await transaction.modelVersion.findUnique({ where: { id }, select: { modelId: true } });
        if (found === null) throw missingVersion(id);
        // Who pushes or removes another version of the model waits.
        await transaction.$queryRaw`SELECT 1 FROM "model" WHERE "id" = ${found.modelId} FOR UPDATE`;
        await checkUnneeded(transaction, [id]);
        const { count } = await transaction.modelVersion.deleteMany({ where: { id } });
        if (count === 0) throw missingVersion(id);
        const left = await transaction.modelVersion.count({ where: { modelId: found.modelId } });
        if (left === 0) await transaction.model.delete({ where: { id: found.modelId }, select: { id: true } });
        return { model: left === 0 };
      }),
  };
}

/**
 * Refuses to go on while runs that are not finished need one of the versions. A run that is made meanwhile waits for the
 * rows, and then finds them gone.
 */
async function checkUnneeded(transaction: Prisma.TransactionClient, versions: readonly string[]): Promise<void> {
  await transaction.$queryRaw`SELECT 1 FROM "model_version" WHERE "id" = ANY(${versions}) FOR UPDATE`;
  const runs = await transaction.run.findMany({
    where: { modelVersionId: { in: [...versions] }, status: { in: ["queued", "running"] } },
    select: { number: true },
    orderBy: { number: "asc" },
  });
  if (runs.length === 0) return;
  const numbers = runs.map(({ number }) => number).join(", ");
  throw new AssayError(
    "conflict",
    `${runs.length === 1 ? `run ${numbers} needs` : `runs ${numbers} need`} the model and ${runs.length === 1 ? "is" : "are"} not finished; wait for the end or cancel first`,
  );
}

function missingVersion(id: string): AssayError {
  return new AssayError("not-found", `no version "${id}" of a model; it may have been removed`);
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
    files: toFiles(row.files),
    format: row.format,
    about: JSON.parse(row.describeJson) as ReportModel,
    card: { purpose: row.purpose, owner: row.owner, licence: row.licence, notes: row.notes },
    madeBy: row.madeBy,
    trainedOn: trainedOn && { ...trainedOn, digest: trainedOn.digest as Digest },
    uploader: row.uploader?.name ?? null,
    createdAt: row.createdAt.toISOString(),
    runs: row._count.runs,
  };
}

/** By name, as code units: the order of reports. */
export function toFiles(
  files: readonly { readonly name: string; readonly digest: string; readonly sizeBytes: bigint }[],
): ModelFileRow[] {
  return files
    .map(({ name, digest, sizeBytes }) => ({ name, digest: digest as Digest, sizeBytes: Number(sizeBytes) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
