//! The small closed lists an audit is made of.

use crate::code::coded;

coded! {
    /// Which reading of a case an audit is.
    Reading "reading" {
        /// The reading that every drawn case gets.
        First "first" "First reading",
        /// A blind reading by somebody else, of a share of the cases.
        Second "second" "Second reading",
    }
}

coded! {
    /// How far an audit has come.
    State "state of an audit" {
        /// A reader has it and has saved nothing yet.
        Assigned "assigned" "Not started",
        /// Something is saved.
        Draft "draft" "Draft",
        /// Its reader has finished.
        Submitted "submitted" "Submitted",
    }
}

coded! {
    /// What a reader answers to a criterion.
    Answer "answer" {
        /// The record shows that it was done.
        Met "met" "Met",
        /// The record shows that it was not.
        NotMet "not-met" "Not met",
        /// It could not arise in this case.
        NotApplicable "not-applicable" "Not applicable",
        /// The record does not say.
        CannotTell "cannot-tell" "Cannot tell",
    }
}

coded! {
    /// How a case came by its final grade.
    Settled "way to settle a grade" {
        /// It was read once.
        Single "single" "Read once",
        /// Both readings came to the same grade.
        Agreed "agreed" "Both readings agree",
        /// A lead settled two readings that differed.
        Moderated "moderated" "Settled by moderation",
    }
}
