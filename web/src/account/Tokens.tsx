import { useEffect, useState, type ReactElement } from "react";
import type { ApiToken, IssuedApiToken } from "../../../src/contract/account.ts";
import { listTokens, revokeToken } from "../api/tokens.ts";
import { Button } from "../ui/Button.tsx";
import { Dialog } from "../ui/Dialog.tsx";
import { locale } from "../ui/messages.ts";
import { SettingsSection } from "../ui/SettingsPage.tsx";
import { text } from "./messages.ts";
import { NewToken } from "./NewToken.tsx";
import { formProblem, noProblem } from "./problem-text.ts";
import styles from "./Settings.module.css";

/** The user's API tokens: made, shown once, revoked. */
export const Tokens = (): ReactElement => {
  const [tokens, setTokens] = useState<readonly ApiToken[] | null>(null);
  const [issued, setIssued] = useState<IssuedApiToken | null>(null);
  const [problem, setProblem] = useState(noProblem);

  useEffect(() => {
    listTokens()
      .then(setTokens)
      .catch((error: unknown) => setProblem(formProblem(error)));
  }, []);

  const add = (made: IssuedApiToken): void => {
    setIssued(made);
    setProblem(noProblem);
    setTokens((now) => [made, ...(now ?? [])]);
  };
  const revoke = (id: string): void => {
    revokeToken(id)
      .then(() => {
        setTokens((now) => now?.filter((token) => token.id !== id) ?? null);
        setIssued((now) => (now?.id === id ? null : now));
      })
      .catch((error: unknown) => setProblem(formProblem(error)));
  };

  return (
    <SettingsSection id="tokens" title={text.tokens} lead={text.tokensText}>
      {problem.whole !== null && (
        <p className={styles.problem} role="alert">
          {problem.whole}
        </p>
      )}
      <NewToken onMade={add} />
      {issued !== null && <Issued token={issued.token} />}
      {tokens?.length === 0 && <p className={styles.none}>{text.noTokens}</p>}
      <ul>
        {tokens?.map((token) => (
          <TokenRow key={token.id} token={token} onRevoke={() => revoke(token.id)} />
        ))}
      </ul>
    </SettingsSection>
  );
};

const Issued = ({ token }: { readonly token: string }): ReactElement => {
  const [isCopied, setCopied] = useState(false);
  const copy = (): void => {
    navigator.clipboard.writeText(token).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <div className={styles.issued} role="status">
      <p>{text.copyNow}</p>
      <div>
        <code>{token}</code>
        <Button onClick={copy}>{isCopied ? text.copied : text.copy}</Button>
      </div>
    </div>
  );
};

const day = (instant: string): string =>
  new Intl.DateTimeFormat(locale, { dateStyle: "medium" }).format(new Date(instant));

const TokenRow = ({ token, onRevoke }: { readonly token: ApiToken; readonly onRevoke: () => void }): ReactElement => {
  const [isAsking, setAsking] = useState(false);
  return (
    <li className={styles.token}>
      <div>
        <span dir="auto">{token.name}</span>
        <small>
          {[
            token.scopes.includes("write") ? text.scopeWrite : text.scopeRead,
            token.expires_at === null ? text.endsNever : text.endsOn(day(token.expires_at)),
            ...(token.independent ? [] : [text.endsWithSession]),
            token.last_used_at === null ? text.neverUsed : text.lastUsed(day(token.last_used_at)),
          ].join(" · ")}
        </small>
      </div>
      <Button look="danger" aria-label={text.revoke(token.name)} onClick={() => setAsking(true)}>
        {text.revokeShort}
      </Button>
      {isAsking && (
        <Dialog title={text.revoke(token.name)} onClose={() => setAsking(false)}>
          <div className={styles.stack}>
            <p>{text.revokeAsk}</p>
            <div className={styles.buttons}>
              <Button onClick={() => setAsking(false)}>{text.cancel}</Button>
              <Button
                look="danger"
                onClick={() => {
                  setAsking(false);
                  onRevoke();
                }}
              >
                {text.revokeShort}
              </Button>
            </div>
          </div>
        </Dialog>
      )}
    </li>
  );
};
