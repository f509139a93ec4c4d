/**
 * What leaves no ink: white space, controls, format characters, and what Unicode lets a renderer ignore (zero-width
 * joiners, Hangul fillers, variation selectors, tags); the empty Braille pattern has no property that says so.
 */
const INVISIBLE = /^[\s\p{Cc}\p{Cf}\p{Zs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]*$/u;

/** Whether nobody would see anything of a text. */
export const isBlank = (text: string): boolean => INVISIBLE.test(text);

/** A name without the white space around it; empty when nobody would see anything of it. */
export const visibleText = (text: string): string => (isBlank(text) ? "" : text.trim());
