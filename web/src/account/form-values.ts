/** The text of a field; empty when it is none. */
export const textIn = (values: FormData, name: string): string => {
  const value = values.get(name);
  return typeof value === "string" ? value : "";
};
