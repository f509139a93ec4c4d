import { useState } from "react";
import { useSearchParams } from "wouter";
import { sortChoices, type SortChoice } from "./selections.ts";

const keyOf = (view: string): string => `taskflow.sort.${view}`;

const readChoice = (text: string | null): SortChoice | undefined => sortChoices.find((choice) => choice === text);

/** How a view is sorted: as its address says, else as it was sorted last on this device. */
export const useSort = (view: string): readonly [sort: SortChoice, choose: (sort: SortChoice) => void] => {
  const [parameters, setParameters] = useSearchParams();
  const [kept, setKept] = useState(() => readChoice(localStorage.getItem(keyOf(view))));
  const choose = (choice: SortChoice): void => {
    localStorage.setItem(keyOf(view), choice);
    setKept(choice);
    setParameters((now) => {
      now.set("sort", choice);
      return now;
    });
  };
  return [readChoice(parameters.get("sort")) ?? kept ?? "due", choose];
};
