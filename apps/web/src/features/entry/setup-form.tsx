"use client";

import { useTranslations } from "next-intl";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { Button } from "../../components/button.tsx";
import { FaultText } from "../../components/fault-text.tsx";
import { Field, Input } from "../../components/field.tsx";
import { useTRPCClient } from "../../trpc/client.tsx";
import { type Fault, faultOf } from "../../trpc/fault.ts";
import { signIn } from "./session.ts";

export const leastPasswordLength = 8;

/** Makes the owner's account with the one-time token, and signs them in. */
export function SetupForm({ token }: { token: string }) {
  const t = useTranslations("setup");
  const fields = useTranslations("entry");
  const client = useTRPCClient();
  const [fault, setFault] = useState<Fault | null>(null);
  const { register, handleSubmit, formState } = useForm({ defaultValues: { name: "", email: "", password: "" } });
  const { errors, isSubmitting, isSubmitSuccessful } = formState;
  return (
    <form
      noValidate
      onSubmit={handleSubmit(async (values) => {
        setFault(null);
        try {
          await client.setup.complete.mutate({ token, ...values });
          const refused = await signIn(values.email, values.password);
          window.location.assign(refused === null ? "/" : "/sign-in");
        } catch (error) {
          setFault(faultOf(error));
        }
      })}
    >
      <Field
        label={fields("name")}
        error={errors.name?.message}
        control={(ids) => (
          <Input {...ids} autoComplete="name" autoFocus {...register("name", { required: fields("nameMissing") })} />
        )}
      />
      <Field
        label={fields("email")}
        error={errors.email?.message}
        control={(ids) => (
          <Input
            {...ids}
            type="email"
            autoComplete="username"
            {...register("email", {
              required: fields("emailMissing"),
              pattern: { value: /^[^\s@]+@[^\s@]+$/, message: fields("emailShape") },
            })}
          />
        )}
      />
      <Field
        label={fields("password")}
        help={fields("passwordHelp", { length: leastPasswordLength })}
        error={errors.password?.message}
        control={(ids) => (
          <Input
            {...ids}
            type="password"
            autoComplete="new-password"
            {...register("password", {
              required: fields("passwordMissing"),
              minLength: {
                value: leastPasswordLength,
                message: fields("passwordShort", { length: leastPasswordLength }),
              },
            })}
          />
        )}
      />
      {fault === null ? null : <FaultText fault={fault} />}
      <Button
        type="submit"
        tone="primary"
        className="mt-2"
        disabled={isSubmitting || (isSubmitSuccessful && fault === null)}
      >
        {t("action")}
      </Button>
    </form>
  );
}
