/** True between registering and the first look at the tasks: in memory alone, for it is one moment. */
let isFirst = false;

export const isFirstVisit = (): boolean => isFirst;
export const setFirstVisit = (value: boolean): void => {
  isFirst = value;
};
