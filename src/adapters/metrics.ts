import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
import { metricDefinitions } from "../contract/metrics.ts";
import type { Metrics } from "../ports.ts";

const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60];

export interface PrometheusMetrics extends Metrics {
  /** The text of `/metrics` and its content type. */
  render(): Promise<{ body: string; contentType: string }>;
}

/** Prometheus metrics of this process. A name that is not declared throws: a panel would be empty for ever. */
export const createMetrics = (): PrometheusMetrics => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counters = new Map<string, Counter>();
  const gauges = new Map<string, Gauge>();
  const histograms = new Map<string, Histogram>();
  for (const [name, { kind, help, labels }] of Object.entries(metricDefinitions)) {
    const options = { name, help, labelNames: [...labels], registers: [registry] };
    if (kind === "counter") counters.set(name, new Counter(options));
    else if (kind === "gauge") gauges.set(name, new Gauge(options));
    else histograms.set(name, new Histogram({ ...options, buckets: seconds }));
  }
  return {
    count: (name, labels = {}, by = 1) => declared(counters, name).inc(labels, by),
    gauge: (name, value, labels = {}) => declared(gauges, name).set(labels, value),
    observe: (name, value, labels = {}) => declared(histograms, name).observe(labels, value),
    render: async () => ({ body: await registry.metrics(), contentType: registry.contentType }),
  };
};

const declared = <T>(metrics: ReadonlyMap<string, T>, name: string): T => {
  const metric = metrics.get(name);
  if (metric === undefined) throw new Error(`the metric ${name} is not declared`);
  return metric;
};
