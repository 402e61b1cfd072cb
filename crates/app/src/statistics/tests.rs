//! Every example of the help, run as it stands, and what bad input is told.

use super::Statistics;
use clap::Parser;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The command as `throughline stats` takes it.
#[derive(Debug, Parser)]
#[command(name = "throughline stats")]
struct Stats {
    #[command(subcommand)]
    asked: Statistics,
}

/// Runs `throughline stats …` on a text in place of its file.
fn ask(command: &str, text: &str) -> Result<String, String> {
    let words = command.split(' ').skip(1);
    let stats = Stats::try_parse_from(words).map_err(|error| error.to_string())?;
    let (file, _, _) = stats.asked.parts();
    let name = file.map_or_else(
        || "standard input".into(),
        |file| file.display().to_string(),
    );
    stats
        .asked
        .printed(&name, text)
        .map_err(|fault| fault.to_string())
}

fn refusal(command: &str, text: &str) -> String {
    let command = format!("throughline stats {command} cases.csv");
    ask(&command, text).expect_err(&command)
}

/// The example with every output as the program gives it.
fn played(example: &str) -> String {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let blocks: Vec<&str> = example.split("\n  $ ").collect();
    let mut text = blocks[0].trim_end().to_owned();
    for block in &blocks[1..] {
        let (command, rest) = block.split_once('\n').unwrap_or((block, ""));
        let body = match command.strip_prefix("cat ") {
            Some(file) => {
                let lines: Vec<&str> = rest.trim_end().lines().map(str::trim_start).collect();
                files.insert(file.to_owned(), lines.join("\n"));
                rest.trim_end().to_owned()
            }
            None => {
                let file = command.rsplit(' ').next().unwrap_or_default();
                let input = files
                    .get(file)
                    .unwrap_or_else(|| panic!("{command}: no such file"));
                indented(&ask(command, input).unwrap_or_else(|said| panic!("{command}: {said}")))
            }
        };
        text.push_str(&format!("\n\n  $ {command}\n{body}"));
    }
    text.push('\n');
    text
}

fn indented(text: &str) -> String {
    let line = |line: &str| match line {
        "" => String::new(),
        line => format!("  {line}"),
    };
    text.lines().map(line).collect::<Vec<_>>().join("\n")
}

fn examples() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/statistics/example");
    let entries = std::fs::read_dir(folder).expect("the folder of examples");
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// With `UPDATE=1` the outputs are written anew.
#[test]
fn every_example_of_the_help_gives_what_it_says() {
    let files = examples();
    assert_eq!(files.len(), 10);
    for file in files {
        let example = std::fs::read_to_string(&file).unwrap();
        let played = played(&example);
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&file, &played).unwrap();
        } else {
            assert_eq!(example, played, "{}", file.display());
        }
        assert!(!played.contains("NaN"), "{}", file.display());
    }
}

#[test]
fn json_and_table_come_from_the_same_values() {
    let json = ask("throughline stats interval --json", "k,n\n0,20\n").unwrap();
    assert!(json.contains("\"upper\": 0.16112"), "{json}");
    let table = ask("throughline stats interval", "k,n\n0,20\n").unwrap();
    assert!(
        table.contains("wilson            0.000000  0.161125"),
        "{table}"
    );
}

#[test]
fn n_below_k_is_refused_with_its_line() {
    let said = refusal("interval", "k,n\n3,10\n21,20\n");
    assert_eq!(
        said,
        "cases.csv, line 3: share: 21 cases have the answer but only 20 were read; check which is the count and which the total"
    );
    let said = refusal("compare", "earlier_k,earlier_n,later_k,later_n\n9,8,1,2\n");
    assert!(
        said.starts_with("cases.csv, line 2: earlier round: 9"),
        "{said}"
    );
    let strata = "earlier_k,earlier_n,later_k,later_n\n1,8,1,2\n1,8,3,2\n";
    let said = refusal("compare --rows strata", strata);
    assert!(
        said.starts_with("cases.csv, line 3: later round: 3"),
        "{said}"
    );
}

#[test]
fn an_empty_stratum_is_refused_with_its_line() {
    let said = refusal("estimate", "population,n,k\n100,10,3\n50,0,0\n");
    assert!(
        said.starts_with("cases.csv, line 3, field n: no case of this stratum was read"),
        "{said}"
    );
    assert!(said.contains("join the stratum to another"), "{said}");
}

