-- CreateEnum
CREATE TYPE "ScheduleOutcome" AS ENUM ('run', 'unchanged', 'busy', 'failed');

-- AlterTable
ALTER TABLE "run" ADD COLUMN     "scheduleId" TEXT;

-- CreateTable
CREATE TABLE "schedule" (
    "id" TEXT NOT NULL,
    "projectId" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "planYaml" TEXT NOT NULL,
    "datasetName" TEXT NOT NULL,
    "cron" TEXT NOT NULL,
    "timeZone" TEXT NOT NULL,
    "runUnchanged" BOOLEAN NOT NULL DEFAULT false,
    "notify" BOOLEAN NOT NULL DEFAULT true,
    "nextAt" TIMESTAMPTZ(3),
    "enabled" BOOLEAN NOT NULL DEFAULT true,
    "claimedUntil" TIMESTAMPTZ(3),
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "schedule_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "schedule_tick" (
    "scheduleId" TEXT NOT NULL,
    "dueAt" TIMESTAMPTZ(3) NOT NULL,
    "outcome" "ScheduleOutcome" NOT NULL,
    "runId" TEXT,
    "errorCode" TEXT,
    "errorMessage" TEXT,
    "problemsJson" TEXT NOT NULL DEFAULT '[]',
    "told" BOOLEAN NOT NULL DEFAULT false,
    "notice" TEXT NOT NULL DEFAULT '',
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "schedule_tick_pkey" PRIMARY KEY ("scheduleId","dueAt")
);

-- CreateIndex
CREATE INDEX "schedule_nextAt_idx" ON "schedule"("nextAt");

-- CreateIndex
CREATE UNIQUE INDEX "schedule_projectId_name_key" ON "schedule"("projectId", "name");

-- CreateIndex
CREATE UNIQUE INDEX "schedule_tick_runId_key" ON "schedule_tick"("runId");

-- CreateIndex
CREATE INDEX "schedule_tick_told_idx" ON "schedule_tick"("told");

-- CreateIndex
CREATE INDEX "run_scheduleId_idx" ON "run"("scheduleId");

-- AddForeignKey
ALTER TABLE "run" ADD CONSTRAINT "run_scheduleId_fkey" FOREIGN KEY ("scheduleId") REFERENCES "schedule"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "schedule" ADD CONSTRAINT "schedule_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "schedule_tick" ADD CONSTRAINT "schedule_tick_scheduleId_fkey" FOREIGN KEY ("scheduleId") REFERENCES "schedule"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "schedule_tick" ADD CONSTRAINT "schedule_tick_runId_fkey" FOREIGN KEY ("runId") REFERENCES "run"("id") ON DELETE SET NULL ON UPDATE CASCADE;
