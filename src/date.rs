//! Days and times of the calendar, in UTC and without leap seconds, as clocks count them, and lengths of time.

use alloc::format;
use alloc::string::String;
use core::fmt::{self, Display, Formatter};

/// Seconds of a day.
pub(crate) const DAY: u64 = 86_400;

/// A day of the Gregorian calendar, by the number of days since 1970-01-01: its year, month (1 to 12) and day (1 to 31).
pub(crate) const fn civil(days: u64) -> (u64, u64, u64) {
    // The year begins in March here: its leap day is then its last, and the lengths of its months follow a formula.
    const FROM_MARCH_0000: u64 = 719_468;
    const FOUR_CENTURIES: u64 = 146_097;
    let days = days + FROM_MARCH_0000;
    let (era, day) = (days / FOUR_CENTURIES, days % FOUR_CENTURIES);
    let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    (era * 400 + year + next, month, day)
}

/// A time without punctuation, as it stands in ids: `20261124T221500`.
pub(crate) fn compact(unix: u64) -> String {
    let (year, month, day) = civil(unix / DAY);
    let time = unix % DAY;
    let (hour, minute, second) = (time / 3_600, time / 60 % 60, time % 60);
    format!("{year:04}{month:02}{day:02}T{hour:02}{minute:02}{second:02}")
}

/// The last second that has a year of four digits, as RFC 3339 §5.6 wants it: 9999-12-31T23:59:59Z.
pub(crate) const LAST: u64 = 253_402_300_799;

/// A time as RFC 3339 writes it: `2026-11-24T22:15:00Z`. What is later than [`LAST`] is taken for it.
pub(crate) fn rfc3339(unix: u64) -> String {
    let mut text = compact(unix.min(LAST));
    for (at, sign) in [(4, '-'), (7, '-'), (13, ':'), (16, ':'), (19, 'Z')] {
        text.insert(at, sign);
    }
    text
}

/// A number of seconds as people say it, with the exact value: `7 days (604800 seconds)`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Lasting(pub(crate) u64);

impl Display for Lasting {
    // Number by number: a formatter within a formatter costs as much as all the rest of a finding.
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let seconds = self.0;
        let (count, unit) = match seconds {
            0..60 => (seconds, " second"),
            60..3_600 => (seconds / 60, " minute"),
            3_600..DAY => (seconds / 3_600, " hour"),
            _ => (seconds / DAY, " day"),
        };
        count.fmt(f)?;
        f.write_str(unit)?;
        f.write_str(if count == 1 { "" } else { "s" })?;
        if seconds < 60 {
            return Ok(());
        }
        f.write_str(" (")?;
        seconds.fmt(f)?;
        f.write_str(" seconds)")
    }
}

#[cfg(test)]
mod tests {
    use super::{DAY, LAST, civil, compact, rfc3339};

    #[test]
    fn days_have_their_dates() {
        for (days, date) in [
            (0, (1970, 1, 1)),
            (58, (1970, 2, 28)),
            (59, (1970, 3, 1)), // no leap year
            (789, (1972, 2, 29)),
            (11_016, (2000, 2, 29)), // every 400 years there is one
            (11_017, (2000, 3, 1)),
            (20_781, (2026, 11, 24)),
            (47_540, (2100, 2, 28)),
            (47_541, (2100, 3, 1)), // every 100 years there is none
            (157_113, (2400, 2, 29)),
            (2_932_896, (9999, 12, 31)),
        ] {
            assert_eq!(civil(days), date, "day {days}");
        }
    }

    #[test]
    fn every_day_follows_the_one_before() {
        let mut before = civil(0);
        for days in 1..300_000 {
            let (year, month, day) = civil(days);
            let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
            let length = match before.1 {
                2 => 28 + u64::from(is_leap),
                4 | 6 | 9 | 11 => 30,
                _ => 31,
            };
            let next = match before {
                (y, 12, 31) => (y + 1, 1, 1),
                (y, m, d) if d == length => (y, m + 1, 1),
                (y, m, d) => (y, m, d + 1),
            };
            assert_eq!((year, month, day), next, "day {days}");
            before = next;
        }
    }

    #[test]
    fn times_are_written_without_punctuation() {
        for (unix, text) in [
            (0, "19700101T000000"),
            (1_795_558_500, "20261124T221500"),
            (253_402_300_799, "99991231T235959"),
            (253_402_300_800, "100000101T000000"), // still letters and digits, and short enough for an id
        ] {
            assert_eq!(compact(unix), text);
        }
        assert!(compact(u64::MAX).len() <= 32);
    }

    #[test]
    fn times_are_written_as_on_the_internet() {
        for (unix, text) in [
            (0, "1970-01-01T00:00:00Z"),
            (951_782_400, "2000-02-29T00:00:00Z"),
            (1_798_761_599, "2026-12-31T23:59:59Z"), // the last second of a year
            (1_798_761_600, "2027-01-01T00:00:00Z"),
            (LAST, "9999-12-31T23:59:59Z"),
            (LAST + 1, "9999-12-31T23:59:59Z"), // no year has five digits
            (u64::MAX, "9999-12-31T23:59:59Z"),
        ] {
            assert_eq!(rfc3339(unix), text);
        }
    }

    #[test]
    fn agrees_with_another_calendar() {
        // Every day to the year 2400, at a second that moves through the day.
        for day in 0..157_114 {
            let unix = day * DAY + day * 7_919 % DAY;
            let other = jiff::Timestamp::from_second(i64::try_from(unix).unwrap()).unwrap();
            assert_eq!(rfc3339(unix), other.to_string());
        }
    }
}
