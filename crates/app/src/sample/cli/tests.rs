use super::{read_certificate, read_frame, verify_files};
use std::fs;
use throughline_stats::draw::{Allocation, Bytes32, Draw, Frame, Origin, Plan, commit, draw_from};

fn origin(contribution: &str) -> Origin {
    let secret = Bytes32([7; 32]);
    Origin::Joint {
        commitment: commit(&secret),
        secret,
        contribution: contribution.into(),
    }
}

fn drawn(list: &str) -> Draw {
    let frame = Frame::new(list.lines().skip(1).filter_map(|line| line.split_once(',')));
    let plan = Plan {
        size: 2,
        allocation: Allocation::Proportional,
        minimum_per_stratum: 1,
        reserves_per_stratum: 1,
    };
    draw_from(&frame.expect("a list"), &plan, origin("4 2 6")).expect("drawn")
}

#[test]
fn certificate_is_checked_with_the_list_alone() {
    let directory = tempfile::tempdir().expect("a directory");
    let [certificate, frame] = ["certificate.json", "list.csv"].map(|n| directory.path().join(n));
    let list = "reference,category\nC-1,missing\nC-2,missing\nC-3,other\nC-4,other\n";
    fs::write(&frame, list).expect("written");
    let write = |draw: &Draw| {
        fs::write(&certificate, serde_json::to_string(draw).expect("JSON")).expect("written");
    };
    let honest = drawn(list);
    write(&honest);
    verify_files(&certificate, &frame).expect("it holds");
    write(&Draw {
        origin: origin("4 2 5"),
        ..honest.clone()
    });
    assert!(verify_files(&certificate, &frame).is_err());
    write(&honest);
    fs::write(&frame, list.replace("C-4", "C-5")).expect("written");
    assert!(verify_files(&certificate, &frame).is_err());
    fs::write(&frame, "number,category\n1,missing\n").expect("written");
    assert!(read_frame(&frame).is_err());
    fs::write(&certificate, "{}").expect("written");
    assert!(read_certificate(&certificate).is_err());
}
