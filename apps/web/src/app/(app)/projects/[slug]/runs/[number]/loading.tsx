import { RunSkeleton } from "../../../../../../features/shell/skeletons.tsx";

export default function Loading() {
  return <RunSkeleton />;
}
