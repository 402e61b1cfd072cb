//! What is said in the demonstration: administrative words only, nothing of what befell anyone.

use super::dice::Dice;

/// Why a criterion is not met, and what was not done.
pub fn failing(criterion: &str) -> (&'static str, &'static str) {
    match criterion {
        "initial-contact.risk-spotted" => (
            "The systems were searched only after the call was graded.",
            "A warning marker was not read before the grade was set.",
        ),
        "initial-contact.timely-attendance" => (
            "The first attendance was later than the grade of the call allows.",
            "The call waited for an appointment.",
        ),
        "initial-contact.child-seen-and-heard" => (
            "The record does not show that the child was seen alone.",
            "Nothing of the child’s own account is recorded.",
        ),
        "initial-contact.other-children" => (
            "Other children at the address are not named.",
            "No check of other children was recorded.",
        ),
        "initial-contact.missing-at-risk" => (
            "The grade of risk has no reasons and was not reviewed.",
            "No prevention interview is on record after the return.",
        ),
        "assessment.referral-made" => (
            "The referral to the council left later than the force’s own standard.",
            "The referral gave too little for a decision.",
        ),
        "assessment.strategy-discussion" => (
            "No record of a strategy discussion is on the file.",
            "Health services took no part in the discussion.",
        ),
        "assessment.longer-plan" => (
            "There is no plan beyond the first days.",
            "The trigger plan was opened and left empty.",
        ),
        "assessment.feedback" => (
            "The officer was not told what came of the referral.",
            "No outcome is entered.",
        ),
        "investigation.right-team" => (
            "The case was held by a team without the training it needed.",
            "It took eleven days to allocate the case.",
        ),
        "investigation.lines-of-enquiry" => (
            "Lines of enquiry stood still for weeks without a reason.",
            "A named line of enquiry was not followed.",
        ),
        "investigation.supervision" => (
            "Supervisors signed the record and gave no direction.",
            "No entry of a supervisor for five weeks.",
        ),
        "investigation.joint-work" => (
            "Enquiries were made by the police alone.",
            "Social care was told afterwards.",
        ),
        "investigation.crime-recorded" => (
            "The crime was recorded late.",
            "The crime stands under another class.",
        ),
        "decision-making.reasons-recorded" => (
            "The decision to close has no reasons.",
            "The decision was taken below the level it needs.",
        ),
        "decision-making.power-to-protect" => (
            "The grounds are recorded without the second officer’s review.",
            "The time at which the power ended is missing.",
        ),
        "trusted-adult.one-person" => (
            "Several officers spoke for the force and none was named.",
            "No named contact is on record.",
        ),
        "managing-risk.visits-up-to-date" => (
            "A visit was overdue when the file was read.",
            "Two visits in the plan were not made.",
        ),
        "managing-risk.information-shared" => (
            "Local officers were not briefed.",
            "Social care was not told of a change of address.",
        ),
        "managing-risk.breaches-acted-on" => (
            "A breach was noted and not recorded as a crime.",
            "No action followed the breach.",
        ),
        "detention.needed-and-short" => (
            "Other options are not recorded as tried.",
            "A review of detention was late.",
        ),
        "detention.appropriate-adult" => (
            "An appropriate adult was asked for late.",
            "The appropriate adult arrived after the first interview was planned.",
        ),
        "detention.post-charge-move" => (
            "No accommodation was asked for after charge.",
            "The certificate is missing.",
        ),
        "detention.vulnerability-seen" => (
            "The assessment on arrival is incomplete.",
            "No referral followed the health check.",
        ),
        _ => (
            "The record does not show that this was done.",
            "No entry shows it.",
        ),
    }
}

