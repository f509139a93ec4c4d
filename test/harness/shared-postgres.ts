import { sharedServer, startTestServer, type TestServer } from "./postgres.ts";

let server: TestServer | undefined;

/**
 * For `node --test --test-global-setup`: one PostgreSQL for all test files of the run, unless the environment names
 * one.
 */
export const globalSetup = async (): Promise<void> => {
  if (process.env[sharedServer] !== undefined) return;
  server = await startTestServer();
  process.env[sharedServer] = server.url;
};

export const globalTeardown = async (): Promise<void> => server?.stop();
