"use client";

import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { useForm } from "react-hook-form";
import { Button } from "../../components/button.tsx";
import { Dialog } from "../../components/dialog.tsx";
import { FaultText } from "../../components/fault-text.tsx";
import { Field, Input } from "../../components/field.tsx";
import { useNotice } from "../../components/notices.tsx";
import { useTRPCClient } from "../../trpc/client.tsx";
import { type Fault, faultOf } from "../../trpc/fault.ts";

const lives = ["30", "90", "365", "never"] as const;

/** Makes a key and shows it this once. */
export function NewKey() {
  const t = useTranslations("keys.create");
  const common = useTranslations("common");
  const client = useTRPCClient();
  const router = useRouter();
  const notice = useNotice();
  const [open, setOpen] = useState(false);
  const [made, setMade] = useState<string | null>(null);
  const [fault, setFault] = useState<Fault | null>(null);
  const { register, handleSubmit, reset, formState } = useForm<{ name: string; life: (typeof lives)[number] }>({
    defaultValues: { name: "", life: "90" },
  });
  // The key is forgotten with the dialog.
  const show = (next: boolean) => {
    setOpen(next);
    setMade(null);
    setFault(null);
    reset();
  };
  return (
    <Dialog
      open={open}
      onOpenChange={show}
      trigger={<Button>{t("trigger")}</Button>}
      title={made === null ? t("title") : t("made")}
    >
      {made === null ? (
        <form
          noValidate
          onSubmit={handleSubmit(async ({ name, life }) => {
            setFault(null);
            try {
              const expires = life === "never" ? {} : { expiresInDays: Number(life) };
              const { key } = await client.keys.create.mutate({ name: name.trim(), ...expires });
              setMade(key);
              router.refresh();
            } catch (error) {
              setFault(faultOf(error));
            }
          })}
        >
          <Field
            label={t("name")}
            help={t("nameHelp")}
            error={formState.errors.name?.message}
            control={(ids) => (
              <Input
                {...ids}
                autoFocus
                autoComplete="off"
                maxLength={100}
                {...register("name", { validate: (value) => value.trim() !== "" || t("nameMissing") })}
              />
            )}
          />
          <Field
            label={t("life")}
            control={(ids) => (
              <select {...ids} className="field" {...register("life")}>
                {lives.map((life) => (
                  <option key={life} value={life}>
                    {t(`lives.${life}`)}
                  </option>
                ))}
              </select>
            )}
          />
          {fault === null ? null : <FaultText fault={fault} />}
          <Button type="submit" tone="primary" disabled={formState.isSubmitting}>
            {t("action")}
          </Button>
        </form>
      ) : (
        <>
          <p className="m-0 mb-3 text-sm text-muted">{t("once")}</p>
          <code className="mb-4 block rounded-sm bg-wash p-2.5 font-mono text-xs break-all select-all">{made}</code>
          <div className="flex gap-2">
            <Button
              tone="primary"
              onClick={async () => {
                await navigator.clipboard.writeText(made);
                notice(common("copied"));
              }}
            >
              {common("copy")}
            </Button>
            <Button onClick={() => show(false)}>{t("close")}</Button>
          </div>
        </>
      )}
    </Dialog>
  );
}
