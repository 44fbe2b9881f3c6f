-- DropIndex
DROP INDEX "model_version_modelId_digest_key";

-- AlterTable
-- Every version so far is one file: all its bytes are those of its own file.
ALTER TABLE "model_version" ADD COLUMN     "contents" TEXT;
UPDATE "model_version" SET "contents" = "digest";
ALTER TABLE "model_version" ALTER COLUMN "contents" SET NOT NULL;

-- CreateTable
CREATE TABLE "model_file" (
    "versionId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "sizeBytes" BIGINT NOT NULL,

    CONSTRAINT "model_file_pkey" PRIMARY KEY ("versionId","name")
);

-- CreateIndex
CREATE INDEX "model_file_digest_idx" ON "model_file"("digest");

-- CreateIndex
CREATE UNIQUE INDEX "model_version_modelId_contents_key" ON "model_version"("modelId", "contents");

-- AddForeignKey
ALTER TABLE "model_file" ADD CONSTRAINT "model_file_versionId_fkey" FOREIGN KEY ("versionId") REFERENCES "model_version"("id") ON DELETE CASCADE ON UPDATE CASCADE;