/// Why a case has its grade.
pub fn grade_reason(grade: &str, dice: &mut Dice) -> &'static str {
    match grade {
        "good" => dice.pick(&[
            "Prompt, recorded and followed through; small gaps made no difference.",
            "The child was seen, the agencies met, and the plan was carried out.",
            "The response fitted the risk and its reasons can be found.",
        ]),
        "requires-improvement" => dice.pick(&[
            "Parts of the work were sound; delay weakened the rest.",
            "The first steps were right and were not followed through.",
            "The record leaves gaps that a supervisor should have closed.",
        ]),
        _ => dice.pick(&[
            "Several steps that protect a child were left out.",
            "The risk was on the system and was not acted on.",
            "Weeks passed without direction or review.",
        ]),
    }
}

/// Something done well.
pub fn strength(dice: &mut Dice) -> &'static str {
    dice.pick(&[
        "The first officer checked other children at the address before leaving.",
        "The plan names who does what by when, and it was done.",
        "The child’s wishes are written down in the child’s words.",
        "The supervisor’s entries give direction, each with a day.",
    ])
}

/// What the risk is, in a referral.
pub fn risk(dice: &mut Dice) -> &'static str {
    dice.pick(&[
        "No visit is on record since the last report. Whether the child was seen cannot be told.",
        "The plan ended without a review, and the address is unchanged.",
        "A warning marker was added after the case was closed. Nothing shows that anybody acted on it.",
        "The named person has not been traced, and contact with the household is possible.",
        "The strategy discussion asked for steps of which none is on record.",
    ])
}

/// Reasons of a referral: codes of the framework.
pub const REFERRAL_REASONS: [&str; 4] = [
    "child-at-present-risk",
    "child-at-present-risk",
    "procedure-not-followed",
    "suspect-not-pursued",
];

/// What was done to protect.
pub fn protection(dice: &mut Dice) -> &'static str {
    dice.pick(&[
        "An officer visited together with a social worker and saw the child alone.",
        "A strategy discussion was held with the council and health services.",
        "The case was moved to the child protection team, with a named officer.",
        "The duty inspector reviewed the file and set a visit for the same day.",
    ])
}

/// What the force found.
pub fn found(dice: &mut Dice) -> &'static str {
    dice.pick(&[
        "The file had been closed without the review that was due.",
        "The action was on the list of an officer who had changed teams.",
        "The marker was entered, and no task was made from it.",
        "The discussion was held, and its record was not put on the file.",
    ])
}

/// What else the force does.
pub fn further_action(dice: &mut Dice) -> &'static str {
    dice.pick(&[
        "Review the open cases of the same team",
        "Weekly review by a supervisor until the plan ends",
        "Joint visit with social care",
        "Add the step to the closing checklist",
    ])
}

/// Why an answer is refused.
pub fn refusal(dice: &mut Dice) -> &'static str {
    dice.pick(&[
        "The answer does not say whether the child was seen alone. Say so, and when.",
        "A visit is announced and has no day. Give the day, or what was done instead.",
        "The answer speaks of the file and not of the risk. Say what protects the child now.",
    ])
}

/// A finding, what is asked because of it, and what the force undertakes.
#[derive(Debug)]
pub struct Concern {
    /// The criterion whose failings stand behind it.
    pub criterion: &'static str,
    /// Its kind: a code.
    pub kind: &'static str,
    /// In one line.
    pub title: &'static str,
    /// In full.
    pub detail: &'static str,
    /// What is asked.
    pub asked: &'static str,
    /// Who is to do it.
    pub owner: &'static str,
    /// The framework's code of the limit.
    pub limit: &'static str,
    /// What the force undertakes.
    pub action: &'static str,
    /// Who in the force does it.
    pub action_owner: &'static str,
}

