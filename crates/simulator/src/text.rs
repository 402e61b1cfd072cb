//! Digits and dates appended to bytes, without an allocation for each.

use crate::calendar::DAY;

/// Appends a number with at least this many digits.
pub(crate) fn push_number(out: &mut Vec<u8>, mut number: u64, digits: usize) {
    let mut buffer = [b'0'; 20];
    let mut place = buffer.len();
    while number > 0 {
        place -= 1;
        buffer[place] = b'0' + (number % 10) as u8;
        number /= 10;
    }
    let start = place.min(buffer.len() - digits.min(buffer.len()));
    out.extend_from_slice(&buffer[start..]);
}

/// Appends the low 48 bits of a number as twelve hexadecimal digits.
pub(crate) fn push_hex(out: &mut Vec<u8>, number: u64) {
    for shift in (0..12).rev() {
        out.push(b"0123456789abcdef"[(number >> (shift * 4) & 15) as usize]);
    }
}

/// Appends the date of a number of days since 1970, such as `2025-03-31`.
pub(crate) fn push_day(out: &mut Vec<u8>, day: i64) {
    let (year, month, day) = civil(day);
    push_number(out, year, 4);
    out.push(b'-');
    push_number(out, month, 2);
    out.push(b'-');
    push_number(out, day, 2);
}

/// Appends an instant by the clock that is `offset` seconds ahead of UTC, such as
/// `2025-03-31T09:30:00+01:00`.
pub(crate) fn push_time(out: &mut Vec<u8>, at: i64, offset: i64) {
    let local = at + offset;
    let seconds = local.rem_euclid(DAY) as u64;
    push_day(out, local.div_euclid(DAY));
    for (mark, number) in [
        (b'T', seconds / 3_600),
        (b':', seconds / 60 % 60),
        (b':', seconds % 60),
    ] {
        out.push(mark);
        push_number(out, number, 2);
    }
    out.extend_from_slice(if offset == 0 { b"+00:00" } else { b"+01:00" });
}

/// Year, month and day of a number of days since 1970, which must not be before the year 1
/// (Howard Hinnant, "chrono-compatible low-level date algorithms").
fn civil(day: i64) -> (u64, u64, u64) {
    let shifted = (day + 719_468) as u64;
    let (era, of_era) = (shifted / 146_097, shifted % 146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * shifted_month + 2) / 5 + 1;
    let month = if shifted_month < 10 {
        shifted_month + 3
    } else {
        shifted_month - 9
    };
    (year_of_era + era * 400 + u64::from(month <= 2), month, day)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::date_of;

    fn text(push: impl FnOnce(&mut Vec<u8>)) -> String {
        let mut out = Vec::new();
        push(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn every_day_of_a_century_is_written_as_the_library_writes_it() {
        for day in (10_957..47_847).step_by(7).chain([11_016, 19_782, 47_541]) {
            assert_eq!(text(|out| push_day(out, day)), date_of(day).to_string());
        }
    }

    #[test]
    fn numbers_keep_their_zeros() {
        assert_eq!(text(|out| push_number(out, 0, 1)), "0");
        assert_eq!(text(|out| push_number(out, 4_711, 7)), "0004711");
        assert_eq!(text(|out| push_number(out, 123, 2)), "123");
        assert_eq!(text(|out| push_hex(out, 0xff00_0000_0001)), "ff0000000001");
        assert_eq!(
            text(|out| push_time(out, 1_743_413_400, 3_600)),
            "2025-03-31T10:30:00+01:00"
        );
    }
}
