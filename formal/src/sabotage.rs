//! Bugs that can be planted in the engines, for the test that each of them is noticed.

/// A bug. Outside the tests of this crate none is ever planted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Bug {
    /// A sum loses its carries.
    CarryLost,
    /// Signed order is taken for unsigned.
    SignIgnored,
    /// A shift by the whole width shifts by nothing.
    ShiftTooFar,
    /// A sum that wraps is taken for one that does not.
    WrapForgotten,
    /// The sign of a factor counts as nothing.
    SignDropped,
    /// The carry of three counts once.
    CarryOnce,
    /// The later operand of a choice wins.
    ChoiceTurned,
    /// An exclusive or forgets an inversion.
    InversionLost,
    /// A gate and its inverse are taken for equal.
    InverseEqual,
    /// Reset leaves registers as they are.
    ResetIgnored,
    /// An asynchronous reset acts at edges alone.
    ResetLate,
    /// What is undefined at power-up is zero.
    PowerUpKnown,
    /// Covers are searched as assertions.
    CoverTurned,
    /// Assumptions do not bind BMC.
    BaseUnbound,
    /// A sample is called clear without having been searched.
    BaseSkipped,
    /// Targets that a counterexample to induction hits stay in.
    StepUnfiltered,
    /// The certificate claims less depth than the step used.
    DepthUnderstated,
    /// The certificate does not say that states are distinct.
    DistinctUnsaid,
    /// Legality is not part of what leads to a bad state.
    IllegalLifted,
    /// No bad state is found in any level.
    BadMissed,
    /// A query assumes the level below its own.
    LevelBelow,
    /// Cubes are pushed up unasked.
    PushedUnasked,
    /// Cubes may hold states after reset.
    InitialHit,
    /// Bits are dropped from a cube unasked.
    DroppedUnasked,
    /// The solver's core loses a bit.
    CoreShort,
    /// The invariant is taken from a level too high.
    InvariantShort,
    /// The root's inversion is forgotten.
    RootTurned,
    /// Two gates are called equal when one implies the other.
    OneSideCompared,
    /// An opposite gate is taken for an equal one.
    OppositeEqual,
    /// State stays together whatever it becomes.
    ClassKept,
    /// All memories hold the same.
    ContentsConfused,
    /// Memories are called equal however they are written.
    WritesUncompared,
    /// State is not compared at the beginning.
    StartUnswept,
    /// The certificate says that resets may be active, and they may not.
    ResetOversaid,
    /// The certificate gives values as equal that are opposite.
    MergeTurned,
    /// No number of rounds is too many.
    RoundsUncounted,
    /// What was met earlier in a round is forgotten.
    MetForgotten,
    /// Clock domains need not run on.
    ClocksStop,
    /// A run that goes on elsewhere is taken for one that repeats.
    LoopOpen,
    /// A loop need not be fair.
    LoopUnfair,
    /// The condition may hold in a loop.
    LoopAnswered,
    /// The certificate claims fewer rounds than were counted.
    RoundsUnderstated,
    /// A proof is given where no run is fair.
    UnfairUnseen,
    /// The first port's writes do not change a word that is followed.
    TrackedWriteForgotten,
    /// A read of any address gives the word.
    TrackedReadElsewhere,
    /// A word is there beyond the memory's end.
    TrackedBeyond,
    /// A word is the memory's first one at power-up.
    TrackedStart,
    /// Addresses lack a bit.
    TrackedNarrow,
    /// A failure needs one address to be that of two ports.
    TrackedTwice,
    /// What an edge reads and writes is known.
    TrackedCollision,
    /// The certificate does not say where failures count.
    TrackedUnsaid,
    /// State is alike whatever it is at power-up.
    AlikeAnyStart,
    /// A literal and its inverse are alike.
    AlikeInverted,
    /// Assumptions need not be alike.
    AlikeUnbound,
    /// A clause for the one is taken for the other as it is.
    ClauseUnrenamed,
    /// What placed modules assume is taken as given.
    PlacedTrusted,
}

/// Whether a bug is planted on this thread.
#[cfg(not(test))]
#[inline(always)]
pub(crate) fn planted(_bug: Bug) -> bool {
    false
}

#[cfg(test)]
pub(crate) use tests::planted;

#[cfg(test)]
mod tests;
