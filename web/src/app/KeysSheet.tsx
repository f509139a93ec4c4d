import type { ReactElement } from "react";
import { Dialog } from "../ui/Dialog.tsx";
import { Kbd } from "../ui/Kbd.tsx";
import { commands } from "./commands.ts";
import styles from "./KeysSheet.module.css";
import { text } from "./messages.ts";

const groups = [
  ...Map.groupBy(
    commands.filter(({ keys }) => keys.length > 0),
    ({ group }) => group,
  ),
];

/** All keys on one sheet. */
export const KeysSheet = ({ onClose }: { readonly onClose: () => void }): ReactElement => (
  <Dialog title={text.keys} onClose={onClose}>
    <div className={styles.groups}>
      {groups.map(([group, members]) => (
        <section key={group}>
          <h3>{group}</h3>
          <ul>
            {members.map(({ id, name, keys }) => (
              <li key={id} className={styles.row}>
                {name}
                <span className={styles.keys}>
                  {keys.map((key) => (
                    <Kbd key={key} keys={key} />
                  ))}
                </span>
              </li>
            ))}
          </ul>
        </section>
      ))}
    </div>
    <p className={styles.hint}>{text.keysHint}</p>
  </Dialog>
);
