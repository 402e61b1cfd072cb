//! The little linear algebra that is needed.

/// Solves a·x = b for square `a` by elimination with pivoting; `None` when `a` is singular.
pub(crate) fn solve(mut a: Vec<Vec<f64>>, mut b: Vec<Vec<f64>>) -> Option<Vec<Vec<f64>>> {
    let n = a.len();
    let largest = a
        .iter()
        .flatten()
        .fold(0.0_f64, |most, x| most.max(x.abs()));
    for i in 0..n {
        let pivot = (i..n).max_by(|&p, &q| a[p][i].abs().total_cmp(&a[q][i].abs()))?;
        if a[pivot][i].abs() <= largest * 1e-13 {
            return None;
        }
        a.swap(i, pivot);
        b.swap(i, pivot);
        let (pivot, right) = (a[i].clone(), b[i].clone());
        for row in (0..n).filter(|&row| row != i) {
            let factor = a[row][i] / pivot[i];
            subtract(&mut a[row], factor, &pivot);
            subtract(&mut b[row], factor, &right);
        }
    }
    for (i, row) in b.iter_mut().enumerate() {
        row.iter_mut().for_each(|x| *x /= a[i][i]);
    }
    Some(b)
}

fn subtract(row: &mut [f64], factor: f64, other: &[f64]) {
    row.iter_mut()
        .zip(other)
        .for_each(|(x, y)| *x -= factor * y);
}

/// a·b.
pub(crate) fn product(a: &[Vec<f64>], b: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let columns = b.first().map_or(0, Vec::len);
    let cell = |row: &[f64], k: usize| row.iter().zip(b).map(|(x, other)| x * other[k]).sum();
    a.iter()
        .map(|row| (0..columns).map(|k| cell(row, k)).collect())
        .collect()
}

/// The sum of the diagonal.
pub(crate) fn trace(a: &[Vec<f64>]) -> f64 {
    a.iter().enumerate().map(|(i, row)| row[i]).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solution_times_matrix_is_the_right_side() {
        let a = vec![
            vec![0.0, 2.0, 1.0],
            vec![1.0, -2.0, -3.0],
            vec![-1.0, 1.0, 2.0],
        ];
        let b = vec![vec![-8.0], vec![0.0], vec![3.0]];
        let x = solve(a.clone(), b.clone()).unwrap();
        for (found, wanted) in product(&a, &x).iter().zip(b) {
            assert!((found[0] - wanted[0]).abs() < 1e-12);
        }
        assert_eq!(
            solve(
                vec![vec![1.0, 2.0], vec![2.0, 4.0]],
                vec![vec![1.0], vec![1.0]]
            ),
            None
        );
        assert_eq!(trace(&a), 0.0);
    }
}
