//! What a person may do, in the order of the work.

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident $phrase:literal $($flag:ident)*;)+) => {
        /// Something a person does. Each stands once in the table.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Action { $($(#[$doc])* #[doc = concat!("To ", $phrase, ".")] $name),+ }

        impl Action {
            /// Every action, in the order of the work.
            pub const ALL: [Action; [$(Action::$name),+].len()] = [$(Action::$name),+];

            /// The action as a sentence says it after "may": `import a case list`.
            pub fn phrase(self) -> &'static str {
                match self { $(Action::$name => $phrase),+ }
            }

            /// Whether it only reads.
            pub fn is_reading(self) -> bool {
                match self { $(Action::$name => actions!(@has reading $($flag)*)),+ }
            }

            /// Whether it shows what is in a case's file. Such reads go into the journal.
            pub fn shows_case_material(self) -> bool {
                match self { $(Action::$name => actions!(@has material $($flag)*)),+ }
            }
        }
    };
    (@has reading reading $($rest:ident)*) => { true };
    (@has material material $($rest:ident)*) => { true };
    (@has $flag:ident $other:ident $($rest:ident)*) => { actions!(@has $flag $($rest)*) };
    (@has $flag:ident) => { false };
}

actions! {
    SignIn "sign in";
    UseOwnAccount "use one's own account" reading;
    ManageAccounts "manage accounts";
    ManageForces "add or change a force";
    ReadJournal "read who did what in the journal" reading;
    PublishCheckpoint "make a checkpoint of the journal public";
    CopyDatabase "back up, restore or export the whole database" material;

    ReadWork "see one's own work" reading;
    OpenInspection "open an inspection";
    ReadInspection "see an inspection" reading;
    AnnounceInspection "tell a force that it is inspected";
    ManageTeam "change an inspection's team";

    ImportCaseList "import a case list" material;
    ReadCaseList "read a case list" reading material;
    ImportTimelines "import timelines" material;
    WriteStandards "write an inspection's own standards";
    RunScreening "check every case against the standards" material;
    ShowScreening "show the force what the check of every case found" material;
    ReadScreening "read what the check of every case found" reading material;
    DrawSample "draw a sample" material;
    ContributeToDraw "contribute to the seed of a draw";
    ReadSample "read a sample" reading material;
    ReplaceCase "replace a sampled case" material;
    PickCase "pick a case to be read beside the sample" material;

    AssignAudit "assign an audit";
    WriteAudit "write an audit" material;
    ReadAudit "read an audit" reading material;
    ModerateAudit "settle differing audits" material;

    RaiseReferral "send a case straight back" material;
    ReadReferral "read a referral" reading material;
    AcknowledgeReferral "acknowledge a referral" material;
    AnswerReferral "answer a referral" material;
    DecideReferral "accept or refuse an answer" material;
    EscalateReferral "escalate a referral" material;

    ReadFinding "read a finding" reading material;
    WriteFinding "write a finding" material;
    ReadRecommendation "read a recommendation" reading;
    WriteRecommendation "write a recommendation";
    RecordRecommendationStatus "record where a recommendation stands";
    CommentOnRecommendation "comment on a recommendation";

    ReadPlan "read the force's plan" reading;
    WritePlan "write the force's plan";
    AddEvidence "add evidence to the plan";
    ReadEvidence "open evidence" reading;

    OpenRound "open a follow-up round";
    JudgeProgress "judge progress on a recommendation";
    ReadRound "read a follow-up round" reading;

    ReadDraft "read a draft report" reading;
    WriteReport "write a report";
    SendForAccuracyCheck "send a draft for its accuracy check";
    CommentOnDraft "comment on a draft's accuracy";
    DecideComment "decide an accuracy comment";
    ApproveReport "approve a report that somebody else wrote";
    BriefReader "brief a reader under embargo";
    PublishReport "publish a report";
    CorrectReport "correct a published report";

    ReadPublished "read what is published" reading;
    ImportPublishedRecord "import the published record";
    ReadHandover "read the handover of a force" reading;
}
