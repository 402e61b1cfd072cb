//! A table that claims to add up is refused unless it does.

use super::{Additive, Cell, Column, Part, Row, Table};
use crate::figure::{Measure, count};

/// A total that is not the sum of its parts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "table '{table}', {place}: the total says {total}, but its parts ({parts}) make {sum}. {mend}"
)]
pub struct SumFault {
    /// The table.
    pub table: String,
    /// Row and column.
    pub place: String,
    /// The parts as added: `96 + 278`.
    pub parts: String,
    /// What the parts make.
    pub sum: String,
    /// What the total says.
    pub total: String,
    /// How to mend it.
    pub mend: String,
}

const MEND: &str = "Correct the total or its parts, or do not mark the table as additive.";

/// What a cell contributes to a sum.
enum Addend {
    Known(u64),
    /// Withheld or unknown: the sum can only be shown to be too large.
    Hidden,
    /// Not a count.
    Absent,
}

impl Addend {
    fn of(cell: &Cell) -> Self {
        match cell {
            Cell::Count(value) => Addend::Known(*value),
            Cell::Figure {
                measure: Measure::Count { value, .. },
                ..
            } => Addend::Known(*value),
            Cell::Figure {
                measure: Measure::Suppressed { .. } | Measure::Unknown { .. },
                ..
            } => Addend::Hidden,
            Cell::Suppressed(_) | Cell::Unknown(_) => Addend::Hidden,
            _ => Addend::Absent,
        }
    }
}

/// Parts gathered since the last total.
#[derive(Default)]
struct Parts {
    known: Vec<u64>,
    hidden: bool,
}

impl Parts {
    fn add(&mut self, cell: &Cell) {
        match Addend::of(cell) {
            Addend::Known(value) => self.known.push(value),
            Addend::Hidden => self.hidden = true,
            Addend::Absent => {}
        }
    }

    /// The sum, if the total contradicts it.
    fn contradiction(&self, total: u64) -> Option<u128> {
        let sum: u128 = self.known.iter().map(|value| u128::from(*value)).sum();
        let holds = if self.hidden {
            sum <= u128::from(total)
        } else {
            sum == u128::from(total)
        };
        (!holds).then_some(sum)
    }

    fn written_out(&self) -> String {
        let mut terms: Vec<String> = self.known.iter().map(|value| count(*value)).collect();
        if self.hidden {
            terms.push("parts not shown".into());
        }
        if terms.is_empty() {
            "none".into()
        } else {
            terms.join(" + ")
        }
    }
}

impl Table {
    /// Compares every total with its parts, in the directions in which the table says it adds up.
    /// Where a part is withheld or unknown, the parts that are shown may not exceed the total.
    ///
    /// # Errors
    /// Every total that does not equal its parts.
    pub fn check_sums(&self) -> Result<(), Vec<SumFault>> {
        let mut faults = Vec::new();
        if matches!(self.additive, Additive::Down | Additive::Both) {
            faults.extend((0..self.columns.len()).flat_map(|column| self.faults_down(column)));
        }
        if matches!(self.additive, Additive::Along | Additive::Both) {
            faults.extend(
                self.rows
                    .iter()
                    .enumerate()
                    .flat_map(|(number, row)| self.faults_along(number, row)),
            );
        }
        if faults.is_empty() {
            Ok(())
        } else {
            Err(faults)
        }
    }

    fn faults_down(&self, column: usize) -> Vec<SumFault> {
        let cells = self.rows.iter().enumerate().filter_map(|(number, row)| {
            row.cells
                .get(column)
                .map(|cell| (row.part, cell, self.place(number, &self.columns[column])))
        });
        self.faults_in(cells)
    }

    fn faults_along(&self, number: usize, row: &Row) -> Vec<SumFault> {
        let cells = row
            .cells
            .iter()
            .zip(&self.columns)
            .map(|(cell, column)| (column.part, cell, self.place(number, column)));
        self.faults_in(cells)
    }

    fn faults_in<'a>(
        &self,
        cells: impl Iterator<Item = (Part, &'a Cell, String)>,
    ) -> Vec<SumFault> {
        let mut parts = Parts::default();
        let mut faults = Vec::new();
        for (part, cell, place) in cells {
            match part {
                Part::Neither => {}
                Part::Part => parts.add(cell),
                Part::Total => {
                    faults.extend(self.fault_at(std::mem::take(&mut parts), cell, place))
                }
            }
        }
        faults
    }

    fn fault_at(&self, parts: Parts, cell: &Cell, place: String) -> Option<SumFault> {
        let Addend::Known(total) = Addend::of(cell) else {
            return None;
        };
        let sum = parts.contradiction(total)?;
        Some(SumFault {
            table: self.id.clone(),
            place,
            parts: parts.written_out(),
            sum: sum.to_string(),
            total: count(total),
            mend: MEND.into(),
        })
    }

    fn place(&self, row: usize, column: &Column) -> String {
        let name = self.rows[row]
            .cells
            .first()
            .map(|cell| cell.print().text)
            .unwrap_or_default();
        format!("row {} ('{name}'), column '{}'", row + 1, column.name)
    }
}

#[cfg(test)]
mod tests {
    use super::super::ColumnKind;
    use super::*;

    fn table(total: Cell) -> Table {
        let count = |name: &str, part| Column::new(name, ColumnKind::Count, "").being(part);
        Table {
            id: "grades".into(),
            caption: "Grades".into(),
            columns: vec![
                Column::new("Area", ColumnKind::Text, ""),
                count("Good", Part::Part),
                count("Below good", Part::Part),
                count("All", Part::Total),
            ],
            rows: vec![
                Row::part(vec![
                    Cell::text("North"),
                    Cell::Count(40),
                    Cell::Count(100),
                    Cell::Count(140),
                ]),
                Row::part(vec![
                    Cell::text("South"),
                    Cell::Count(56),
                    Cell::Count(178),
                    Cell::Count(234),
                ]),
                Row::total(vec![
                    Cell::text("Force"),
                    Cell::Count(96),
                    Cell::Count(278),
                    total,
                ]),
            ],
            additive: Additive::Both,
            notes: Vec::new(),
            source: None,
        }
    }

    #[test]
    fn totals_that_equal_their_parts_pass_in_both_directions() {
        assert_eq!(table(Cell::Count(374)).check_sums(), Ok(()));
    }

    #[test]
    fn a_wrong_total_is_named_with_its_parts_in_both_directions() {
        let faults = table(Cell::Count(375)).check_sums().unwrap_err();
        assert_eq!(faults.len(), 2);
        let words = faults[0].to_string();
        assert!(words.contains("row 3 ('Force'), column 'All': the total says 375, but its parts (140 + 234) make 374"), "{words}");
        assert!(faults[1].to_string().contains("(96 + 278)"));
    }

    #[test]
    fn a_hidden_part_may_make_up_the_rest_but_not_a_surplus() {
        let mut hidden = table(Cell::Count(374));
        hidden.rows[0].cells[1] = Cell::Suppressed("few".into());
        assert_eq!(hidden.check_sums(), Ok(()));
        hidden.rows[1].cells[1] = Cell::Count(97);
        assert!(!hidden.check_sums().unwrap_err().is_empty());
    }

    #[test]
    fn very_large_parts_do_not_overflow() {
        let mut large = table(Cell::Count(u64::MAX));
        large.rows[0].cells[3] = Cell::Count(u64::MAX);
        assert!(large.check_sums().is_err());
    }
}
