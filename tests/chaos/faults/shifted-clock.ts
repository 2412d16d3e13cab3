// Loaded by a worker before everything else: its wall clock is wrong by so much.
const shiftMs = Number(process.env["CHAOS_CLOCK_SHIFT_MS"] ?? "0");
const RealDate = Date;

class ShiftedDate extends RealDate {
  constructor(...given: readonly unknown[]) {
    // safety: Date takes what its caller has given it, or the shifted present.
    super(...((given.length === 0 ? [RealDate.now() + shiftMs] : given) as [number]));
  }
  static override now(): number {
    return RealDate.now() + shiftMs;
  }
}
// safety: it is a Date with another present.
globalThis.Date = ShiftedDate as DateConstructor;
