"use client";

import { useRouter } from "next/navigation";
import { Button } from "../../components/button.tsx";
import { NewModel } from "./new-model.tsx";
import type { DatasetName } from "./trained-on.tsx";

/** A button that pushes a model, and then goes to its page; of a known model it makes a version. */
export function PushButton({
  project,
  limitBytes,
  datasets,
  name,
  label,
}: {
  project: { id: string; slug: string };
  limitBytes: number;
  datasets: readonly DatasetName[];
  name?: string;
  label: string;
}) {
  const router = useRouter();
  return (
    <NewModel
      project={project}
      limitBytes={limitBytes}
      datasets={datasets}
      {...(name === undefined ? {} : { name })}
      trigger={<Button>{label}</Button>}
      onPushed={(version) => {
        router.push(`/projects/${project.slug}/models/${version.model.id}`);
        router.refresh();
      }}
    />
  );
}
