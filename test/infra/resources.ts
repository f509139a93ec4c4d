import { join } from "node:path";
import { renderResources, type RenderedResources } from "../../deploy/dapr/render.ts";

export { renderResources, type RenderedResources };

/** For tests that publish as whatever app they have: anything to anywhere. */
export const openScopes = { PUBLISHING_SCOPES: "", SUBSCRIPTION_SCOPES: "" };

/** The shipped Dapr resources for sidecars of one machine: this broker, names found through a file, no tracing. */
export function renderForOneMachine(options: {
  readonly folder: string;
  readonly brokers: string;
  readonly values?: Readonly<Record<string, string>>;
}): RenderedResources {
  const { folder, brokers, values } = options;
  return renderResources(folder, { KAFKA_BROKERS: brokers, NAME_RESOLUTION_FILE: join(folder, "names.db"), ...values });
}
