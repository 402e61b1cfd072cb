//! A second implementation of the draw, in Python and from docs/draw.md, agrees with ours.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use throughline_stats::draw::{Allocation, Bytes32, Draw, Frame, Plan, draw};

fn python_is_here() -> bool {
    Command::new("python3")
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success())
}

fn redraw(certificate: &Draw, frame: &Frame, name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR"));
    let (json, list) = (
        folder.join(format!("{name}.json")),
        folder.join(format!("{name}.csv")),
    );
    std::fs::write(&json, serde_json::to_string(certificate).unwrap()).unwrap();
    let rows: String = frame
        .cases()
        .iter()
        .rev()
        .map(|case| {
            let (reference, stratum) = (&case.reference, &case.stratum);
            match frame.has_sizes() {
                true => format!("{reference},{stratum},{}\n", case.size),
                false => format!("{reference},{stratum}\n"),
            }
        })
        .collect();
    let header = match frame.has_sizes() {
        true => "reference,stratum,size",
        false => "reference,stratum",
    };
    std::fs::write(&list, format!("{header}\n{rows}")).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/redraw.py");
    let output = Command::new("python3")
        .arg(script)
        .args([json, list])
        .output()
        .unwrap();
    assert!(
        output.stderr.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn frame() -> Frame {
    let strata = [("areas/é", 7_u32), ("B", 41), ("C", 213), ("Z", 1)];
    Frame::new(
        strata
            .iter()
            .flat_map(|&(h, size)| (0..size).map(move |i| (format!("{h}ç{}", i * 7919 % 1000), h))),
    )
    .unwrap()
}

/// The same cases with sizes, some so large that they are certain to be drawn.
fn sized() -> Frame {
    let size = |i: usize| [1, 5, 17, 40, 3_000][i % 5] + i as u64 / 40;
    let cases = frame().cases().to_vec();
    Frame::with_sizes(
        cases
            .into_iter()
            .enumerate()
            .map(|(i, case)| (case.reference, case.stratum, size(i))),
    )
    .unwrap()
}

/// Twelve areas, some of them smaller than the part wanted of each.
fn areas() -> Frame {
    let area = |i: u32| (format!("case {i}"), format!("area {}", i * i % 97 % 12));
    Frame::new((0..180).map(area)).unwrap()
}

fn plan(size: u64, allocation: Allocation) -> Plan {
    Plan {
        size,
        allocation,
        minimum_per_stratum: 2,
        reserves_per_stratum: 4,
    }
}

#[test]
fn python_draws_the_same_cases() {
    if !python_is_here() {
        eprintln!("python3 is not here: the second implementation was not run");
        return;
    }
    let spread: BTreeMap<String, f64> = [("areas/é", 0.5), ("B", 0.31), ("C", 0.0), ("Z", 0.2)]
        .map(|(h, s)| (h.into(), s))
        .into();
    let plans = [
        plan(60, Allocation::SimpleRandom),
        plan(60, Allocation::Proportional),
        plan(61, Allocation::Equal),
        plan(57, Allocation::Neyman { spread }),
        plan(262, Allocation::Proportional),
    ];
    for (number, plan) in plans.into_iter().enumerate() {
        let certificate = draw(&frame(), &plan, Bytes32([number as u8 * 50 + 3; 32])).unwrap();
        assert_eq!(
            redraw(&certificate, &frame(), &format!("plan-{number}")),
            "the same",
            "{plan:?}"
        );
    }
}

#[test]
fn python_draws_the_same_cases_by_size_and_in_stages() {
    if !python_is_here() {
        eprintln!("python3 is not here: the second implementation was not run");
        return;
    }
    let stages = |areas, by_size| Allocation::TwoStage { areas, by_size };
    let sizes = [("areas/é", 3), ("B", 12), ("C", 14), ("Z", 1)].map(|(h, n)| (h.into(), n));
    let draws = [
        (frame(), 60, Allocation::Systematic),
        (frame(), 262, Allocation::Systematic),
        (sized(), 60, Allocation::ProportionalToSize),
        (sized(), 7, Allocation::ProportionalToSize),
        (sized(), 261, Allocation::ProportionalToSize),
        (sized(), 20, Allocation::Proportional),
        (areas(), 60, stages(5, false)),
        (areas(), 60, stages(5, true)),
        (areas(), 90, stages(10, true)),
        (
            frame(),
            30,
            Allocation::Given {
                sizes: sizes.into(),
            },
        ),
    ];
    for (number, (frame, size, allocation)) in draws.into_iter().enumerate() {
        let plan = Plan {
            minimum_per_stratum: 1,
            ..plan(size, allocation)
        };
        let certificate = draw(&frame, &plan, Bytes32([number as u8 * 20 + 5; 32])).unwrap();
        assert_eq!(
            redraw(&certificate, &frame, &format!("stage-{number}")),
            "the same",
            "{plan:?}"
        );
    }
}

#[test]
fn python_sees_a_swapped_case() {
    if !python_is_here() {
        eprintln!("python3 is not here: the second implementation was not run");
        return;
    }
    let mut certificate = draw(
        &frame(),
        &plan(60, Allocation::Proportional),
        Bytes32([9; 32]),
    )
    .unwrap();
    let last = certificate.cases.len() - 1;
    certificate.cases.swap(0, last);
    assert_eq!(redraw(&certificate, &frame(), "swapped"), "differs: cases");
}

/// The example at the end of docs/draw.md, as its text gives it.
#[test]
fn the_documented_example_is_true() {
    let page = include_str!("../../../docs/draw.md");
    let list = page
        .split("reference,stratum\n")
        .nth(1)
        .unwrap()
        .split("```")
        .next()
        .unwrap();
    let frame = Frame::new(list.lines().map(|line| line.split_once(',').unwrap())).unwrap();
    let seed: Bytes32 = page.split("With the seed `").nth(1).unwrap()[..64]
        .parse()
        .unwrap();
    let plan = Plan {
        size: 4,
        allocation: Allocation::Proportional,
        minimum_per_stratum: 1,
        reserves_per_stratum: 1,
    };
    let drawn = draw(&frame, &plan, seed).unwrap();
    assert!(
        page.contains(&format!("Its digest is `{}`.", frame.digest())),
        "{}",
        frame.digest()
    );
    let sentence = format!(
        "north gives {} cases and south {}:",
        drawn.strata[0].sampled, drawn.strata[1].sampled
    );
    assert!(page.contains(&sentence), "{sentence}");
    let line = |name: &str| {
        let cases: Vec<String> = drawn
            .cases
            .iter()
            .filter(|case| case.stratum == name)
            .map(|case| {
                format!(
                    "{}{}",
                    case.reference,
                    if case.reserve { " (reserve)" } else { "" }
                )
            })
            .collect();
        format!("- {name}: {}\n", cases.join(", "))
    };
    let lines = line("north") + &line("south");
    assert!(page.ends_with(&lines), "{lines}");
}
