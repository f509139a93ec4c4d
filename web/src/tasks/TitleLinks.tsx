import { ExternalLink } from "lucide-react";
import { Fragment, type ReactElement } from "react";
import styles from "./DetailPanel.module.css";
import { titleParts, type TitlePart } from "./markdown/addresses.ts";

/** A part of a title as it is read in a line. */
export const TitleWords = ({ parts }: { readonly parts: readonly TitlePart[] }): ReactElement => (
  <>
    {parts.map(({ text, href }, index) => (
      // oxlint-disable-next-line react/no-array-index-key -- a part is where it is in the title
      <Fragment key={index}>
        {href === null ? (
          <span aria-hidden>{text}</span>
        ) : (
          <a href={href} target="_blank" rel="noopener noreferrer" draggable={false}>
            {text}
          </a>
        )}
      </Fragment>
    ))}
  </>
);

/** The links of a title below the field that it is edited in. */
export const TitleLinks = ({ title }: { readonly title: string }): ReactElement | null => {
  const links = titleParts(title).filter(({ href }) => href !== null);
  if (links.length === 0) return null;
  return (
    <p className={styles.titleLinks}>
      {links.map(({ text, href }, index) => (
        // oxlint-disable-next-line react/no-array-index-key -- a link is where it is in the title
        <a key={index} href={href ?? ""} target="_blank" rel="noopener noreferrer">
          <ExternalLink size={13} aria-hidden />
          {text}
        </a>
      ))}
    </p>
  );
};
