-- CreateTable
CREATE TABLE "comparison" (
    "id" TEXT NOT NULL,
    "projectId" TEXT NOT NULL,
    "fromId" TEXT NOT NULL,
    "toId" TEXT NOT NULL,
    "key" TEXT NOT NULL,
    "confidence" DOUBLE PRECISION NOT NULL,
    "replicates" INTEGER NOT NULL,
    "seed" BIGINT NOT NULL,
    "status" "RunStatus" NOT NULL DEFAULT 'queued',
    "done" INTEGER NOT NULL DEFAULT 0,
    "stage" TEXT,
    "errorCode" TEXT,
    "errorMessage" TEXT,
    "problemsJson" TEXT NOT NULL DEFAULT '[]',
    "verdict" TEXT,
    "rows" BIGINT,
    "json" TEXT,
    "attempt" INTEGER NOT NULL DEFAULT 0,
    "worker" TEXT,
    "heartbeatAt" TIMESTAMPTZ(3),
    "revision" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "startedAt" TIMESTAMPTZ(3),
    "finishedAt" TIMESTAMPTZ(3),

    CONSTRAINT "comparison_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "comparison_projectId_createdAt_idx" ON "comparison"("projectId", "createdAt");

-- CreateIndex
CREATE INDEX "comparison_toId_idx" ON "comparison"("toId");

-- CreateIndex
CREATE UNIQUE INDEX "comparison_fromId_toId_key_key" ON "comparison"("fromId", "toId", "key");

-- AddForeignKey
ALTER TABLE "comparison" ADD CONSTRAINT "comparison_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "comparison" ADD CONSTRAINT "comparison_fromId_fkey" FOREIGN KEY ("fromId") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "comparison" ADD CONSTRAINT "comparison_toId_fkey" FOREIGN KEY ("toId") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- Changes are told as those of runs are: by the id, on the same channel. A heartbeat alone is none.
CREATE TRIGGER "comparison_changed"
BEFORE UPDATE OF "status", "done", "stage", "errorCode" ON "comparison"
FOR EACH ROW EXECUTE FUNCTION "assay_run_changed"();

CREATE TRIGGER "comparison_removed" AFTER DELETE ON "comparison"
FOR EACH ROW EXECUTE FUNCTION "assay_run_removed"();
