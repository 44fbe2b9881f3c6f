"use client";

import { Dialog } from "@base-ui/react/dialog";
import dynamic from "next/dynamic";
import Link from "next/link";
import { useParams, usePathname } from "next/navigation";
import { useTranslations } from "next-intl";
import { type ReactNode, useEffect, useState } from "react";
import { classNames } from "../../components/class-names.ts";
import { backdropClass } from "../../components/dialog.tsx";
import { loadPalette } from "../palette/load-palette.ts";
import type { Theme } from "../preferences/preferences.ts";

/** Fetched when it is first asked for. */
const Palette = dynamic(loadPalette, { ssr: false });

export interface NavigationProject {
  readonly slug: string;
  readonly name: string;
  readonly runs: number;
  readonly datasets: number;
  readonly models: number;
}

/** Left of the page, or a bar over it where the page is narrow. */
export function Navigation({ projects, theme }: { projects: readonly NavigationProject[]; theme: Theme }) {
  const t = useTranslations("nav");
  const pathname = usePathname();
  const { slug } = useParams<{ slug?: string }>();
  const current = projects.find((project) => project.slug === slug);
  const [menuOpen, setMenuOpen] = useState(false);
  const [finding, setFinding] = useState(false);
  // Once asked for, it stays: closing it can then be animated.
  const [wanted, setWanted] = useState(false);

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page closes the menu
  useEffect(() => setMenuOpen(false), [pathname]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.metaKey || event.ctrlKey) && !event.shiftKey && !event.altKey && event.key.toLowerCase() === "k") {
        event.preventDefault();
        setWanted(true);
        setFinding((open) => !open);
      }
    };
    window.addEventListener("keydown", onKey);
    return () => window.removeEventListener("keydown", onKey);
  }, []);

  const find = () => {
    setMenuOpen(false);
    setWanted(true);
    setFinding(true);
  };
  const entries = <Entries projects={projects} current={current} onFind={find} />;
  return (
    <>
      <nav
        aria-label={t("label")}
        className="sticky top-0 hidden h-dvh flex-col overflow-y-auto border-r border-line bg-side px-3 py-5 text-sm md:flex"
      >
        <Mark />
        {entries}
      </nav>
      <header className="sticky top-0 z-20 flex items-center gap-4 border-b border-line bg-side px-4 py-2 md:hidden">
        <Mark />
        {current === undefined ? null : (
          <Link href={`/projects/${current.slug}`} className="plain min-w-0 truncate text-sm font-semibold">
            {current.name}
          </Link>
        )}
        <Dialog.Root open={menuOpen} onOpenChange={setMenuOpen}>
          <Dialog.Trigger className="ml-auto rounded-md px-2 py-1 text-sm hover:bg-wash">{t("menu")}</Dialog.Trigger>
          <Dialog.Portal>
            <Dialog.Backdrop className={backdropClass} />
            <Dialog.Popup className="fixed inset-y-0 right-0 z-50 flex w-[min(19rem,86vw)] flex-col overflow-y-auto border-l border-line bg-side px-3 py-4 text-sm shadow-float outline-none transition-[translate] duration-150 data-ending-style:translate-x-full data-starting-style:translate-x-full">
              <div className="flex items-center justify-between">
                <Dialog.Title className="sr-only">{t("label")}</Dialog.Title>
                <Mark />
                <Dialog.Close className="rounded-md px-2 py-1 hover:bg-wash">{t("close")}</Dialog.Close>
              </div>
              {entries}
            </Dialog.Popup>
          </Dialog.Portal>
        </Dialog.Root>
      </header>
      {wanted ? (
        <Palette open={finding} onOpenChange={setFinding} projects={projects} current={current} theme={theme} />
      ) : null}
    </>
  );
}

function Mark() {
  return (
    <Link href="/" className="plain px-2 text-md font-[650] tracking-[-0.01em] hover:no-underline">
      Assay
    </Link>
  );
}

