"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { Field, Input } from "../../components/field.tsx";
import { useNotice } from "../../components/notices.tsx";
import { changePassword, signOut } from "../entry/session.ts";
import { leastPasswordLength } from "../entry/setup-form.tsx";

export function Account() {
  const t = useTranslations("settings.password");
  const entry = useTranslations("entry");
  const notice = useNotice();
  const [open, setOpen] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const { register, handleSubmit, reset, formState } = useForm({ defaultValues: { current: "", next: "" } });
  const { errors, isSubmitting } = formState;
  return (
    <div className="flex flex-wrap gap-2 border-t border-line pt-4">
      <Dialog
        open={open}
        onOpenChange={(next) => {
          setOpen(next);
          setRefused(null);
          reset();
        }}
        trigger={<Button>{t("trigger")}</Button>}
        title={t("title")}
      >
        <form
          noValidate
          onSubmit={handleSubmit(async ({ current, next }) => {
            const fault = await changePassword(current, next);
            if (fault !== null) {
              setRefused(t(fault.code === "forbidden" ? "wrong" : "failed"));
              return;
            }
            setOpen(false);
            reset();
            notice(t("done"));
          })}
        >
          <Field
            label={t("current")}
            error={errors.current?.message}
            control={(ids) => (
              <Input
                {...ids}
                type="password"
                autoComplete="current-password"
                {...register("current", { required: entry("passwordMissing") })}
              />
            )}
          />
          <Field
            label={t("next")}
            help={entry("passwordHelp", { length: leastPasswordLength })}
            error={errors.next?.message}
            control={(ids) => (
              <Input
                {...ids}
                type="password"
                autoComplete="new-password"
                {...register("next", {
                  required: entry("passwordMissing"),
                  minLength: {
                    value: leastPasswordLength,
                    message: entry("passwordShort", { length: leastPasswordLength }),
                  },
                })}
              />
            )}
          />
          <p role="alert" className="m-0 mb-2 min-h-5 text-sm text-fail">
            {refused}
          </p>
          <Button type="submit" tone="primary" disabled={isSubmitting}>
            {t("action")}
          </Button>
        </form>
      </Dialog>
      <Button onClick={signOut}>{t("signOut")}</Button>
    </div>
  );
}
