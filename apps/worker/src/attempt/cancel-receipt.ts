/** The receipt of a cancel, as lines of the log: asked for, arrived, and the container gone, each with its time. */
export interface CancelReceipt {
  /** Says when it was asked for and that it has arrived, where a cancel was asked for, and once. */
  delivered(): void;
  /** Says that the container is gone, where a cancel was asked for; also what was not said before. */
  containerGone(): void;
  /** From here on `containerGone` says no more than what is known: the engine has not told that it ended. */
  endUnseen(): void;
}

const gone = "cancel: the container is gone";
const goneUnseen =
  "cancel: the engine does not say whether the container is gone; its agent, to which nobody has spoken for too long, has ended itself";

/** `asked` gives when the cancel was asked for; undefined where none was, null where the time is not known. */
export function createCancelReceipt(
  say: (line: string) => void,
  asked: () => Date | null | undefined,
): CancelReceipt {
  let said = false;
  let seen = true;
  const delivered = (): void => {
    const at = asked();
    if (at === undefined || said) return;
    said = true;
    if (at !== null) say(`cancel: requested at ${at.toISOString()}`);
    say("cancel: delivered to the worker, which kills what runs");
  };
  return {
    delivered,
    containerGone: () => {
      delivered();
      if (said) say(seen ? gone : goneUnseen);
    },
    endUnseen: () => {
      seen = false;
    },
  };
}
