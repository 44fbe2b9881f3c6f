"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { Button } from "../../components/button.tsx";
import { FaultText } from "../../components/fault-text.tsx";
import { Field, Input } from "../../components/field.tsx";
import { type Fault, faultOf } from "../../trpc/fault.ts";

/** Asks for a project's name, for a new project or a renamed one. */
export function ProjectNameForm({
  name = "",
  action,
  autoFocus = true,
  onName,
}: {
  name?: string;
  action: string;
  autoFocus?: boolean;
  onName: (name: string) => Promise<void>;
}) {
  const t = useTranslations("project.name");
  const [fault, setFault] = useState<Fault | null>(null);
  const { register, handleSubmit, formState } = useForm({ defaultValues: { name } });
  return (
    <form
      noValidate
      onSubmit={handleSubmit(async (values) => {
        setFault(null);
        try {
          await onName(values.name.trim());
        } catch (error) {
          setFault(faultOf(error));
        }
      })}
    >
      <Field
        label={t("label")}
        help={t("help")}
        error={formState.errors.name?.message}
        control={(ids) => (
          <Input
            {...ids}
            autoFocus={autoFocus}
            autoComplete="off"
            maxLength={100}
            {...register("name", { validate: (value) => value.trim() !== "" || t("missing") })}
          />
        )}
      />
      {fault === null ? null : <FaultText fault={fault} />}
      <Button type="submit" tone="primary" disabled={formState.isSubmitting}>
        {action}
      </Button>
    </form>
  );
}
