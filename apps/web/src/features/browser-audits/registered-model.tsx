"use client";

import { isAssayError } from "@assay/schema";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";
import { Button } from "../../components/button.tsx";
import { FaultText } from "../../components/fault-text.tsx";
import { Field } from "../../components/field.tsx";
import { sizeText } from "../../components/quantities.ts";
import { useTRPC } from "../../trpc/client.tsx";
import { type Fault, faultOf } from "../../trpc/fault.ts";
import type { ModelVersion } from "../../trpc/types.ts";
import { ProgressBar } from "../runs/progress-bar.tsx";
import type { ChosenFile } from "../uploads/chosen-files.ts";
import { fetchModel } from "./fetch-model.ts";

/** A model of the project, as the page knows it: its newest version, the others when they are asked for. */
export interface RegisteredModel {
  readonly id: string;
  readonly name: string;
  readonly latest: ModelVersion;
}

/** Takes a model that the project has: its files come down into this tab. */
export function RegisteredModelForm({
  models,
  onBusy,
  onFiles,
}: {
  models: readonly RegisteredModel[];
  onBusy: (busy: boolean) => void;
  onFiles: (files: readonly ChosenFile[]) => Promise<void>;
}) {
  const t = useTranslations("tabAudit.model");
  const trpc = useTRPC();
  const [modelId, setModelId] = useState(models[0]?.id ?? "");
  const [versionId, setVersionId] = useState<string | null>(null);
  const [got, setGot] = useState<number | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);

  const model = models.find(({ id }) => id === modelId);
  const detail = useQuery({ ...trpc.models.get.queryOptions({ id: modelId }), enabled: modelId !== "" });
  const versions = detail.data?.versions ?? (model === undefined ? [] : [model.latest]);
  const version = versions.find(({ id }) => id === versionId) ?? versions[0];
  if (model === undefined || version === undefined) return null;
  const size = version.files.reduce((sum, { sizeBytes }) => sum + sizeBytes, version.sizeBytes);

  const take = async () => {
    const controller = new AbortController();
    stop.current = controller;
    setFault(null);
    setGot(0);
    onBusy(true);
    try {
      await onFiles(await fetchModel(version, controller.signal, (bytes) => setGot(bytes)));
    } catch (error) {
      if (!isAssayError(error) || error.code !== "cancelled") {
        setFault(faultOf(isAssayError(error) ? error.toJSON() : error));
      }
    } finally {
      setGot(null);
      onBusy(false);
    }
  };
  if (got !== null) {
    return (
      <>
        <ProgressBar label={t("fetching", { name: model.name })} fraction={size === 0 ? 1 : got / size}>
          {t("fetched", { got: sizeText(got), size: sizeText(size) })}
        </ProgressBar>
        <Button onClick={() => stop.current?.abort()}>{t("stop")}</Button>
      </>
    );
  }
  return (
    <div className="mt-5 border-t border-line pt-4">
      {fault === null ? null : <FaultText fault={fault} className="mb-3 text-sm" />}
      <Field
        label={t("registered")}
        help={t("registeredHelp")}
        control={(ids) => (
          <div className="flex flex-wrap gap-2">
            <select
              {...ids}
              className="field min-w-0 flex-1"
              value={`${model.id} ${version.id}`}
              onChange={({ target: { value } }) => {
                const [chosen = "", number = ""] = value.split(" ");
                setModelId(chosen);
                setVersionId(number);
              }}
            >
              {models.map((one) => {
                const known = one.id === model.id ? versions : [one.latest];
                return known.map(({ id, number }) => (
                  <option key={id} value={`${one.id} ${id}`}>
                    {t("version", { name: one.name, number })}
                  </option>
                ));
              })}
            </select>
            <Button onClick={take}>{t("fetch")}</Button>
          </div>
        )}
      />
    </div>
  );
}
