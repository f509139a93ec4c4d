import { hash, randomBytes } from "node:crypto";
import type { SecretSource } from "../../ports.ts";

export const secrets: SecretSource = {
  create: () => randomBytes(32).toString("base64url"),
  hashOf: (secret) => hash("sha256", secret, "buffer"),
};
