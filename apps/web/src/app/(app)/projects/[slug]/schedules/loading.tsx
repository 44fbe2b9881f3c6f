import { ListSkeleton } from "../../../../../features/shell/skeletons.tsx";

export default function Loading() {
  return <ListSkeleton rows={4} />;
}
