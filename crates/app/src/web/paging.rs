//! A long list in pages, so that none is cut off without saying so.

/// How many rows a page shows.
pub const ROWS: usize = 50;

/// Which page of how many.
#[derive(Debug, Clone)]
pub struct Paging {
    /// The page shown, from 1.
    pub page: usize,
    /// How many there are.
    pub pages: usize,
    /// How many rows there are on all of them.
    pub total: usize,
    query: String,
}

impl Paging {
    /// The page asked for, or the nearest there is. `query` is the rest of the address's
    /// query, which the links keep.
    pub fn new(asked: usize, total: usize, query: impl Into<String>) -> Self {
        let pages = total.div_ceil(ROWS).max(1);
        Paging {
            page: asked.clamp(1, pages),
            pages,
            total,
            query: query.into(),
        }
    }

    /// The same from the page as it was asked for and a count of the database.
    pub fn of(asked: &str, total: i64, query: impl Into<String>) -> Self {
        let total = usize::try_from(total).unwrap_or_default();
        Self::new(asked.parse().unwrap_or(1), total, query)
    }

    /// How many rows the database is to read, from which on.
    pub fn limit_and_offset(&self) -> (i64, i64) {
        let whole = |rows: usize| i64::try_from(rows).unwrap_or(i64::MAX);
        (whole(ROWS), whole((self.page - 1) * ROWS))
    }

    /// The rows of this page.
    pub fn rows<T>(&self, all: Vec<T>) -> Vec<T> {
        all.into_iter()
            .skip((self.page - 1) * ROWS)
            .take(ROWS)
            .collect()
    }

    /// The first row shown, from 1; 0 when there is none.
    pub fn first(&self) -> usize {
        if self.total == 0 {
            0
        } else {
            (self.page - 1) * ROWS + 1
        }
    }

    /// The last row shown.
    pub fn last(&self) -> usize {
        (self.page * ROWS).min(self.total)
    }

    /// The address of another page of the same list.
    pub fn path(&self, page: &usize) -> String {
        if self.query.is_empty() {
            format!("?page={page}")
        } else {
            format!("?{}&page={page}", self.query)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Paging;

    #[test]
    fn every_row_is_on_one_page() {
        let all: Vec<usize> = (0..101).collect();
        let mut seen = Vec::new();
        for page in 1..=3 {
            seen.extend(Paging::new(page, all.len(), "").rows(all.clone()));
        }
        assert_eq!(seen, all);
        assert_eq!(Paging::new(9, 101, "").page, 3);
        assert_eq!(Paging::new(0, 0, "").last(), 0);
    }
}
