/** The present address with a parameter set, or without it. */
export const addressWith = (name: string, value: string | null): string => {
  const parameters = new URLSearchParams(location.search);
  if (value === null) parameters.delete(name);
  else parameters.set(name, value);
  const query = parameters.toString();
  return query === "" ? location.pathname : `${location.pathname}?${query}`;
};
