import type { Database } from "../../../adapters/db/database.ts";
import type { HeadSigner } from "../chain.ts";

const HEADS_LOOKED_AT = 100;

/** Whether there are signed heads and none of them is of this key: then it is the key that is another one. */
export const isWrongKey = async (database: Database, signer: HeadSigner): Promise<boolean> => {
  const heads = await database.kysely.selectFrom("audit_heads").selectAll().limit(HEADS_LOOKED_AT).execute();
  return (
    heads.length > 0 &&
    heads.every(({ user_id, sequence, hash, signature }) => !signer.verify(user_id, { sequence, hash }, signature))
  );
};
