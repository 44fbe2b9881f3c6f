"use client";

import { useTranslations } from "next-intl";
import { Button } from "../../components/button.tsx";
import { Field, Input } from "../../components/field.tsx";

/** A question as it is edited: choices are lines of text. */
export interface QuestionDraft {
  readonly column: string;
  readonly en: string;
  readonly zh: string;
  readonly options: string;
}

/** A column of the project's data and its most frequent texts. */
export interface KnownGroups {
  readonly column: string;
  readonly values: readonly string[];
}

/** Which groups of protected columns the form asks after; known columns bring their groups along. */
export function QuestionList({
  value,
  known,
  onValue,
}: {
  value: readonly QuestionDraft[];
  known: readonly KnownGroups[];
  onValue: (next: QuestionDraft[]) => void;
}) {
  const t = useTranslations("feedback.form.questions");
  const change = (index: number, part: Partial<QuestionDraft>) =>
    onValue(value.map((one, at) => (at === index ? { ...one, ...part } : one)));
  const free = known.filter(({ column }) => !value.some((one) => one.column === column));
  const add = (column: string) => {
    const found = known.find((one) => one.column === column);
    onValue([...value, { column, en: "", zh: "", options: (found?.values ?? []).join("\n") }]);
  };
  return (
    <div>
      {value.map((question, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a question has no other name while it is written
        <fieldset key={index} className="m-0 mb-5 min-w-0 border-0 border-l-2 border-line p-0 pl-4">
          <legend className="sr-only">{t("legend", { number: index + 1 })}</legend>
          <Field
            label={t("column")}
            help={t("columnHelp")}
            control={(ids) => (
              <Input
                {...ids}
                autoComplete="off"
                value={question.column}
                onChange={(event) => change(index, { column: event.target.value })}
              />
            )}
          />
          <div className="grid gap-x-6 sm:grid-cols-2">
            <Field
              label={t("english")}
              control={(ids) => (
                <Input
                  {...ids}
                  autoComplete="off"
                  maxLength={300}
                  value={question.en}
                  onChange={(event) => change(index, { en: event.target.value })}
                />
              )}
            />
            <Field
              label={t("chinese")}
              control={(ids) => (
                <Input
                  {...ids}
                  lang="zh-CN"
                  autoComplete="off"
                  maxLength={300}
                  value={question.zh}
                  onChange={(event) => change(index, { zh: event.target.value })}
                />
              )}
            />
          </div>
          <Field
            label={t("options")}
            help={t("optionsHelp")}
            control={(ids) => (
              <textarea
                {...ids}
                rows={Math.min(12, Math.max(3, question.options.split("\n").length))}
                className="field font-mono"
                spellCheck={false}
                value={question.options}
                onChange={(event) => change(index, { options: event.target.value })}
              />
            )}
          />
          <Button onClick={() => onValue(value.filter((_, at) => at !== index))}>{t("remove")}</Button>
        </fieldset>
      ))}
      <div className="flex flex-wrap gap-2">
        {free.map(({ column }) => (
          <Button key={column} onClick={() => add(column)}>
            {t("addKnown", { column })}
          </Button>
        ))}
        <Button onClick={() => add("")}>{t("add")}</Button>
      </div>
    </div>
  );
}
