//! Small closed lists whose every value has one code, written the same wherever it is kept.

/// A code that stands for nothing known.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no {kind} is called {code:?}")]
pub struct NotACode {
    pub(crate) kind: &'static str,
    pub(crate) code: String,
}

/// Declares an enum by what one value is called, and by each value with its code and title.
macro_rules! coded {
    ($(#[$doc:meta])* $name:ident $kind:literal { $($(#[$each:meta])* $item:ident $code:literal $title:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name { $($(#[$each])* #[serde(rename = $code)] $item),+ }

        impl $name {
            /// Every one, in the order they are offered.
            pub const ALL: [$name; [$($name::$item),+].len()] = [$($name::$item),+];

            /// The code that is stored.
            pub fn code(self) -> &'static str {
                match self { $($name::$item => $code),+ }
            }

            /// As a page says it.
            pub fn title(self) -> &'static str {
                match self { $($name::$item => $title),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.code())
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::code::NotACode;
            fn from_str(code: &str) -> Result<Self, $crate::code::NotACode> {
                $name::ALL
                    .into_iter()
                    .find(|one| one.code() == code)
                    .ok_or_else(|| $crate::code::NotACode { kind: $kind, code: code.to_owned() })
            }
        }
    };
}

pub(crate) use coded;

#[cfg(test)]
mod tests {
    coded! {
        /// A list of two.
        Side "side" {
            /// The one.
            NearSide "near-side" "Near side",
            /// The other.
            FarSide "far-side" "Far side",
        }
    }

    #[test]
    fn a_value_is_stored_read_and_shown_by_its_code() {
        for side in Side::ALL {
            assert_eq!(side.code().parse(), Ok(side));
            assert_eq!(side.to_string(), side.code());
            let stored = serde_json::to_value(side).expect("a value");
            assert_eq!(stored, side.code());
            assert_eq!(
                serde_json::from_value::<Side>(stored).expect("a side"),
                side
            );
        }
        assert_eq!(Side::FarSide.title(), "Far side");
    }

    #[test]
    fn a_code_of_nothing_says_what_was_looked_for() {
        let error = "left".parse::<Side>().expect_err("no such side");
        assert_eq!(error.to_string(), r#"no side is called "left""#);
    }
}