function Entries({
  projects,
  current,
  onFind,
}: {
  projects: readonly NavigationProject[];
  current: NavigationProject | undefined;
  onFind: () => void;
}) {
  const t = useTranslations("nav");
  const pathname = usePathname();
  const base = current === undefined ? "" : `/projects/${current.slug}`;
  const [keys, setKeys] = useState("Ctrl K");
  useEffect(() => {
    if (/mac|iphone|ipad/i.test(navigator.userAgent)) setKeys("⌘K");
  }, []);
  const others = projects.filter((project) => project !== current).slice(0, 12);
  return (
    <>
      <ul className="m-0 mt-5 list-none p-0">
        <Entry href="/" current={pathname === "/"}>
          {t("overview")}
        </Entry>
      </ul>
      {current === undefined ? null : (
        <>
          <p className="mx-2 mt-5 mb-2">
            <span className="block text-xs text-muted">{t("project")}</span>
            <b className="block truncate font-semibold">{current.name}</b>
          </p>
          <ul className="m-0 list-none p-0">
            <Entry href={base} current={pathname === base || pathname.startsWith(`${base}/runs`)} count={current.runs}>
              {t("runs")}
            </Entry>
            <Entry href={`${base}/compare`} current={pathname === `${base}/compare`}>
              {t("compare")}
            </Entry>
            <Entry href={`${base}/mitigate`} current={pathname === `${base}/mitigate`}>
              {t("mitigate")}
            </Entry>
            <Entry href={`${base}/schedules`} current={pathname.startsWith(`${base}/schedules`)}>
              {t("schedules")}
            </Entry>
            <Entry href={`${base}/feedback`} current={pathname.startsWith(`${base}/feedback`)}>
              {t("feedback")}
            </Entry>
            <Entry href={`${base}#models`} current={pathname.startsWith(`${base}/models/`)} count={current.models}>
              {t("models")}
            </Entry>
            <Entry href={`${base}#data`} current={false} count={current.datasets}>
              {t("data")}
            </Entry>
            <Entry href={`${base}/new`} current={pathname === `${base}/new`}>
              {t("newAudit")}
            </Entry>
          </ul>
        </>
      )}
      {others.length === 0 ? null : (
        <>
          <p className="mx-2 mt-6 mb-2 text-xs text-muted">
            {current === undefined ? t("projects") : t("otherProjects")}
          </p>
          <ul className="m-0 list-none p-0">
            {others.map((project) => (
              <Entry key={project.slug} href={`/projects/${project.slug}`} current={false} count={project.runs}>
                {project.name}
              </Entry>
            ))}
          </ul>
        </>
      )}
      <ul className="m-0 mt-auto list-none p-0 pt-8 text-muted">
        <Entry href="/settings" current={pathname === "/settings"}>
          {t("settings")}
        </Entry>
        <li>
          <button
            type="button"
            onClick={onFind}
            aria-keyshortcuts="Meta+K Control+K"
            className="flex w-full items-baseline gap-2 rounded-[5px] px-2 py-1 text-left hover:bg-wash"
          >
            {t("find")} <kbd className="rounded-sm border border-line px-1 font-mono text-[11px]/4">{keys}</kbd>
          </button>
        </li>
      </ul>
    </>
  );
}

function Entry({
  href,
  current,
  count,
  children,
}: {
  href: string;
  current: boolean;
  count?: number;
  children: ReactNode;
}) {
  return (
    <li>
      <Link
        href={href}
        aria-current={current ? "page" : undefined}
        className={classNames(
          "plain flex justify-between gap-2 rounded-[5px] px-2 py-1 hover:bg-wash hover:no-underline",
          current && "bg-press font-[550] text-ink",
        )}
      >
        <span className="min-w-0 truncate">{children}</span>
        {count === undefined || count === 0 ? null : <span className="font-normal text-muted">{count}</span>}
      </Link>
    </li>
  );
}
