import { ArrowDownUp } from "lucide-react";
import type { ReactElement } from "react";
import { Button } from "../ui/Button.tsx";
import { choicesPart, Menu } from "../ui/Menu.tsx";
import { text } from "./messages.ts";
import { sortChoices, type SortChoice } from "./selections.ts";

const choices = sortChoices.map((value) => ({ value, label: text[`sort_${value}`] }));

interface SortMenuProps {
  readonly sort: SortChoice;
  readonly onChoose: (sort: SortChoice) => void;
}

/** How a list is sorted, and the other ways. */
export const SortMenu = ({ sort, onChoose }: SortMenuProps): ReactElement => (
  <Menu
    label={text.sortBy}
    parts={[choicesPart(text.sortBy, sort, choices, onChoose)]}
    trigger={
      <Button look="quiet">
        <ArrowDownUp size={16} aria-hidden />
        <span className="visually-hidden">{text.sortBy} </span>
        {text[`sort_${sort}`]}
      </Button>
    }
  />
);
