/** What is shown of one service. */
export interface ServiceStatus {
  readonly name: string;
  readonly url: string;
  /** As its readiness says it; undefined while it does not answer. */
  readonly missing: readonly string[] | undefined;
  /** Of the service and of its sidecar. */
  readonly restarts: number;
}

/** A service's state in words. */
export function inWords({ missing, restarts }: Pick<ServiceStatus, "missing" | "restarts">): string {
  const state =
    missing === undefined ? "does not answer" : missing.length === 0 ? "ready" : `not ready: ${missing.join("; ")}`;
  return restarts === 0 ? state : `${state} (started again ${restarts} ${restarts === 1 ? "time" : "times"})`;
}

/** The page for a terminal: a line a service, then what is said of the whole. */
export function statusPage(services: readonly ServiceStatus[], notes: readonly string[]): string {
  const nameWidth = Math.max(...services.map(({ name }) => name.length));
  const urlWidth = Math.max(...services.map(({ url }) => url.length));
  const lines = services.map(
    (service) => `  ${service.name.padEnd(nameWidth)}  ${service.url.padEnd(urlWidth)}  ${inWords(service)}`,
  );
  return ["", "  TaskFlow as five services", "", ...lines, "", ...notes.map((note) => `  ${note}`), ""].join("\n");
}

/** A line for each service that is not as it was, for where there is no terminal. */
export function changes(before: readonly ServiceStatus[], now: readonly ServiceStatus[]): string[] {
  const known = new Map(before.map((service) => [service.name, inWords(service)]));
  return now
    .filter((service) => known.get(service.name) !== inWords(service))
    .map((service) => `${service.name} at ${service.url}: ${inWords(service)}`);
}
