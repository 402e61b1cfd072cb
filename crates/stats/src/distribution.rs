//! The few probability distributions everything else leans on, with the accuracy it needs.
//!
//! The special functions are those of `statrs`, except where they were found not to be precise
//! enough; beta quantiles are found by bisection on the distribution function itself.

use statrs::function::beta::beta_reg;
use statrs::function::erf::erfc_inv;
use statrs::function::factorial::ln_factorial;
use statrs::function::gamma::gamma_ur;

/// P(Z > x) for a standard normal Z, through the chi-squared tail: `statrs`'s own `erfc` is good to
/// only twelve digits.
pub(crate) fn normal_upper_tail(x: f64) -> f64 {
    let half = 0.5 * chi_squared_upper_tail(x * x, 1.0);
    if x >= 0.0 { half } else { 1.0 - half }
}

/// The two-sided p value of a standard normal statistic.
pub(crate) fn normal_two_sided(z: f64) -> f64 {
    (2.0 * normal_upper_tail(z.abs())).min(1.0)
}

/// The `p` quantile of the standard normal, for 0 < p < 1.
pub(crate) fn normal_quantile(p: f64) -> f64 {
    -std::f64::consts::SQRT_2 * erfc_inv(2.0 * p)
}

/// P(X > x) for a chi-squared X with `df` degrees of freedom.
pub(crate) fn chi_squared_upper_tail(x: f64, df: f64) -> f64 {
    if x <= 0.0 {
        return 1.0;
    }
    gamma_ur(df / 2.0, x / 2.0)
}

/// The `p` quantile of Beta(a, b), a and b above 0, found by bisection to the last bits.
pub(crate) fn beta_quantile(p: f64, a: f64, b: f64) -> f64 {
    let (mut low, mut high) = (0.0_f64, 1.0_f64);
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if beta_reg(a, b, middle) < p {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// The `p` quantile of a Gamma distribution with the given shape and scale 1, by bisection.
pub(crate) fn gamma_quantile(p: f64, shape: f64) -> f64 {
    let (mut low, mut high) = (0.0_f64, shape + 1.0);
    while gamma_ur(shape, high) > 1.0 - p {
        high *= 2.0;
    }
    for _ in 0..200 {
        let middle = 0.5 * (low + high);
        if middle <= low || middle >= high {
            break;
        }
        if gamma_ur(shape, middle) > 1.0 - p {
            low = middle;
        } else {
            high = middle;
        }
    }
    0.5 * (low + high)
}

/// The `p` quantile of Student's t, for 0.5 ≤ p < 1 and `df` above 0.
pub(crate) fn t_quantile(p: f64, df: f64) -> f64 {
    let x = beta_quantile(2.0 * (1.0 - p), df / 2.0, 0.5);
    (df * (1.0 - x) / x).sqrt()
}

/// The two-sided p value of a Student's t statistic.
pub(crate) fn t_two_sided(t: f64, df: f64) -> f64 {
    beta_reg(df / 2.0, 0.5, df / (df + t * t)).clamp(0.0, 1.0)
}

/// P(X > x) for X with an F distribution.
pub(crate) fn f_upper_tail(x: f64, df: f64, df_error: f64) -> f64 {
    if x <= 0.0 {
        return 1.0;
    }
    beta_reg(df_error / 2.0, df / 2.0, df_error / (df_error + df * x)).clamp(0.0, 1.0)
}

/// ln of the binomial coefficient; `k` at most `n`.
pub(crate) fn ln_choose(n: u64, k: u64) -> f64 {
    ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k)
}

/// P(X = k) for X ~ Binomial(n, p).
pub(crate) fn binomial_mass(k: u64, n: u64, p: f64) -> f64 {
    if k > n {
        return 0.0;
    }
    if p <= 0.0 {
        return f64::from(u8::from(k == 0));
    }
    if p >= 1.0 {
        return f64::from(u8::from(k == n));
    }
    (ln_choose(n, k) + k as f64 * p.ln() + (n - k) as f64 * (-p).ln_1p()).exp()
}

/// P(X ≤ k) for X ~ Binomial(n, p).
pub(crate) fn binomial_at_most(k: u64, n: u64, p: f64) -> f64 {
    if k >= n {
        return 1.0;
    }
    1.0 - binomial_at_least(k + 1, n, p)
}

/// P(X ≥ k) for X ~ Binomial(n, p), added up on the side of `k` away from the mean, where terms only
/// shrink.
pub(crate) fn binomial_at_least(k: u64, n: u64, p: f64) -> f64 {
    if k == 0 {
        return 1.0;
    }
    if k > n || p <= 0.0 {
        return 0.0;
    }
    if p >= 1.0 {
        return 1.0;
    }
    let odds = p / (1.0 - p);
    if k as f64 > n as f64 * p {
        let up = (k..n).map(|x| (n - x) as f64 / (x + 1) as f64 * odds);
        return shrinking_sum(binomial_mass(k, n, p), up);
    }
    let down = (1..k).rev().map(|x| x as f64 / (n - x + 1) as f64 / odds);
    1.0 - shrinking_sum(binomial_mass(k - 1, n, p), down)
}

/// first + first·r₁ + first·r₁·r₂ + …, until a term no longer counts; at most 1.
fn shrinking_sum(first: f64, ratios: impl Iterator<Item = f64>) -> f64 {
    let (mut term, mut sum) = (first, first);
    for ratio in ratios {
        term *= ratio;
        sum += term;
        if term <= sum * 1e-18 {
            break;
        }
    }
    sum.min(1.0)
}

/// A sample of `n` from `population` cases of which `hits` have the answer; X is how many of the
/// sample have it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Hypergeometric {
    /// Cases in the list.
    pub(crate) population: u64,
    /// Cases of the list with the answer.
    pub(crate) hits: u64,
    /// Cases drawn.
    pub(crate) n: u64,
}

