/** The line ends of Markdown. They stay as they are. */
const lineEnd = /(\r\n?|\n)/;

/** The text with the check box of a line ticked, or unticked. The box is the first bracket of its line. */
export const toggleTaskBox = (text: string, line: number): string => {
  const pieces = text.split(lineEnd);
  const index = line * 2;
  const toggled = pieces[index]?.replace(
    /^([^[]*)\[([ xX])\]/,
    (_, before: string, mark: string) => `${before}[${mark === " " ? "x" : " "}]`,
  );
  return toggled === undefined ? text : pieces.with(index, toggled).join("");
};
