import type { Client } from "../harness/client.ts";

/** TaskFlow in one of its two shapes, as a client sees it. */
export interface Shape {
  readonly url: string;
  readonly client: Client;
}

/** What a user does, in either shape. It makes its own users, so stories may be told in any order and at once. */
export interface Story {
  readonly name: string;
  readonly tell: (shape: Shape) => Promise<void>;
}