impl Hypergeometric {
    /// The least and greatest X that can happen.
    pub(crate) fn support(self) -> (u64, u64) {
        let misses = self.population - self.hits;
        (self.n.saturating_sub(misses), self.n.min(self.hits))
    }

    /// P(X = x).
    pub(crate) fn mass(self, x: u64) -> f64 {
        let (least, greatest) = self.support();
        if x < least || x > greatest {
            return 0.0;
        }
        (ln_choose(self.hits, x) + ln_choose(self.population - self.hits, self.n - x)
            - ln_choose(self.population, self.n))
        .exp()
    }

    /// P(X ≤ x).
    pub(crate) fn at_most(self, x: u64) -> f64 {
        1.0 - self.at_least(x + 1)
    }

    /// P(X ≥ x), added up on the side of `x` away from the mean, where terms only shrink.
    pub(crate) fn at_least(self, x: u64) -> f64 {
        let (least, greatest) = self.support();
        if x <= least {
            return 1.0;
        }
        if x > greatest {
            return 0.0;
        }
        // From x to x + 1: so many pairs to swap in, over so many to swap back.
        let gain = |x: u64| (self.hits - x) as f64 * (self.n - x) as f64;
        let loss = |x: u64| x as f64 * (self.population - self.hits + x - self.n) as f64;
        if x as f64 * self.population as f64 > self.n as f64 * self.hits as f64 {
            let up = (x..greatest).map(|x| gain(x) / loss(x + 1));
            return shrinking_sum(self.mass(x), up);
        }
        let down = (least + 1..x).rev().map(|x| loss(x) / gain(x - 1));
        1.0 - shrinking_sum(self.mass(x - 1), down)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normal_quantiles_are_those_of_the_tables() {
        assert!((normal_quantile(0.975) - 1.959_963_984_540_054).abs() < 1e-12);
        assert!((normal_quantile(0.9) - 1.281_551_565_544_600_4).abs() < 1e-12);
        assert!((normal_quantile(0.025) + 1.959_963_984_540_054).abs() < 1e-12);
    }

    #[test]
    fn beta_quantile_undoes_the_distribution() {
        for (a, b) in [
            (0.5, 20.0),
            (1.0, 65.0),
            (82.0, 182.0),
            (5000.0, 9000.0),
            (1.0, 20.0),
        ] {
            for p in [0.005, 0.025, 0.5, 0.975, 0.995] {
                assert!(
                    (beta_reg(a, b, beta_quantile(p, a, b)) - p).abs() < 1e-9,
                    "{a} {b} {p}"
                );
            }
        }
        // Beta(1, b) has a closed form.
        assert!(
            (beta_quantile(0.975, 1.0, 20.0) - (1.0 - 0.025_f64.powf(1.0 / 20.0))).abs() < 1e-12
        );
    }

    #[test]
    fn t_quantile_is_that_of_the_tables() {
        assert!((t_quantile(0.975, 99.0) - 1.984_216_951_508_6).abs() < 1e-9);
        assert!((t_quantile(0.975, 1.0) - 12.706_204_736_432_1).abs() < 1e-8);
    }

    #[test]
    fn tails_are_sums_of_masses() {
        for (population, hits, n) in [
            (60, 20, 15),
            (60, 50, 30),
            (9, 9, 4),
            (9, 0, 4),
            (1200, 300, 374),
        ] {
            let drawn = Hypergeometric {
                population,
                hits,
                n,
            };
            for x in 0..=n + 1 {
                let sum: f64 = (x..=n).map(|i| drawn.mass(i)).sum();
                assert!((drawn.at_least(x) - sum).abs() < 1e-9, "{drawn:?} {x}");
                assert!((drawn.at_most(x) + drawn.at_least(x + 1) - 1.0).abs() < 1e-12);
            }
        }
        for (n, p) in [(19, 0.5), (65, 0.923), (400, 0.01), (7, 0.0), (7, 1.0)] {
            for k in 0..=n + 1 {
                let sum: f64 = (k..=n).map(|i| binomial_mass(i, n, p)).sum();
                assert!(
                    (binomial_at_least(k, n, p) - sum).abs() < 1e-9,
                    "{n} {p} {k}"
                );
            }
        }
    }

    #[test]
    fn masses_sum_to_one() {
        let drawn = Hypergeometric {
            population: 1200,
            hits: 300,
            n: 374,
        };
        let (least, greatest) = drawn.support();
        let sum: f64 = (least..=greatest).map(|x| drawn.mass(x)).sum();
        assert!((sum - 1.0).abs() < 1e-10);
        let sum: f64 = (0..=374).map(|k| binomial_mass(k, 374, 0.74)).sum();
        assert!((sum - 1.0).abs() < 1e-10);
    }

    #[test]
    fn chi_squared_tail_is_that_of_the_tables() {
        assert!((chi_squared_upper_tail(3.841_458_820_694_124, 1.0) - 0.05).abs() < 1e-10);
        assert!((chi_squared_upper_tail(0.0, 1.0) - 1.0).abs() < 1e-15);
    }
}
