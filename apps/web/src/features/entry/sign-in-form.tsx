"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { Button } from "../../components/button.tsx";
import { Field, Input } from "../../components/field.tsx";
import { signIn } from "./session.ts";

export function SignInForm() {
  const t = useTranslations("signIn");
  const fields = useTranslations("entry");
  const [refused, setRefused] = useState<string | null>(null);
  const { register, handleSubmit, formState } = useForm({ defaultValues: { email: "", password: "" } });
  const { errors, isSubmitting, isSubmitSuccessful } = formState;
  return (
    <form
      noValidate
      onSubmit={handleSubmit(async ({ email, password }) => {
        setRefused(null);
        const fault = await signIn(email, password);
        if (fault === null) {
          window.location.assign("/");
          return;
        }
        const said = { unauthorized: "wrong", "rate-limited": "often", unreachable: "unreachable" } as const;
        setRefused(t(fault.code in said ? said[fault.code as keyof typeof said] : "failed"));
      })}
    >
      <Field
        label={fields("email")}
        error={errors.email?.message}
        control={(ids) => (
          <Input
            {...ids}
            type="email"
            autoComplete="username"
            autoFocus
            {...register("email", { required: fields("emailMissing") })}
          />
        )}
      />
      <Field
        label={fields("password")}
        error={errors.password?.message}
        control={(ids) => (
          <Input
            {...ids}
            type="password"
            autoComplete="current-password"
            {...register("password", { required: fields("passwordMissing") })}
          />
        )}
      />
      <p role="alert" className="m-0 mb-3 min-h-5 text-sm text-fail">
        {refused}
      </p>
      <Button type="submit" tone="primary" disabled={isSubmitting || (isSubmitSuccessful && refused === null)}>
        {t("action")}
      </Button>
    </form>
  );
}
