import { Slider } from "@base-ui/react/slider";
import { ChevronLeft, ChevronRight, Undo2 } from "lucide-react";
import { useMemo, useState, type ReactElement } from "react";
import { useClock } from "../../time/clock.ts";
import { civilTimeAt, instantOf } from "../../time/due-date.ts";
import { formatInstant } from "../../time/due-words.ts";
import { Button, IconButton } from "../../ui/Button.tsx";
import { locale } from "../../ui/messages.ts";
import { text } from "../messages.ts";
import styles from "./Past.module.css";
import { trackThrough, type Known } from "./track.ts";

interface PastControlsProps {
  readonly known: Known;
  readonly moment: string;
  readonly onTravel: (moment: string) => void;
  readonly onBack: () => void;
}

/** Where in the past one is: a field for the exact moment, and a slider from the beginning of the account to now. */
export const PastControls = ({ known, moment, onTravel, onBack }: PastControlsProps): ReactElement => {
  const { zone } = useClock();
  const track = useMemo(() => trackThrough(known, moment, zone), [known, moment, zone]);
  const at = track.stepOf(moment);
  const go = (step: number): void => onTravel(track.momentAt(Math.max(0, Math.min(track.steps, step))));
  const words = (instant: string): string => formatInstant(instant, zone, locale);
  return (
    <div className={styles.controls} role="group" aria-label={text.moment}>
      <div className={styles.line}>
        <MomentField known={known} moment={moment} zone={zone} onTravel={onTravel} />
        <Button look="primary" onClick={onBack}>
          <Undo2 size={15} aria-hidden />
          {text.backToNow}
        </Button>
      </div>
      <div className={styles.line}>
        <IconButton
          label={track.isDaily ? text.earlierDay : text.earlierQuarter}
          disabled={at <= 0}
          onClick={() => go(at - 1)}
        >
          <ChevronLeft size={18} aria-hidden />
        </IconButton>
        <StepSlider
          at={at}
          steps={track.steps}
          isDaily={track.isDaily}
          wordsOf={(step) => words(step === at ? moment : track.momentAt(step))}
          onChoose={go}
        />
        <IconButton
          label={track.isDaily ? text.laterDay : text.laterQuarter}
          disabled={at >= track.steps}
          onClick={() => go(at + 1)}
        >
          <ChevronRight size={18} aria-hidden />
        </IconButton>
      </div>
      <p className={styles.ends}>
        <span>{words(known.since)}</span>
        <span>{text.now}</span>
      </p>
    </div>
  );
};

interface StepSliderProps {
  readonly at: number;
  readonly steps: number;
  readonly isDaily: boolean;
  readonly wordsOf: (step: number) => string;
  readonly onChoose: (step: number) => void;
}

/** While it is dragged it says where it is; the list follows when it is let go, or by each key. */
const StepSlider = ({ at, steps, isDaily, wordsOf, onChoose }: StepSliderProps): ReactElement => {
  const [dragged, setDragged] = useState<number | null>(null);
  const choose = (step: number): void => {
    setDragged(null);
    onChoose(step);
  };
  return (
    <Slider.Root
      className={styles.slider}
      value={dragged ?? at}
      min={0}
      max={steps}
      largeStep={isDaily ? 7 : 4}
      onValueChange={setDragged}
      onValueCommitted={choose}
    >
      <Slider.Control className={styles.control}>
        <Slider.Track className={styles.track}>
          <Slider.Indicator className={styles.indicator} />
          <Slider.Thumb
            className={styles.thumb}
            aria-label={text.moment}
            getAriaValueText={(_formatted, value) => wordsOf(value)}
          >
            {dragged !== null && <span className={styles.bubble}>{wordsOf(dragged)}</span>}
          </Slider.Thumb>
        </Slider.Track>
      </Slider.Control>
    </Slider.Root>
  );
};

interface MomentFieldProps {
  readonly known: Known;
  readonly moment: string;
  readonly zone: string;
  readonly onTravel: (moment: string) => void;
}

/**
 * The platform's own field for a date and a time. What is typed counts when it is complete and the field is left, or on
 * Enter.
 */
const MomentField = ({ known, moment, zone, onTravel }: MomentFieldProps): ReactElement => {
  const shown = civilTimeAt(new Date(moment), zone);
  const [typed, setTyped] = useState<string | null>(null);
  const take = (): void => {
    if (typed !== null && typed !== "" && typed !== shown) onTravel(instantOf(typed, zone));
    setTyped(null);
  };
  return (
    <label className={styles.moment}>
      <span>{text.asOf}</span>
      <input
        type="datetime-local"
        value={typed ?? shown}
        min={civilTimeAt(new Date(known.since), zone)}
        max={civilTimeAt(new Date(known.until), zone)}
        onChange={(event) => setTyped(event.currentTarget.value)}
        onBlur={take}
        onKeyDown={(event) => event.key === "Enter" && take()}
      />
    </label>
  );
};
