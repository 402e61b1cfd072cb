//! How many tests ran, read from what the test runner says of itself.

use std::iter::Sum;

/// Tests of one run or of several.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    pub passed: u64,
    pub failed: u64,
}

impl Count {
    pub fn run(self) -> u64 {
        self.passed + self.failed
    }

    /// Reads a closing line of nextest (`Summary [ 1.2s] 3 tests run: 2 passed, 1 failed`)
    /// or of cargo's own runner (`test result: ok. 3 passed; 0 failed; …`).
    pub fn from_line(line: &str) -> Option<Self> {
        let line = line.trim_start();
        let counts = if line.starts_with("Summary [") {
            line.split_once(" run: ")?.1
        } else {
            line.strip_prefix("test result: ")?.split_once(". ")?.1
        };
        let mut count = Self::default();
        for part in counts.split([',', ';']) {
            let mut words = part.split_whitespace();
            let Some(number) = words.next().and_then(|number| number.parse::<u64>().ok()) else {
                continue;
            };
            match words.next() {
                Some("passed") => count.passed += number,
                Some("failed" | "timed") => count.failed += number,
                _ => {}
            }
        }
        Some(count)
    }
}

impl Sum for Count {
    fn sum<I: Iterator<Item = Self>>(counts: I) -> Self {
        counts.fold(Self::default(), |total, count| Self {
            passed: total.passed + count.passed,
            failed: total.failed + count.failed,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(line: &str, passed: u64, failed: u64) {
        assert_eq!(
            Count::from_line(line),
            Some(Count { passed, failed }),
            "{line}"
        );
    }

    #[test]
    fn closing_lines_are_read() {
        check(
            "     Summary [   3.456s] 10 tests run: 10 passed, 0 skipped",
            10,
            0,
        );
        check(
            "     Summary [   3.456s] 10 tests run: 8 passed (1 slow), 2 failed, 5 skipped",
            8,
            2,
        );
        check(
            "     Summary [   3.456s] 3 tests run: 2 passed, 1 timed out, 0 skipped",
            2,
            1,
        );
        check(
            "     Summary [   3.456s] 10/12 tests run: 9 passed, 1 failed, 0 skipped",
            9,
            1,
        );
        check(
            "test result: ok. 5 passed; 0 failed; 0 ignored; 0 measured; 3 filtered out; finished in 0.01s",
            5,
            0,
        );
        check(
            "test result: FAILED. 4 passed; 1 failed; 0 ignored; 0 measured; 0 filtered out",
            4,
            1,
        );
    }

    #[test]
    fn other_lines_are_not_counts() {
        assert_eq!(Count::from_line("running 5 tests"), None);
        assert_eq!(
            Count::from_line("        PASS [   0.011s] xtask tests::a"),
            None
        );
        assert_eq!(Count::from_line("Summary"), None);
    }

    #[test]
    fn counts_add_up() {
        let total: Count = [(1, 0), (2, 3)]
            .map(|(passed, failed)| Count { passed, failed })
            .into_iter()
            .sum();
        assert_eq!(
            total,
            Count {
                passed: 3,
                failed: 3
            }
        );
        assert_eq!(total.run(), 6);
    }
}
