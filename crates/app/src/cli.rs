//! The command line: every command, in the order of the work.

use crate::app::App;
use crate::arrival::Arrivals;
use crate::error::Error;
use crate::store::{OpenError, Store};
use crate::web::{Web, application};
use clap::{Args, Parser, Subcommand};
use jiff::Timestamp;
use std::fmt;
use std::net::SocketAddr;
use std::os::unix::fs::DirBuilderExt;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use throughline_domain::access::Actor;

/// Throughline: how a force handled the cases of children it was asked to protect.
#[derive(Debug, Parser)]
#[command(name = "throughline", version, about, max_term_width = 100)]
pub struct Cli {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Command,
}

/// Which database, and as whom.
#[derive(Debug, Clone, Args)]
pub struct Place {
    /// The directory of the embedded database
    #[arg(
        long,
        global = true,
        value_name = "DIR",
        default_value = "data",
        env = "THROUGHLINE_DATA"
    )]
    pub data: PathBuf,
    /// A PostgreSQL database in place of the embedded one: postgres://…
    #[arg(
        long,
        global = true,
        value_name = "URL",
        env = "THROUGHLINE_DATABASE",
        hide_env_values = true
    )]
    pub database: Option<String>,
    /// Act as the account with this e-mail address; without it, as the machine's operator
    #[arg(long = "as", global = true, value_name = "EMAIL")]
    pub act_as: Option<String>,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Serve a demonstration with invented data; the first time, fill it
    Demo(crate::demo::cli::Demo),
    /// Serve the web application
    Serve(Serve),
    /// Check or import a force's case list
    #[command(subcommand)]
    CaseList(crate::case_list::cli::Command),
    /// Check the draw of a sample
    #[command(subcommand)]
    Sample(crate::sample::cli::Command),
    /// The statistics by themselves, from a file or standard input, without a database
    #[command(subcommand)]
    Stats(crate::statistics::Statistics),
    /// Make a fictional force: its case list, its timelines and, apart, the truth
    Simulate(crate::simulation::Simulate),
    /// Check handling standards on the timelines of every case
    Screen(Box<crate::screening::command::Screen>),
    /// Check, explain or list a file of handling standards
    #[command(subcommand)]
    Standards(crate::screening::command::Standards),
    /// Who can sign in
    #[command(subcommand)]
    Account(crate::account::cli::Accounts),
    /// The police forces
    #[command(subcommand)]
    Force(crate::force::cli::Forces),
    /// Check the journal, and let others check it
    #[command(subcommand)]
    Journal(crate::journal::cli::Journal),
    /// Copy everything to a file, while people work
    Backup(crate::backup::cli::Backup),
    /// Fill an empty database from a backup, and check its journal
    Restore(crate::backup::cli::Restore),
    /// Print what the program says of itself, for the documentation
    Generate(crate::generate::Generate),
    /// Import what was published before, or the timelines of an inspection's cases
    #[command(subcommand)]
    Import(crate::published_record::cli::Import),
}

/// Where to serve.
#[derive(Debug, Args)]
pub struct Serve {
    /// The address to listen on
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
    /// People reach this service over HTTPS: cookies demand it
    #[arg(long)]
    pub https: bool,
}

/// What the program's edge alone can know: the time, and random bytes.
#[derive(Debug, Clone, Copy)]
pub struct Outside {
    /// Tells the time.
    pub clock: fn() -> Timestamp,
    /// Draws random bytes.
    pub random: fn() -> [u8; 32],
}

/// Why a command ended without doing what it was asked.
#[derive(Debug)]
pub struct Failure {
    /// The sentence for the person.
    pub message: String,
    /// 1 when something failed, 2 when what was given must be mended.
    pub code: u8,
}

impl Failure {
    /// Something failed.
    pub fn new(message: impl fmt::Display) -> Self {
        Failure {
            message: message.to_string(),
            code: 1,
        }
    }

    /// What was given must be mended.
    pub fn usage(message: impl fmt::Display) -> Self {
        Failure {
            message: message.to_string(),
            code: 2,
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        match error {
            Error::Invalid(_) => Failure::usage(error),
            other => Failure::new(other),
        }
    }
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        Failure::new(error)
    }
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Self {
        Failure::new(error)
    }
}

/// What a command returns.
pub type CommandResult = Result<(), Failure>;

impl Place {
    /// Opens the database to serve it: makes the directory where there is none, and brings an
    /// earlier version's database up to date.
    ///
    /// # Errors
    /// When it cannot be opened or brought up to date.
    pub async fn open_to_serve(&self, outside: Outside) -> Result<Arc<App>, Failure> {
        let store = Store::open(&self.address()?).await?;
        let arrivals = self.arrivals();
        arrivals.clear()?;
        Ok(App::with_arrivals(store, (outside.random)(), arrivals))
    }

    /// Opens the database for a command, making it where there is none. A server of another
    /// version may be running on it, so it is never brought up to date here.
    ///
    /// # Errors
    /// When it cannot be opened or is of another version.
    pub async fn open(&self, outside: Outside) -> Result<Arc<App>, Failure> {
        let store = Store::open_as_it_is(&self.address()?).await?;
        let arrivals = self.arrivals();
        Ok(App::with_arrivals(store, (outside.random)(), arrivals))
    }

