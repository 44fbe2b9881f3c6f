-- AlterTable
ALTER TABLE "run" ADD COLUMN     "backgroundId" TEXT,
ADD COLUMN     "modelVersionId" TEXT,
ADD COLUMN     "stage" TEXT;

-- CreateTable
CREATE TABLE "model" (
    "id" TEXT NOT NULL,
    "projectId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "lastNumber" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "model_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "model_version" (
    "id" TEXT NOT NULL,
    "modelId" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "fileName" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "sizeBytes" BIGINT NOT NULL,
    "format" TEXT NOT NULL,
    "describeJson" TEXT NOT NULL,
    "purpose" TEXT NOT NULL DEFAULT '',
    "owner" TEXT NOT NULL DEFAULT '',
    "licence" TEXT NOT NULL DEFAULT '',
    "notes" TEXT NOT NULL DEFAULT '',
    "trainingDatasetId" TEXT,
    "uploaderId" TEXT,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "model_version_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "model_projectId_name_key" ON "model"("projectId", "name");

-- CreateIndex
CREATE INDEX "model_version_digest_idx" ON "model_version"("digest");

-- CreateIndex
CREATE UNIQUE INDEX "model_version_modelId_number_key" ON "model_version"("modelId", "number");

-- CreateIndex
CREATE UNIQUE INDEX "model_version_modelId_digest_key" ON "model_version"("modelId", "digest");

-- AddForeignKey
ALTER TABLE "model" ADD CONSTRAINT "model_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model_version" ADD CONSTRAINT "model_version_modelId_fkey" FOREIGN KEY ("modelId") REFERENCES "model"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model_version" ADD CONSTRAINT "model_version_trainingDatasetId_fkey" FOREIGN KEY ("trainingDatasetId") REFERENCES "dataset"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model_version" ADD CONSTRAINT "model_version_uploaderId_fkey" FOREIGN KEY ("uploaderId") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_modelVersionId_fkey" FOREIGN KEY ("modelVersionId") REFERENCES "model_version"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_backgroundId_fkey" FOREIGN KEY ("backgroundId") REFERENCES "dataset"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- The stage is told too.
DROP TRIGGER "run_changed" ON "run";
CREATE TRIGGER "run_changed"
BEFORE UPDATE OF "status", "verdict", "stepsDone", "stepsTotal", "audit", "stage", "errorCode" ON "run"
FOR EACH ROW EXECUTE FUNCTION "assay_run_changed"();
