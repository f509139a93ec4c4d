/** One word of the command line. */
export interface Command {
  /** One line for `--help`. */
  readonly help: string;
  /** Runs with the arguments after the word; a Refusal it throws is printed as its sentence, exit code 1. */
  run(args: readonly string[]): Promise<void>;
}
