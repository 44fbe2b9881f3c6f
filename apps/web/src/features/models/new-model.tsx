"use client";

import { useTranslations } from "next-intl";
import { type ReactElement, useState } from "react";
import { Dialog } from "../../components/dialog.tsx";
import { Field, Input } from "../../components/field.tsx";
import { useNotice } from "../../components/notices.tsx";
import { sizeText } from "../../components/quantities.ts";
import { useTRPCClient } from "../../trpc/client.tsx";
import type { ModelVersion } from "../../trpc/types.ts";
import type { ChosenFile } from "../uploads/chosen-files.ts";
import { DropArea } from "../uploads/drop-area.tsx";
import { Sending } from "../uploads/sending.tsx";
import { useUpload } from "../uploads/use-upload.ts";
import { ChooseMain } from "./choose-main.tsx";
import { type DatasetName, TrainedOn } from "./trained-on.tsx";

const extensions = [".onnx", ".json", ".gz"];
/** Models are read whole, up to 2 GiB; larger data files may still be uploaded. */
const largestBytes = 2 ** 31 - 1;

interface Props {
  readonly project: { readonly id: string };
  readonly limitBytes: number;
  readonly datasets: readonly DatasetName[];
  /** The model that gets a new version; left out: the name is asked. */
  readonly name?: string;
  readonly onPushed: (version: ModelVersion) => void;
}

/** Pushes a model: a small form, then its files; closing it cancels what is on its way. */
export function NewModel({ trigger, ...props }: Props & { readonly trigger: ReactElement }) {
  const t = useTranslations("models.new");
  const [open, setOpen] = useState(false);
  const { name } = props;
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      trigger={trigger}
      title={name === undefined ? t("title") : t("titleVersion", { name })}
    >
      <PushForm
        {...props}
        onPushed={(version) => {
          setOpen(false);
          props.onPushed(version);
        }}
      />
    </Dialog>
  );
}

function PushForm({ project, limitBytes: uploadLimit, datasets, name: fixed, onPushed }: Props) {
  const t = useTranslations("models.new");
  const client = useTRPCClient();
  const notice = useNotice();
  const [name, setName] = useState("");
  const [trainedOn, setTrainedOn] = useState("");
  const [several, setSeveral] = useState<readonly ChosenFile[] | null>(null);
  const limitBytes = Math.min(uploadLimit, largestBytes);
  const uploading = useUpload({
    project: project.id,
    limitBytes,
    tooLarge: (sizes) => t("tooLarge", sizes),
    finish: async ([{ upload }, ...beside]) => {
      const chosen = fixed ?? name.trim();
      const version = await client.models.create.mutate({
        project: project.id,
        upload,
        beside: beside.map((one) => ({ name: one.name, upload: one.upload })),
        ...(chosen === "" ? {} : { name: chosen }),
        ...(trainedOn === "" ? {} : { trainedOn }),
      });
      const left = Math.max(0, beside.length - version.files.length);
      notice(t("done", { name: version.model.name, number: version.number, left }));
      onPushed(version);
    },
  });
  const { state } = uploading;
  if (state.at !== "waiting") {
    return (
      <Sending
        state={state}
        uploading={{
          ...uploading,
          reset: () => {
            setSeveral(null);
            uploading.reset();
          },
        }}
        reading={t("reading")}
        advice={({ code }) => (code === "not-found" ? t("missing") : null)}
      />
    );
  }
  if (several !== null) {
    return <ChooseMain files={several} onPush={uploading.start} onBack={() => setSeveral(null)} />;
  }
  return (
    <>
      {fixed === undefined ? (
        <Field
          label={t("name")}
          help={t("nameHelp")}
          control={(ids) => (
            <Input
              {...ids}
              autoComplete="off"
              maxLength={200}
              value={name}
              onChange={(event) => setName(event.target.value)}
            />
          )}
        />
      ) : null}
      <TrainedOn datasets={datasets} value={trainedOn} onValue={setTrainedOn} />
      <DropArea
        title={t("drop")}
        formats={t("formats", { limit: sizeText(limitBytes) })}
        extensions={extensions}
        many
        onFiles={(files) => (files.length === 1 ? uploading.start(files) : setSeveral(files))}
      />
    </>
  );
}
