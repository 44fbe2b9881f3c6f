-- CreateEnum
CREATE TYPE "FeedbackState" AS ENUM ('new', 'in-review', 'upheld', 'resolved', 'dismissed', 'withdrawn', 'spam');

-- CreateTable
CREATE TABLE "feedback_form" (
    "projectId" TEXT NOT NULL,
    "token" TEXT NOT NULL,
    "isOpen" BOOLEAN NOT NULL DEFAULT false,
    "settingsJson" TEXT NOT NULL,
    "webhookSecret" TEXT NOT NULL,
    "lastNumber" INTEGER NOT NULL DEFAULT 0,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "feedback_form_pkey" PRIMARY KEY ("projectId")
);

-- CreateTable
CREATE TABLE "feedback" (
    "id" TEXT NOT NULL,
    "projectId" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "receipt" TEXT NOT NULL,
    "receivedAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "locale" TEXT NOT NULL,
    "what" TEXT NOT NULL,
    "decision" TEXT,
    "decisionReference" TEXT NOT NULL,
    "groups" TEXT[],
    "contact" TEXT NOT NULL,
    "state" "FeedbackState" NOT NULL DEFAULT 'new',
    "assigneeId" TEXT,
    "runId" TEXT,
    "auditId" TEXT,
    "findingId" TEXT,
    "rowId" TEXT NOT NULL DEFAULT '',
    "closedAt" TIMESTAMPTZ(3),
    "erasedAt" TIMESTAMPTZ(3),

    CONSTRAINT "feedback_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "feedback_event" (
    "id" TEXT NOT NULL,
    "projectId" TEXT NOT NULL,
    "number" INTEGER NOT NULL,
    "at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "userId" TEXT,
    "kind" TEXT NOT NULL,
    "detail" TEXT NOT NULL DEFAULT '',
    "note" TEXT NOT NULL DEFAULT '',

    CONSTRAINT "feedback_event_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "feedback_counts" (
    "runId" TEXT NOT NULL,
    "digest" TEXT NOT NULL,
    "cellsJson" TEXT NOT NULL,
    "createdAt" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "feedback_counts_pkey" PRIMARY KEY ("runId")
);

-- CreateIndex
CREATE UNIQUE INDEX "feedback_form_token_key" ON "feedback_form"("token");

-- CreateIndex
CREATE UNIQUE INDEX "feedback_receipt_key" ON "feedback"("receipt");

-- CreateIndex
CREATE INDEX "feedback_projectId_state_idx" ON "feedback"("projectId", "state");

-- CreateIndex
CREATE INDEX "feedback_projectId_receivedAt_idx" ON "feedback"("projectId", "receivedAt");

-- CreateIndex
CREATE UNIQUE INDEX "feedback_projectId_number_key" ON "feedback"("projectId", "number");

-- CreateIndex
CREATE INDEX "feedback_event_projectId_number_idx" ON "feedback_event"("projectId", "number");

-- AddForeignKey
ALTER TABLE "feedback_form" ADD CONSTRAINT "feedback_form_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "feedback" ADD CONSTRAINT "feedback_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "feedback" ADD CONSTRAINT "feedback_assigneeId_fkey" FOREIGN KEY ("assigneeId") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "feedback" ADD CONSTRAINT "feedback_runId_fkey" FOREIGN KEY ("runId") REFERENCES "run"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "feedback_event" ADD CONSTRAINT "feedback_event_projectId_fkey" FOREIGN KEY ("projectId") REFERENCES "project"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "feedback_event" ADD CONSTRAINT "feedback_event_userId_fkey" FOREIGN KEY ("userId") REFERENCES "user"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "feedback_counts" ADD CONSTRAINT "feedback_counts_runId_fkey" FOREIGN KEY ("runId") REFERENCES "run"("id") ON DELETE CASCADE ON UPDATE CASCADE;
