"use client";

import { useTranslations } from "next-intl";
import { useId, useRef, useState } from "react";
import { Button } from "../../components/button.tsx";
import { classNames } from "../../components/class-names.ts";
import { type ChosenFile, filesOfDrop, filesOfInput } from "./chosen-files.ts";

/** Takes a file, or several and whole folders where `many`: dropped on it, or chosen with mouse or keyboard. */
export function DropArea({
  title,
  formats,
  extensions,
  many = false,
  onFiles,
}: {
  title: string;
  formats: string;
  /** Of the only file; of several, others lie beside it. */
  extensions: readonly string[];
  many?: boolean;
  onFiles: (files: readonly ChosenFile[]) => void;
}) {
  const t = useTranslations("upload");
  const help = useId();
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
  const take = (chosen: readonly ChosenFile[]) => {
    if (chosen.length > 0) onFiles(many ? chosen : chosen.slice(0, 1));
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: dropping is a second way; the button is the first
    <div
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        void filesOfDrop(event.dataTransfer).then(take);
      }}
      className={classNames(
        "grid min-h-52 place-items-center rounded-md border border-dashed px-6 py-8 text-center transition-colors",
        over ? "border-accent bg-wash" : "border-edge",
      )}
    >
      <div>
        <p className="m-0 mb-4 text-md font-semibold">{title}</p>
        <div className="flex flex-wrap justify-center gap-2">
          <Button tone="primary" aria-describedby={help} onClick={() => files.current?.click()}>
            {t(many ? "chooseFiles" : "choose")}
          </Button>
          {many ? <Button onClick={() => folder.current?.click()}>{t("chooseFolder")}</Button> : null}
        </div>
        <input
          ref={files}
          type="file"
          tabIndex={-1}
          aria-hidden="true"
          multiple={many}
          accept={many ? undefined : extensions.join(",")}
          className="hidden"
          onChange={(event) => {
            const chosen = filesOfInput(event.target.files);
            event.target.value = "";
            take(chosen);
          }}
        />
        {many ? (
          <input
            ref={folder}
            type="file"
            tabIndex={-1}
            aria-hidden="true"
            // React's types do not know it.
            {...{ webkitdirectory: "" }}
            className="hidden"
            onChange={(event) => {
              const chosen = filesOfInput(event.target.files);
              event.target.value = "";
              take(chosen);
            }}
          />
        ) : null}
        <p id={help} className="m-0 mt-4 text-sm text-muted">
          {formats}
        </p>
      </div>
    </div>
  );
}
