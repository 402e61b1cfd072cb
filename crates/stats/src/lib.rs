//! Numbers about samples: drawing, estimating, comparing, suppressing. Knows no inspections.
