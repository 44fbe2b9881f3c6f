"use client";

import { Dialog } from "@base-ui/react/dialog";
import { useQuery } from "@tanstack/react-query";
import { Command } from "cmdk";
import { useRouter } from "next/navigation";
import { useLocale, useTranslations } from "next-intl";
import { type ReactNode, useState } from "react";
import { backdropClass } from "../../components/dialog.tsx";
import { outcomeOf, Verdict } from "../../components/verdict.tsx";
import { useTRPC } from "../../trpc/client.tsx";
import { signOut } from "../entry/session.ts";
import { leavePage } from "../leaving/held-page.ts";
import { applyTheme } from "../preferences/preference-choices.tsx";
import { type Theme, themes } from "../preferences/preferences.ts";
import { writePreference } from "../preferences/write-preference.ts";

interface PaletteProject {
  readonly slug: string;
  readonly name: string;
}

/** Finds projects, runs and actions by a few letters. */
export function Palette({
  open,
  onOpenChange,
  projects,
  current,
  theme,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  projects: readonly PaletteProject[];
  current: PaletteProject | undefined;
  theme: Theme;
}) {
  const t = useTranslations("palette");
  const preferences = useTranslations("preferences");
  const trpc = useTRPC();
  const router = useRouter();
  const locale = useLocale();
  const [search, setSearch] = useState("");
  const runs = useQuery({
    ...trpc.runs.list.queryOptions({ project: current?.slug ?? "", pageSize: 50 }),
    enabled: open && current !== undefined,
  });
  const schedules = useQuery({
    ...trpc.schedules.list.queryOptions({ project: current?.slug ?? "" }),
    enabled: open && current !== undefined,
  });

  const close = () => {
    onOpenChange(false);
    setSearch("");
  };
  const go = (href: string) => () => {
    close();
    leavePage(() => router.push(href));
  };
  return (
    <Dialog.Root
      open={open}
      onOpenChange={(next) => {
        onOpenChange(next);
        setSearch("");
      }}
    >
      <Dialog.Portal>
        <Dialog.Backdrop className={backdropClass} />
        <Dialog.Popup className="fixed top-[12vh] left-1/2 z-50 w-[min(34rem,calc(100vw-2rem))] -translate-x-1/2 overflow-hidden rounded-md border border-line bg-paper text-sm shadow-float outline-none transition-opacity duration-75 data-ending-style:opacity-0 data-starting-style:opacity-0">
          <Dialog.Title className="sr-only">{t("title")}</Dialog.Title>
          <Command loop label={t("title")}>
            <Command.Input
              autoFocus
              value={search}
              onValueChange={setSearch}
              placeholder={t("placeholder")}
              className="w-full border-b border-line bg-transparent px-4 py-3 text-base outline-none"
            />
            <Command.List className="h-[min(24rem,60vh)] overflow-y-auto p-2">
              <Command.Empty className="px-2 py-6 text-center text-muted">{t("nothing")}</Command.Empty>
              {current === undefined ? null : (
                <Group heading={current.name}>
                  <Item onSelect={go(`/projects/${current.slug}/new`)}>{t("newAudit")}</Item>
                  <Item onSelect={go(`/projects/${current.slug}/compare`)}>{t("compare")}</Item>
                  <Item onSelect={go(`/projects/${current.slug}/feedback`)}>{t("feedback")}</Item>
                  <Item onSelect={go(`/projects/${current.slug}/mitigate`)}>{t("mitigate")}</Item>
                  <Item onSelect={go(`/projects/${current.slug}/schedules`)}>{t("schedules")}</Item>
                  {(schedules.data ?? []).map(({ id, name }) => (
                    <Item
                      key={id}
                      value={`${t("schedule", { name })} ${id}`}
                      onSelect={go(`/projects/${current.slug}/schedules/${id}`)}
                    >
                      <span className="truncate">{t("schedule", { name })}</span>
                    </Item>
                  ))}
                  {(runs.data?.items ?? []).map((run) => (
                    <Item
                      key={run.id}
                      value={`${t("run", { number: run.number })} ${run.title} ${run.dataset?.name ?? ""}`}
                      onSelect={go(`/projects/${current.slug}/runs/${run.number}`)}
                    >
                      <span className="truncate">
                        {t("run", { number: run.number })}{" "}
                        <span className="text-muted">{run.dataset?.name ?? run.title}</span>
                      </span>
                      <Verdict outcome={outcomeOf(run)} />
                    </Item>
                  ))}
                </Group>
              )}
              <Group heading={t("projects")}>
                {projects.map((project) => (
                  <Item
                    key={project.slug}
                    value={`${project.name} ${project.slug}`}
                    onSelect={go(`/projects/${project.slug}`)}
                  >
                    {project.name}
                  </Item>
                ))}
              </Group>
              <Group heading={t("actions")}>
                <Item onSelect={go("/")}>{t("overview")}</Item>
                <Item onSelect={go("/settings")}>{t("settings")}</Item>
                {themes
                  .filter((one) => one !== theme)
                  .map((one) => (
                    <Item
                      key={one}
                      onSelect={() => {
                        close();
                        applyTheme(one);
                        router.refresh();
                      }}
                    >
                      {t("theme", { theme: preferences(`themes.${one}`) })}
                    </Item>
                  ))}
                <Item
                  value={locale === "en" ? "简体中文 zhongwen chinese language" : "English language"}
                  onSelect={() => {
                    close();
                    writePreference("locale", locale === "en" ? "zh-CN" : "en");
                    router.refresh();
                  }}
                >
                  <span lang={locale === "en" ? "zh-CN" : "en"}>{locale === "en" ? "简体中文" : "English"}</span>
                </Item>
                <Item onSelect={signOut}>{t("signOut")}</Item>
              </Group>
            </Command.List>
          </Command>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Group({ heading, children }: { heading: string; children: ReactNode }) {
  return (
    <Command.Group
      heading={heading}
      className="[&_[cmdk-group-heading]]:px-2 [&_[cmdk-group-heading]]:pt-2 [&_[cmdk-group-heading]]:pb-1 [&_[cmdk-group-heading]]:text-xs [&_[cmdk-group-heading]]:text-muted"
    >
      {children}
    </Command.Group>
  );
}

function Item({ value, onSelect, children }: { value?: string; onSelect: () => void; children: ReactNode }) {
  return (
    <Command.Item
      {...(value === undefined ? {} : { value })}
      onSelect={onSelect}
      className="flex cursor-default items-baseline justify-between gap-4 rounded-sm px-2 py-1.5 aria-selected:bg-press"
    >
      {children}
    </Command.Item>
  );
}
