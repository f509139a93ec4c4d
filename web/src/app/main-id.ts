/** The element that the view is in, and that scrolls. */
export const mainId = "main";
