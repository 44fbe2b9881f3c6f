"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Controller, useForm } from "react-hook-form";
import { Button } from "../../components/button.tsx";
import { FaultText } from "../../components/fault-text.tsx";
import { Field, Input } from "../../components/field.tsx";
import { useNotice } from "../../components/notices.tsx";
import { useTRPCClient } from "../../trpc/client.tsx";
import { type Fault, faultOf } from "../../trpc/fault.ts";
import type { ModelVersion } from "../../trpc/types.ts";
import { type DatasetName, TrainedOn } from "./trained-on.tsx";

/** What people say of a version: for what, by whom, on which terms, made of what. */
export function CardForm({ version, datasets }: { version: ModelVersion; datasets: readonly DatasetName[] }) {
  const t = useTranslations("models.card");
  const client = useTRPCClient();
  const router = useRouter();
  const notice = useNotice();
  const [fault, setFault] = useState<Fault | null>(null);
  const { register, handleSubmit, formState, control, reset } = useForm({
    defaultValues: { ...version.card, trainedOn: version.trainedOn?.id ?? "" },
  });
  // Default values stand in the page itself too, so that it never shows an empty card before its script runs.
  return (
    <form
      noValidate
      className="grid max-w-[72ch] gap-x-10 border-t border-line pt-4 sm:grid-cols-2"
      onSubmit={handleSubmit(async (values) => {
        const { trainedOn, ...card } = values;
        setFault(null);
        try {
          await client.models.update.mutate({
            id: version.id,
            card,
            trainedOn: trainedOn === "" ? null : trainedOn,
          });
          reset(values);
          notice(t("saved"));
          router.refresh();
        } catch (error) {
          setFault(faultOf(error));
        }
      })}
    >
      <div className="sm:col-span-2">
        <Field
          label={t("purpose")}
          help={t("purposeHelp")}
          control={(ids) => (
            <textarea
              {...ids}
              rows={2}
              maxLength={4000}
              className="field"
              defaultValue={version.card.purpose}
              {...register("purpose")}
            />
          )}
        />
      </div>
      <Field
        label={t("owner")}
        help={t("ownerHelp")}
        control={(ids) => (
          <Input {...ids} autoComplete="off" maxLength={200} defaultValue={version.card.owner} {...register("owner")} />
        )}
      />
      <Field
        label={t("licence")}
        help={t("licenceHelp")}
        control={(ids) => (
          <Input
            {...ids}
            autoComplete="off"
            maxLength={200}
            defaultValue={version.card.licence}
            {...register("licence")}
          />
        )}
      />
      <div className="sm:col-span-2">
        <Controller
          control={control}
          name="trainedOn"
          render={({ field }) => <TrainedOn datasets={datasets} value={field.value} onValue={field.onChange} />}
        />
        <Field
          label={t("notes")}
          help={t("notesHelp")}
          control={(ids) => (
            <textarea
              {...ids}
              rows={4}
              maxLength={20_000}
              className="field"
              defaultValue={version.card.notes}
              {...register("notes")}
            />
          )}
        />
        {fault === null ? null : <FaultText fault={fault} />}
        <Button type="submit" tone="primary" disabled={formState.isSubmitting || !formState.isDirty}>
          {t("save")}
        </Button>
      </div>
    </form>
  );
}
