import { busConformance } from "./bus.ts";
import { createDaprHarness } from "./dapr-harness.ts";

busConformance("the bus over Dapr and Kafka", createDaprHarness);
