//! Populations like the simulated force's: unequal areas that differ in how well they handle cases, and
//! categories of which some are rare.

/// The share of all cases that each area of the simulated force has.
const AREAS: [f64; 8] = [0.15, 0.12, 0.14, 0.11, 0.13, 0.10, 0.13, 0.12];

/// How far each lies from the force, on the scale of log odds, as in the simulated force.
const AREA_SHIFTS: [f64; 8] = [-0.22, 0.20, 0.32, -0.40, -0.12, 0.59, -0.22, 0.10];

/// The share of cases in each of the nine categories of the simulated force.
pub const CATEGORIES: [f64; 9] = [0.14, 0.26, 0.20, 0.07, 0.07, 0.10, 0.04, 0.07, 0.05];

/// Cases of a stratum, and how many of them have the answer.
#[derive(Clone, Copy)]
pub struct Part {
    pub population: u64,
    pub hits: u64,
}

/// The areas of a force of about `population` cases, around a share.
pub fn areas(population: u64, share: f64) -> Vec<Part> {
    let part = |(size, shift): (&f64, &f64)| {
        let cases = (size * population as f64).round().max(4.0);
        Part {
            population: cases as u64,
            hits: (cases * shifted(share, *shift)).round() as u64,
        }
    };
    AREAS.iter().zip(&AREA_SHIFTS).map(part).collect()
}

/// `many` stations of `size` cases each that differ as areas do.
pub fn stations(many: usize, size: u64, share: f64) -> Vec<Part> {
    let spread = |station: usize| 1.6 * ((station as f64 + 0.5) / many as f64 - 0.5);
    (0..many)
        .map(|station| Part {
            population: size,
            hits: (size as f64 * shifted(share, spread(station))).round() as u64,
        })
        .collect()
}

/// The share of all cases with the answer.
pub fn share(parts: &[Part]) -> f64 {
    let sum = |part: fn(&Part) -> u64| parts.iter().map(part).sum::<u64>() as f64;
    sum(|part| part.hits) / sum(|part| part.population)
}

/// A share moved on the scale of log odds.
pub fn shifted(share: f64, shift: f64) -> f64 {
    let odds = share / (1.0 - share) * shift.exp();
    odds / (1.0 + odds)
}
