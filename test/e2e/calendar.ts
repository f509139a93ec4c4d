const dayMs = 24 * 3600 * 1000;
const longestGap = 12;

/**
 * The first year whose 10 March is a Wednesday and at least a day ahead: 2027, 2032, 2038, … What is to come there is
 * to come for the database as well, whose clock no test turns.
 */
export const fittingYear = (): number => {
  const present = new Date().getUTCFullYear();
  const fitting = Array.from({ length: longestGap }, (_, index) => present + index).find((each) => {
    const day = new Date(Date.UTC(each, 2, 10));
    return day.getUTCDay() === 3 && day.getTime() - Date.now() > dayMs;
  });
  if (fitting === undefined) throw new Error(`no such year within ${longestGap}`);
  return fitting;
};
