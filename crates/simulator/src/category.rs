//! The kinds of case that an inspection samples.

use crate::coded::coded;

coded! {
    /// What a case is about.
    Category {
        /// An enquiry under section 47 of the Children Act 1989.
        S47Enquiry = "s47-enquiry",
        /// Domestic abuse in a household with children.
        DomesticAbuse = "domestic-abuse",
        /// Another concern reported by the public or an agency.
        OtherConcern = "other-concern",
        /// Sexual or criminal exploitation.
        Exploitation = "exploitation",
        /// Abuse carried out online.
        OnlineAbuse = "online-abuse",
        /// A child reported missing.
        Missing = "missing",
        /// The police power to protect, section 46 of the Children Act 1989.
        PoliceProtection = "police-protection",
        /// Managing a registered offender where a child may be at risk.
        OffenderManagement = "offender-management",
        /// A child held in police detention.
        Detention = "detention",
    }
}

impl Category {
    /// Share of a force's cases, in the order of [`Category::ALL`]; the shares add up to one.
    pub(crate) const SHARES: [f64; 9] = [0.14, 0.26, 0.20, 0.07, 0.07, 0.10, 0.04, 0.07, 0.05];

    /// How far the share of cases below good differs from the area's own. Weighted by
    /// [`Category::SHARES`] these add up to zero, so that they move no overall figure.
    pub(crate) const fn below_good_shift(self) -> f64 {
        match self {
            Category::S47Enquiry => -0.06,
            Category::DomesticAbuse => -0.04,
            Category::OtherConcern => -0.0065,
            Category::Exploitation => 0.10,
            Category::OnlineAbuse => 0.05,
            Category::Missing => 0.10,
            Category::PoliceProtection => -0.05,
            Category::OffenderManagement => -0.02,
            Category::Detention => 0.06,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn category_shifts_move_no_overall_figure() {
        let shares: f64 = Category::SHARES.iter().sum();
        let shift: f64 = Category::ALL
            .iter()
            .zip(Category::SHARES)
            .map(|(category, share)| category.below_good_shift() * share)
            .sum();
        assert!((shares - 1.0).abs() < 1e-12, "shares add up to {shares}");
        assert!(shift.abs() < 1e-4, "the shifts add up to {shift}");
    }
}