    /// Files that arrive lie beside the embedded database.
    fn arrivals(&self) -> Arrivals {
        Arrivals::in_folder(self.data.join("arriving"))
    }

    fn address(&self) -> Result<String, Failure> {
        if let Some(url) = &self.database {
            return Ok(url.clone());
        }
        let made = std::fs::DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.data);
        made.and_then(|()| Store::address_in(&self.data))
            .map_err(|error| {
                Failure::new(format!("{} cannot be made: {error}", self.data.display()))
            })
    }

    /// Opens the database, which must be there: for what makes no sense on a new one.
    ///
    /// # Errors
    /// When there is none, it cannot be opened or is of another version.
    pub async fn open_existing(&self, outside: Outside) -> Result<Arc<App>, Failure> {
        if self.database.is_none() && !Store::is_in(&self.data) {
            return Err(Failure::usage(format!(
                "there is no database in {}: say where it is with --data or --database",
                self.data.display()
            )));
        }
        self.open(outside).await
    }

    /// Who acts: the operator in the name of the account given with --as, which the journal
    /// then says, or in their own.
    ///
    /// # Errors
    /// When no open account has that address.
    pub async fn actor(&self, app: &Arc<App>) -> Result<Actor, Failure> {
        match &self.act_as {
            Some(email) => Ok(Actor {
                by_operator: true,
                ..crate::account::find_actor(app, email).await?
            }),
            None => Ok(Actor::operator()),
        }
    }
}

/// Runs a command and says how it ended.
pub async fn run(cli: Cli, outside: Outside) -> ExitCode {
    let ended = match cli.command {
        Command::Serve(serve) => serve_command(&cli.place, serve, outside).await,
        Command::Demo(demo) => crate::demo::cli::run(&cli.place, demo, outside).await,
        Command::CaseList(command) => {
            crate::case_list::cli::run(&cli.place, command, outside).await
        }
        Command::Sample(command) => crate::sample::cli::run(&cli.place, command, outside).await,
        Command::Stats(asked) => crate::statistics::run(&asked),
        Command::Simulate(args) => crate::simulation::run(args).await,
        Command::Screen(screen) => crate::screening::command::run(*screen).await,
        Command::Standards(asked) => crate::screening::command::run_standards(&asked),
        Command::Account(asked) => crate::account::cli::run(&cli.place, asked, outside).await,
        Command::Force(asked) => crate::force::cli::run(&cli.place, asked, outside).await,
        Command::Journal(asked) => crate::journal::cli::run(&cli.place, asked, outside).await,
        Command::Backup(asked) => crate::backup::cli::back_up(&cli.place, &asked, outside).await,
        Command::Restore(asked) => crate::backup::cli::restore(&cli.place, &asked, outside).await,
        Command::Generate(asked) => {
            crate::generate::run(&asked);
            Ok(())
        }
        Command::Import(import) => {
            crate::published_record::cli::run(&cli.place, import, outside).await
        }
    };
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("throughline: {}", failure.message);
            ExitCode::from(failure.code)
        }
    }
}

async fn serve_command(place: &Place, serve: Serve, outside: Outside) -> CommandResult {
    let app = place.open_to_serve(outside).await?;
    serve_app(app, &serve, outside, None).await
}

/// Serves until it is told to stop.
///
/// # Errors
/// When the address cannot be listened on.
pub async fn serve_app(
    app: Arc<App>,
    serve: &Serve,
    outside: Outside,
    notice: Option<Arc<str>>,
) -> CommandResult {
    let listener = tokio::net::TcpListener::bind(serve.listen)
        .await
        .map_err(|error| Failure::new(format!("cannot listen on {}: {error}", serve.listen)))?;
    println!("Throughline is at http://{}", listener.local_addr()?);
    let web = Web {
        app: Arc::clone(&app),
        clock: Arc::new(outside.clock),
        https: serve.https,
        notice,
    };
    let publisher = tokio::spawn(publish_at_their_time(Arc::clone(&app), outside));
    let watch = tokio::spawn(crate::referral::watch::run(
        Arc::clone(&app),
        Arc::clone(&web.clock),
    ));
    axum::serve(
        listener,
        application(web).into_make_service_with_connect_info::<SocketAddr>(),
    )
    .with_graceful_shutdown(told_to_stop())
    .await?;
    publisher.abort();
    watch.abort();
    app.store.close().await;
    Ok(())
}

/// How often we look whether a report's time has come.
const PUBLISH_EVERY: std::time::Duration = std::time::Duration::from_secs(15);

/// Publishes each approved report when its time comes.
async fn publish_at_their_time(app: Arc<App>, outside: Outside) {
    let mut ticks = tokio::time::interval(PUBLISH_EVERY);
    loop {
        ticks.tick().await;
        if let Err(error) = crate::report::publish_due(&app, (outside.clock)()).await {
            tracing::error!(kind = error.kind(), "a report was not published");
        }
    }
}

async fn told_to_stop() {
    let interrupt = tokio::signal::ctrl_c();
    match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
        Ok(mut terminate) => {
            tokio::select! { _ = interrupt => {}, _ = terminate.recv() => {} }
        }
        Err(_) => {
            let _ = interrupt.await;
        }
    }
}