/// The findings of the inspection, the heaviest first.
pub const CONCERNS: [Concern; 8] = [
    Concern {
        criterion: "investigation.supervision",
        kind: "cause-of-concern",
        title: "Supervision does not steer investigations",
        detail: "Supervisors sign records and give no direction. Cases stand still, and nobody is asked why.",
        asked: "See that every open child protection case has a supervisor’s entry that gives direction, and that drift is noticed within days.",
        owner: "Chief constable",
        limit: "immediate",
        action: "Weekly review of every open case by a trained supervisor",
        action_owner: "Head of protecting vulnerable people",
    },
    Concern {
        criterion: "initial-contact.risk-spotted",
        kind: "cause-of-concern",
        title: "Warning markers are not read when a call is graded",
        detail: "The systems hold what is known of a household. Call handlers grade the call before they search them.",
        asked: "See that warning markers are searched and read before a call about a child is graded.",
        owner: "Chief constable",
        limit: "immediate",
        action: "Search before grading: change of the contact procedure",
        action_owner: "Head of contact",
    },
    Concern {
        criterion: "assessment.strategy-discussion",
        kind: "cause-of-concern",
        title: "Strategy discussions are missing, late or without health services",
        detail: "Decisions that need all agencies are taken by some of them, or are taken late.",
        asked: "Agree with the council and health services how strategy discussions are called, attended and recorded, and check it every week.",
        owner: "Chief constable",
        limit: "three-months",
        action: "A joint rota for strategy discussions, with a named chair",
        action_owner: "Detective superintendent, public protection",
    },
    Concern {
        criterion: "initial-contact.child-seen-and-heard",
        kind: "area-for-improvement",
        title: "The child’s own account is not recorded",
        detail: "Officers speak with adults. What the child said, and how the child seemed, is often not written down.",
        asked: "Train first responders to see the child alone where that is right, and to record what the child says.",
        owner: "Head of learning",
        limit: "three-months",
        action: "Training for every first responder, with a check of records",
        action_owner: "Head of learning",
    },
    Concern {
        criterion: "investigation.lines-of-enquiry",
        kind: "area-for-improvement",
        title: "Lines of enquiry drift",
        detail: "Plans are made and not followed. Devices wait for examination without a reason on record.",
        asked: "Set a time for each line of enquiry and review it when the time has passed.",
        owner: "Head of crime",
        limit: "three-months",
        action: "Dates for every line of enquiry in the case system",
        action_owner: "Head of crime",
    },
    Concern {
        criterion: "decision-making.reasons-recorded",
        kind: "area-for-improvement",
        title: "Reasons for closing a case cannot be found",
        detail: "Cases are closed without reasons, or at a level below the one it needs.",
        asked: "Refuse to close a child protection case in the system until its reasons are entered at the right level.",
        owner: "Deputy chief constable",
        limit: "six-months",
        action: "A closing checklist in the case system",
        action_owner: "Head of information technology",
    },
    Concern {
        criterion: "assessment.longer-plan",
        kind: "area-for-improvement",
        title: "Plans end after the first days",
        detail: "First steps are taken. What protects the child in the months after is not planned.",
        asked: "Make a longer plan with the other agencies in every case that needs one, and review it.",
        owner: "Deputy chief constable",
        limit: "six-months",
        action: "Review of plans at thirty and ninety days",
        action_owner: "Detective superintendent, public protection",
    },
    Concern {
        criterion: "trusted-adult.one-person",
        kind: "finding",
        title: "Children deal with many officers and rely on none",
        detail: "Names change from entry to entry. Few files name one person for the child.",
        asked: "Name one officer for each child, and say so to the child.",
        owner: "Deputy chief constable",
        limit: "six-months",
        action: "A named officer in every file",
        action_owner: "Detective superintendent, public protection",
    },
];

/// What the second follow-up found besides.
pub const LATER_CONCERNS: [Concern; 1] = [Concern {
    criterion: "initial-contact.other-children",
    kind: "area-for-improvement",
    title: "Other children of the household are not looked for",
    detail: "The child named in the call is seen. Brothers, sisters and visitors are often not named in the file.",
    asked: "See that every child at an address is named and checked before officers leave it.",
    owner: "Chief constable",
    limit: "six-months",
    action: "A question on the first responder’s form that cannot be left empty",
    action_owner: "Head of response",
}];