#[test]
fn a_missing_weight_is_refused_with_its_line_and_the_mend() {
    let said = refusal("estimate --rows cases", "value,weight\n1,10\n0,\n");
    assert_eq!(
        said,
        "cases.csv, line 3, field weight: is missing; give 1 divided by the chance with which the case was drawn"
    );
    let said = refusal("estimate --rows cases", "value,weight\n1,0\n0,2\n");
    assert!(said.contains("line 2, field weight: is 0"), "{said}");
    assert!(refusal("estimate --rows cases", "value,weight\n1,NaN\n").contains("not a number"));
}

#[test]
fn sizes_of_a_list_that_cannot_be_are_refused() {
    let fields = "value,weight,cluster,clusters_listed,cases_listed";
    let said = refusal(
        "estimate --rows cases",
        &format!("{fields}\n1,10,a,5,8\n0,10,a,5,9\n"),
    );
    assert_eq!(
        said,
        "cases.csv, line 3, field cases_listed: is 9 here but 8 above in cluster a; give all its rows the same"
    );
    let few = format!("{fields}\n1,10,a,5,1\n0,10,a,5,1\n");
    let said = refusal("estimate --rows cases", &few);
    assert!(said.contains("cases of cluster a: 2 were read"), "{said}");
    let alone = refusal(
        "compare --rows cases",
        "group,answer,weight,cluster,cases_listed\nx,1,2,a,9\n",
    );
    assert!(alone.contains("give both, or neither"), "{alone}");
    let nowhere = "value,weight,clusters_listed,cases_listed\n1,2,9,9\n";
    let said = refusal("estimate --rows cases", nowhere);
    assert!(said.contains("give the cluster of each case"), "{said}");
}

#[test]
fn an_unknown_grade_is_refused_with_those_known() {
    let said = refusal(
        "agree --grades poor,good",
        "case,reader,grade\n1,a,poor\n1,b,god\n",
    );
    assert_eq!(
        said,
        "cases.csv, line 3, field grade: \"god\" is not known; there are poor, good"
    );
    let twice = "case,reader,grade\n1,a,poor\n1,a,good\n";
    assert!(refusal("agree --grades poor,good", twice).contains("has read case 1 before"));
}

#[test]
fn a_ragged_table_is_refused() {
    let table = "row,column,count\na,x,10\na,y,10\nb,x,10\n";
    let said = refusal("suppress --threshold 5", table);
    assert!(
        said.contains("line 2 to line 4: the table is ragged: b × y"),
        "{said}"
    );
    let forces = "force,category,k,n\nA,x,1,2\nA,y,1,2\nB,x,1,2\n";
    let said = refusal("funnel", forces);
    assert!(said.contains("force B has no row for category y"), "{said}");
}

#[test]
fn a_round_with_other_rules_is_not_joined() {
    let mut rounds = "round,from,to,k,n,framework\n".to_owned();
    for month in 1..=10 {
        let rules = if month < 6 { "2016" } else { "2021" };
        rounds += &format!("M{month},2024-{month:02}-01,2024-{month:02}-28,5,10,{rules}\n");
    }
    let said = refusal("chart", &rounds);
    assert!(
        said.contains("the rules changed from 2016 to 2021"),
        "{said}"
    );
}

#[test]
fn a_table_hidden_knowing_the_totals_can_only_be_narrowed_so_far() {
    let table = "row,column,count\na,x,20\na,y,3\nb,x,30\nb,y,40\n";
    let said = ask("throughline stats suppress --threshold 5 --json", table).unwrap();
    let found: serde_json::Value = serde_json::from_str(&said).unwrap();
    let reach = found[0]["keep_secret"]["reach"].as_array().unwrap();
    assert!(!reach.is_empty());
    for cell in reach {
        let wide = cell["upper"].as_u64().unwrap_or(u64::MAX) - cell["lower"].as_u64().unwrap();
        assert!(wide >= 1, "{cell}");
    }
    let published = found[0]["published"].to_string();
    assert!(!published.contains(":3"), "{published}");
}

#[test]
fn what_rounding_needs_is_asked_for() {
    let said = refusal(
        "suppress --threshold 5 --round 5",
        "row,column,count\na,x,1\n",
    );
    assert!(said.contains("--seed"), "{said}");
}

#[test]
fn page_about_the_statistics_names_every_command_and_kind() {
    let page = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/statistics.md");
    let page = std::fs::read_to_string(page).unwrap();
    use clap::CommandFactory;
    for command in Stats::command().get_subcommands() {
        let name = command.get_name();
        assert!(
            page.contains(&format!("`throughline stats {name}`")),
            "{name}"
        );
        for arg in command.get_arguments() {
            for value in arg.get_possible_values() {
                let named = format!("`{}`", value.get_name());
                let skip = ["true", "false"].contains(&value.get_name());
                assert!(skip || page.contains(&named), "{name}: {named}");
            }
        }
    }
}
