"use client";

import type { Problem } from "@assay/schema";
import { isAssayError } from "@assay/schema";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { FaultText } from "../../components/fault-text.tsx";
import { Section } from "../../components/page.tsx";
import { type Fault, faultOf } from "../../trpc/fault.ts";
import type { OpenedMaterial } from "../../workers/audit-messages.ts";
import { ChooseMain } from "../models/choose-main.tsx";
import { ModelKind } from "../models/model-kind.tsx";
import { Categories } from "../plans/categories.tsx";
import type { PlanEdit } from "../plans/edit-plan.ts";
import { ModelDecides } from "../plans/model-decides.tsx";
import type { PlanView } from "../plans/plan-view.ts";
import { problemsAt } from "../plans/problem-places.ts";
import type { ChosenFile } from "../uploads/chosen-files.ts";
import { DropArea } from "../uploads/drop-area.tsx";
import { type RegisteredModel, RegisteredModelForm } from "./registered-model.tsx";

/** The model beside the data, opened in this tab: its file, or all its files. */
export function TabModel({
  view,
  problems,
  model,
  models,
  onEdit,
  onFiles,
}: {
  view: PlanView;
  problems: readonly Problem[];
  model: OpenedMaterial["model"];
  /** Those of the project. */
  models: readonly RegisteredModel[];
  onEdit: (edit: PlanEdit) => void;
  onFiles: (files: readonly ChosenFile[] | null) => Promise<void>;
}) {
  const t = useTranslations("tabAudit.model");
  const plan = useTranslations("plan.model");
  const [open, setOpen] = useState(false);
  const own = problemsAt(problems, "model");
  return (
    <Section
      title={plan("title")}
      note={plan("note")}
      actions={
        <span className="flex gap-2">
          {model === null && view.model === null ? null : (
            <Button onClick={() => void onFiles(null)}>{t("remove")}</Button>
          )}
          <Dialog
            open={open}
            onOpenChange={setOpen}
            trigger={<Button>{t(model === null ? "choose" : "other")}</Button>}
            title={t("title")}
          >
            <ModelFilesForm
              models={models}
              onFiles={async (files) => {
                await onFiles(files);
                setOpen(false);
              }}
            />
          </Dialog>
        </span>
      }
    >
      <div className="grid gap-x-10 border-t border-line pt-4 sm:grid-cols-2">
        <p className="m-0 mb-4 text-sm">
          {model === null ? (
            <span className="text-muted">{t("none")}</span>
          ) : (
            <>
              <b className="font-semibold break-words">{model.fileName}</b>
              <span className="block text-muted">
                <ModelKind about={model.about} />
              </span>
            </>
          )}
        </p>
        {view.model === null ? null : <ModelDecides view={view} onEdit={onEdit} />}
        {view.model === null ? null : <Categories categories={view.model.categories} onEdit={onEdit} />}
      </div>
      {own.map((problem) => (
        <p key={problem.at + problem.message} role="alert" className="m-0 mt-1 text-sm text-fail">
          {problem.message}
        </p>
      ))}
    </Section>
  );
}

function ModelFilesForm({
  models,
  onFiles,
}: {
  models: readonly RegisteredModel[];
  onFiles: (files: readonly ChosenFile[]) => Promise<void>;
}) {
  const t = useTranslations("tabAudit.model");
  const [several, setSeveral] = useState<readonly ChosenFile[] | null>(null);
  const [busy, setBusy] = useState(false);
  const [fetching, setFetching] = useState(false);
  const [fault, setFault] = useState<Fault | null>(null);
  const take = async (files: readonly ChosenFile[]) => {
    setBusy(true);
    setFault(null);
    try {
      await onFiles(files);
    } catch (error) {
      setFault(faultOf(isAssayError(error) ? error.toJSON() : error));
      setSeveral(null);
    }
    setBusy(false);
  };
  if (busy) {
    return (
      <p role="status" className="m-0 min-h-24 text-sm text-muted">
        {t("opening")}
      </p>
    );
  }
  return (
    <>
      {fault === null ? null : <FaultText fault={fault} />}
      {fetching ? null : several === null ? (
        <DropArea
          title={t("drop")}
          formats={t("formats")}
          extensions={[".onnx", ".json", ".gz"]}
          many
          onFiles={(files) => (files.length === 1 ? void take(files) : setSeveral(files))}
        />
      ) : (
        <ChooseMain files={several} action={t("take")} onPush={take} onBack={() => setSeveral(null)} />
      )}
      {several === null ? <RegisteredModelForm models={models} onBusy={setFetching} onFiles={onFiles} /> : null}
    </>
  );
}
