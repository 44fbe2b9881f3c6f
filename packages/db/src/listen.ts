import pg from "pg";

export interface Listener {
  close(): Promise<void>;
}

/**
 * Tells of every run that changed, over a connection of its own. While the connection is down nothing is told, so
 * listeners look for themselves now and then; `onChange` without an id says "look now".
 */
export function listenToRuns(url: string, onChange: (runId: string | null) => void): Listener {
  let client: pg.Client | null = null;
  let timer: NodeJS.Timeout | undefined;
  let closed = false;
  const open = async (): Promise<void> => {
    const next = new pg.Client({ connectionString: url, application_name: "assay listener", keepAlive: true });
    client = next;
    const again = () => {
      if (closed || client !== next) return;
      client = null;
      timer = setTimeout(() => void open(), 1000);
      timer.unref();
    };
    next.on("error", again);
    next.on("end", again);
    next.on("notification", ({ payload }) => onChange(payload ?? null));
    try {
      await next.connect();
      await next.query("LISTEN assay_run");
      onChange(null);
    } catch {
      await next.end().catch(() => {});
      again();
    }
  };
  void open();
  return {
    async close() {
      closed = true;
      clearTimeout(timer);
      await client?.end().catch(() => {});
    },
  };
}
