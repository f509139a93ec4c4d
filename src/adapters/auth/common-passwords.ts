/** What nobody may take as a password, because it is among the first that are tried (NIST SP 800-63B §3.1.1.2). */
export interface CommonPasswords {
  has(password: string): Promise<boolean>;
}

/** The most common passwords of breaches, some 49,000; read when one is first asked for, and kept. */
export const createCommonPasswords = (): CommonPasswords => {
  let list: Promise<ReadonlySet<string>> | undefined;
  return {
    async has(password) {
      const common = await (list ??= readList());
      const plain = password.normalize("NFKC").toLowerCase();
      return common.has(plain) || isOneCharacter(plain);
    },
  };
};

const readList = async (): Promise<ReadonlySet<string>> => {
  const { dictionary } = await import("@zxcvbn-ts/language-common");
  return new Set(dictionary["passwords-common"]);
};

const isOneCharacter = (text: string): boolean => new Set(text).size === 1;
