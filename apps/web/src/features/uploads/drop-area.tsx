"use client";

import { useTranslations } from "next-intl";
import { useId, useRef, useState } from "react";
import { Button } from "../../components/button.tsx";
import { classNames } from "../../components/class-names.ts";

/** Takes one file: dropped on it, or chosen with mouse or keyboard. */
export function DropArea({
  title,
  formats,
  extensions,
  onFile,
}: {
  title: string;
  formats: string;
  extensions: readonly string[];
  onFile: (file: File) => void;
}) {
  const t = useTranslations("upload");
  const help = useId();
  const input = useRef<HTMLInputElement>(null);
  const [over, setOver] = useState(false);
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
        const [file] = event.dataTransfer.files;
        if (file !== undefined) onFile(file);
      }}
      className={classNames(
        "grid min-h-52 place-items-center rounded-md border border-dashed px-6 py-8 text-center transition-colors",
        over ? "border-accent bg-wash" : "border-edge",
      )}
    >
      <div>
        <p className="m-0 mb-4 text-md font-semibold">{title}</p>
        <Button tone="primary" aria-describedby={help} onClick={() => input.current?.click()}>
          {t("choose")}
        </Button>
        <input
          ref={input}
          type="file"
          tabIndex={-1}
          aria-hidden="true"
          accept={extensions.join(",")}
          className="hidden"
          onChange={(event) => {
            const file = event.target.files?.[0];
            event.target.value = "";
            if (file !== undefined) onFile(file);
          }}
        />
        <p id={help} className="m-0 mt-4 text-sm text-muted">
          {formats}
        </p>
      </div>
    </div>
  );
}
