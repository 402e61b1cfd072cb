//! Areas first, then cases within them, as the parent module specifies it.

use super::by_size::Elimination;
use super::certificate::{Group, Probability, groups, simple};
use super::shuffle::{AREAS, Shuffle};
use super::{DrawError, Frame, Listed, Plan, Seed};

pub(super) fn draw<'a>(
    frame: &'a Frame,
    plan: &Plan,
    seed: Seed,
    areas: u64,
    by_size: bool,
) -> Result<Vec<Group<'a>>, DrawError> {
    let listed: Vec<(&str, Vec<&Listed>)> = groups(frame, false).into_iter().collect();
    check(plan, areas, listed.len() as u64)?;
    let per_area = plan.size / areas;
    let stream = Shuffle::new(seed, AREAS);
    let sizes = listed.iter().map(|(_, cases)| cases.len() as u64).collect();
    let drawn = drawn_areas(sizes, areas, by_size, stream);
    let group = |(area, chance): (usize, Probability)| {
        let (name, cases) = &listed[area];
        let sampled = per_area.min(cases.len() as u64);
        let stream = Shuffle::new(seed, area as u64);
        let mut group = simple(name, cases.clone(), sampled, plan, stream);
        group.chance = Some(chance);
        for (_, within) in &mut group.order {
            *within = chance.then(*within);
        }
        group
    };
    Ok(drawn.into_iter().map(group).collect())
}

fn check(plan: &Plan, areas: u64, listed: u64) -> Result<(), DrawError> {
    let refuse = |problem: String| Err(DrawError::Areas { problem });
    if areas < 2 {
        return refuse(format!(
            "{areas} areas are too few to say how areas differ; draw at least 2"
        ));
    }
    if areas > listed {
        return refuse(format!("{areas} are wanted but the list has only {listed}"));
    }
    if !plan.size.is_multiple_of(areas) {
        let size = plan.size;
        return refuse(format!(
            "{size} cases cannot be shared out evenly among {areas} areas; make the size a multiple of {areas}"
        ));
    }
    Ok(())
}

fn drawn_areas(
    sizes: Vec<u64>,
    areas: u64,
    by_size: bool,
    stream: Shuffle,
) -> Vec<(usize, Probability)> {
    if by_size {
        let elimination = Elimination::of(sizes);
        let mut order = elimination.order(stream);
        order.truncate(areas as usize);
        return order
            .into_iter()
            .map(|area| (area, elimination.chance(area, areas)))
            .collect();
    }
    let listed = sizes.len();
    let chance = Probability::new(areas, listed as u64);
    stream
        .first((0..listed).collect(), areas as usize)
        .into_iter()
        .map(|area| (area, chance))
        .collect()
}
