//! `throughline generate …`: the documents that the program writes about itself.

use crate::cli::Cli;
use clap::{Arg, Args, Command, CommandFactory, Subcommand};
use std::fmt::Write;
use throughline_domain::access;

/// What to print.
#[derive(Debug, Args)]
pub struct Generate {
    #[command(subcommand)]
    document: Document,
}

/// A document.
#[derive(Debug, Subcommand)]
pub enum Document {
    /// Every command with its options, as Markdown
    Commands,
    /// Who may do what, as Markdown
    AccessTable,
    /// The public API, as OpenAPI in JSON
    Openapi,
}

/// Prints the document.
pub fn run(asked: &Generate) {
    match asked.document {
        Document::Commands => print!("{}", commands()),
        Document::AccessTable => print!("{}", access_table()),
        Document::Openapi => println!("{}", crate::api::document()),
    }
}

/// `docs/access.md`.
pub fn access_table() -> String {
    format!(
        "# Who may do what\n\n\
         Each row is an action, each column a role. A cell names the relations to the thing in \
         which that role may do it: on the *team* of its inspection, its *own*, *served* on its \
         force, *briefed* under embargo, or *open* to all of that role. What a cell does not \
         name is refused. `throughline generate access-table` prints this page from the code \
         that decides.\n\n{}",
        access::print()
    )
}

/// `docs/commands.md`.
pub fn commands() -> String {
    let mut root = Cli::command();
    root.build();
    let mut text = format!(
        "# Commands\n\n{}\n\n`throughline generate commands` prints this page from the \
         program itself.\n\n## With every command\n\n",
        sentence(root.get_about())
    );
    let global: Vec<&Arg> = root
        .get_arguments()
        .filter(|arg| arg.is_global_set())
        .collect();
    write_arguments(&mut text, &global);
    for command in root.get_subcommands() {
        write_command(&mut text, command, "throughline");
    }
    text
}

fn write_command(text: &mut String, command: &Command, above: &str) {
    if command.get_name() == "help" {
        return;
    }
    let path = format!("{above} {}", command.get_name());
    let below: Vec<&Command> = command.get_subcommands().collect();
    let has_own = command
        .get_arguments()
        .any(|arg| !arg.is_global_set() && !is_help(arg));
    if below.is_empty() || has_own {
        let about = sentence(command.get_about());
        let _ = write!(
            text,
            "\n## {path}\n\n{about}\n\n```sh\n{}\n```\n",
            usage(command, &path)
        );
        let own: Vec<&Arg> = command
            .get_arguments()
            .filter(|arg| !arg.is_global_set() && !is_help(arg))
            .collect();
        if !own.is_empty() {
            text.push('\n');
            write_arguments(text, &own);
        }
    }
    for command in below {
        write_command(text, command, &path);
    }
}

fn is_help(arg: &Arg) -> bool {
    ["help", "version"].contains(&arg.get_id().as_str())
}

/// `throughline account close [options] --reason TEXT EMAIL`, in the order to type it.
fn usage(command: &Command, path: &str) -> String {
    let own = || {
        command
            .get_arguments()
            .filter(|arg| !arg.is_global_set() && !is_help(arg))
    };
    let mut usage = path.to_owned();
    if own().any(|arg| !arg.is_required_set()) {
        usage.push_str(" [options]");
    }
    for arg in own().filter(|arg| arg.is_required_set()) {
        let _ = write!(usage, " {}", written(arg));
    }
    usage
}

/// `--data DIR`, or `FILE`.
fn written(arg: &Arg) -> String {
    let values: Vec<&str> = match arg.get_value_names() {
        Some(names) if arg.get_action().takes_values() => {
            names.iter().map(clap::builder::Str::as_str).collect()
        }
        _ => Vec::new(),
    };
    let option = arg.get_long().map(|long| format!("--{long}"));
    let parts: Vec<&str> = option.as_deref().into_iter().chain(values).collect();
    parts.join(" ")
}

fn write_arguments(text: &mut String, arguments: &[&Arg]) {
    text.push_str("| option | what it says |\n|---|---|\n");
    for arg in arguments {
        let mut meaning = sentence(arg.get_help());
        let choices: Vec<String> = arg
            .get_possible_values()
            .iter()
            .filter(|_| arg.get_action().takes_values())
            .map(|value| format!("`{}`", value.get_name()))
            .collect();
        if !choices.is_empty() {
            let _ = write!(meaning, " One of {}.", choices.join(", "));
        }
        let defaults: Vec<_> = arg
            .get_default_values()
            .iter()
            .map(|v| v.to_string_lossy())
            .collect();
        if arg.get_action().takes_values() && !defaults.is_empty() {
            let _ = write!(meaning, " Without it: `{}`.", defaults.join(" "));
        }
        if let Some(variable) = arg.get_env() {
            let _ = write!(meaning, " Also read from `{}`.", variable.to_string_lossy());
        }
        let _ = writeln!(
            text,
            "| `{}` | {} |",
            written(arg),
            meaning.replace('|', "\\|")
        );
    }
}

/// A help text as a sentence.
fn sentence(help: Option<&clap::builder::StyledStr>) -> String {
    let text = help.map(ToString::to_string).unwrap_or_default();
    let text = text.trim().replace(['<', '\n'], " ");
    if text.is_empty() || text.ends_with(['.', '…']) {
        text
    } else {
        format!("{text}.")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_and_option_says_what_it_is_for() {
        fn look(command: &Command, path: &str) {
            let path = format!("{path} {}", command.get_name());
            assert!(command.get_about().is_some(), "{path}");
            for arg in command.get_arguments() {
                assert!(arg.get_help().is_some(), "{path} {}", arg.get_id());
            }
            command
                .get_subcommands()
                .for_each(|below| look(below, &path));
        }
        look(&Cli::command(), "");
    }

    #[test]
    fn page_of_commands_has_each_with_its_usage() {
        let page = commands();
        for usage in [
            "\nthroughline serve [options]\n",
            "\nthroughline backup FILE\n",
            "\nthroughline account close EMAIL --reason TEXT\n",
            "| `--data DIR` |",
        ] {
            assert!(page.contains(usage), "{usage}\n{page}");
        }
    }

    #[test]
    fn page_of_access_has_every_action() {
        let page = access_table();
        for action in access::Action::ALL {
            assert!(
                page.contains(&format!("\n| {} |", action.phrase())),
                "{action:?}"
            );
        }
    }
}
