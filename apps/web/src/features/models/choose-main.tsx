"use client";

import { mostBeside } from "@assay/schema";
import { useTranslations } from "next-intl";
import { useState } from "react";
import { Button } from "../../components/button.tsx";
import { sizeText } from "../../components/quantities.ts";
import type { ChosenFile } from "../uploads/chosen-files.ts";
import { bytesOf } from "../uploads/use-upload.ts";
import { candidatesOf, guessMain, modelSet } from "./model-set.ts";

/** Several files that were chosen: which of them is the model's own, and which go with it. */
export function ChooseMain({
  files,
  action,
  onPush,
  onBack,
}: {
  files: readonly ChosenFile[];
  /** What the button says, where nothing is sent. */
  action?: string;
  onPush: (files: readonly ChosenFile[]) => void;
  onBack: () => void;
}) {
  const t = useTranslations("models.new");
  const [main, setMain] = useState<ChosenFile | null>(() => guessMain(files));
  const candidates = new Set(candidatesOf(files));
  if (main === null) {
    return (
      <>
        <p role="alert" className="m-0 mb-4 text-sm text-fail">
          <span aria-hidden="true">▲ </span>
          {t("noMain", { count: files.length })}
        </p>
        <Button onClick={onBack}>{t("others")}</Button>
      </>
    );
  }
  const set = modelSet(files, main);
  const sorted = [...files].sort((a, b) => (a.name < b.name ? -1 : 1));
  const goes = new Set([main.file, ...set.beside.map(({ file }) => file)]);
  const tone = (one: ChosenFile) => (goes.has(one.file) ? "" : "text-muted line-through");
  const tooMany = set.beside.length > mostBeside;
  return (
    <>
      <fieldset className="m-0 mb-4 border-0 p-0">
        <legend className="mb-1 p-0 text-sm font-medium">{t("which")}</legend>
        <p className="m-0 mb-2 text-xs text-muted">{t("whichHelp")}</p>
        <ul className="m-0 max-h-[38vh] list-none overflow-y-auto border-y border-line p-0 text-sm">
          {sorted.map((one) => (
            <li key={one.name} className="border-b border-line last:border-b-0">
              {candidates.has(one) ? (
                <label className="flex items-baseline gap-2.5 py-1.5">
                  <input
                    type="radio"
                    name="main"
                    className="accent-ink"
                    checked={one === main}
                    onChange={() => setMain(one)}
                  />
                  <FileLine file={one} tone={one === main ? "font-semibold" : tone(one)} />
                </label>
              ) : (
                <div className="flex items-baseline gap-2.5 py-1.5 pl-[calc(13px+0.625rem)]">
                  <FileLine file={one} tone={tone(one)} />
                </div>
              )}
            </li>
          ))}
        </ul>
        {set.outside === 0 ? null : (
          <p className="m-0 mt-2 text-xs text-muted">{t("outside", { count: set.outside })}</p>
        )}
      </fieldset>
      {tooMany ? (
        <p role="alert" className="m-0 mb-4 text-sm text-fail">
          <span aria-hidden="true">▲ </span>
          {t("tooMany", { count: set.beside.length, most: mostBeside })}
        </p>
      ) : null}
      <div className="flex flex-wrap items-center gap-2">
        <Button tone="primary" disabled={tooMany} onClick={() => onPush([set.main, ...set.beside])}>
          {action ?? t("push", { count: set.beside.length + 1, size: sizeText(bytesOf([set.main, ...set.beside])) })}
        </Button>
        <Button onClick={onBack}>{t("others")}</Button>
      </div>
    </>
  );
}

function FileLine({ file, tone }: { file: ChosenFile; tone: string }) {
  return (
    <>
      <span className={`min-w-0 flex-1 break-words ${tone}`}>{file.name}</span>
      <span className="whitespace-nowrap text-muted tabular-nums">{sizeText(file.file.size)}</span>
    </>
  );
}
