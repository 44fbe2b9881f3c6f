-- AlterTable
ALTER TABLE "run" ADD COLUMN     "sourceId" TEXT;

-- AlterTable
ALTER TABLE "model_version" ADD COLUMN     "madeById" TEXT;

-- CreateIndex
CREATE INDEX "run_sourceId_idx" ON "run"("sourceId");

-- CreateIndex
CREATE INDEX "model_version_madeById_idx" ON "model_version"("madeById");

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_sourceId_fkey" FOREIGN KEY ("sourceId") REFERENCES "run"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "model_version" ADD CONSTRAINT "model_version_madeById_fkey" FOREIGN KEY ("madeById") REFERENCES "run"("id") ON DELETE SET NULL ON UPDATE CASCADE;
