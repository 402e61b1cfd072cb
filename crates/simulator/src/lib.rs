//! A believable fictional police force: its case list, its timelines and the truth about them.
