/** The texts of one feature: plain strings, and functions where something is named or counted. */
export type Texts = Readonly<Record<string, string | ((...args: never[]) => string)>>;

/** A language: what it says differently from English, by feature. */
export interface Translation {
  /** BCP 47; also formats dates and numbers. */
  readonly locale: string;
  readonly features: Readonly<Record<string, Texts>>;
}

/** Languages beside English. To add one, list it here; a text it lacks stays English. */
const translations: readonly Translation[] = [];

const chosen = translations.find(({ locale }) => navigator.languages.some((language) => language.startsWith(locale)));

/** English as it is written with the day before the month and a clock of 24 hours, as the contract's examples are. */
export const locale = chosen?.locale ?? "en-GB";

/** The catalogue of a feature, in the user's language. Typed by its English texts. */
export const messages = <T extends Texts>(feature: string, english: T): T => ({
  ...english,
  ...chosen?.features[feature],
});

const numbers = new Intl.NumberFormat(locale);

/** "1 task", "3 tasks" */
export const counted = (count: number, one: string, many: string): string =>
  `${numbers.format(count)} ${count === 1 ? one : many}`;
