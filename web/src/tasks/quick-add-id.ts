/** The field that `q` goes to. */
export const quickAddId = "quick-add";
