//! A database of its own, and the program on it.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;

pub const EMAIL: &str = "keeper@example.org";
pub const PASSWORD: &str = "correct horse battery";
/// What they choose in its place when they sign in for the first time.
const CHOSEN: &str = "another horse of their own";

/// A place for the program's data, on the database that the tests were asked to run on.
pub struct Place {
    arguments: [String; 2],
    directory: tempfile::TempDir,
}

impl Place {
    pub fn new() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let arguments = match std::env::var("THROUGHLINE_TEST_DATABASE") {
            Ok(server) if server != "sqlite" => ["--database".into(), new_on_server(&server)],
            _ => {
                let data = directory.path().join("data").display().to_string();
                ["--data".into(), data]
            }
        };
        Place {
            arguments,
            directory,
        }
    }

    /// A file beside the data.
    pub fn file(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// The arguments that say where the key is: beside the data, unless that is a server.
    pub fn key(&self) -> Vec<String> {
        vec!["--key".into(), self.file("test.key").display().to_string()]
    }

    fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_throughline"));
        command.args(&self.arguments).env_remove("RUST_LOG");
        command
    }

    /// Runs a command to its end.
    pub fn run<S: AsRef<std::ffi::OsStr>>(&self, arguments: &[S]) -> Output {
        self.command()
            .args(arguments)
            .output()
            .expect("the program runs")
    }

    /// Runs a command with something on its standard input.
    pub fn run_with_input<S: AsRef<std::ffi::OsStr>>(
        &self,
        arguments: &[S],
        input: &[u8],
    ) -> Output {
        let mut child = (self.command().args(arguments))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut pipe = child.stdin.take().expect("its input");
        std::thread::scope(|scope| {
            // It may end before it has read all.
            scope.spawn(move || pipe.write_all(input).is_ok());
            child.wait_with_output().expect("it ends")
        })
    }

    /// Runs a command that must succeed, and returns what it printed.
    pub fn succeed<S: AsRef<std::ffi::OsStr>>(&self, arguments: &[S]) -> String {
        let output = self.run(arguments);
        assert!(output.status.success(), "{}", text(&output.stderr));
        text(&output.stdout)
    }

    /// Runs a command that must fail, and returns its exit status and what it said.
    pub fn fail<S: AsRef<std::ffi::OsStr>>(&self, arguments: &[S]) -> (i32, String) {
        let output = self.run(arguments);
        let said = text(&output.stderr);
        assert!(output.stdout.is_empty(), "{}", text(&output.stdout));
        (output.status.code().expect("it was not killed"), said)
    }

    /// Adds an administrator who can sign in.
    pub fn add_administrator(&self) {
        let file = self.file("password");
        std::fs::write(&file, PASSWORD).expect("written");
        let file = file.display().to_string();
        self.succeed(&[
            "account",
            "add",
            "--email",
            EMAIL,
            "--name",
            "The keeper",
            "--role",
            "administrator",
            "--password-file",
            &file,
        ]);
    }

    /// Serves on a free port.
    pub fn serve(&self) -> Server {
        let mut child = self
            .command()
            .args(["serve", "--listen", "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut line = String::new();
        let out = child.stdout.take().expect("its output");
        BufReader::new(out)
            .read_line(&mut line)
            .expect("its first line");
        let address = line
            .trim()
            .rsplit('/')
            .next()
            .unwrap_or_default()
            .to_owned();
        assert!(address.starts_with("127.0.0.1:"), "{line}");
        Server { child, address }
    }

    /// Changes the database behind the program's back.
    pub fn tamper(&self, sql: &'static str) {
        sqlx::any::install_default_drivers();
        let address = match self.arguments[0].as_str() {
            "--database" => self.arguments[1].clone(),
            _ => {
                let file = Path::new(&self.arguments[1]).join("throughline.sqlite3");
                format!("sqlite://{}", file.display())
            }
        };
        execute(&address, sql.to_owned());
    }
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn execute(address: &str, sql: String) {
    sqlx::any::install_default_drivers();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let mut connection = <sqlx::AnyConnection as sqlx::Connection>::connect(address)
            .await
            .expect("the database");
        sqlx::raw_sql(sqlx::AssertSqlSafe(sql))
            .execute(&mut connection)
            .await
            .expect("done");
        sqlx::Connection::close(connection).await.expect("closed");
    });
}

fn new_on_server(server: &str) -> String {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).expect("random bytes");
    let name = format!("process_{}", hex::encode(bytes));
    // The address may name the server's own database or not.
    let server = server.trim_end_matches("/postgres").trim_end_matches('/');
    execute(
        &format!("{server}/postgres"),
        format!("CREATE DATABASE {name}"),
    );
    format!("{server}/{name}")
}

/// The program, serving. It ends as a power cut would end it: without a word.
pub struct Server {
    child: Child,
    pub address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("ended");
    }
}

/// What came back.
pub struct Answer {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Answer {
    fn parse(text: &str) -> Option<Self> {
        let (head, body) = text.split_once("\r\n\r\n")?;
        let status = head.split(' ').nth(1)?.parse().ok()?;
        Some(Answer {
            status,
            head: head.to_lowercase(),
            body: body.to_owned(),
        })
    }
}

/// Somebody signed in, with a browser that does only this.
#[derive(Clone)]
pub struct Client {
    address: String,
    cookie: String,
    token: String,
}

impl Client {
    pub fn sign_in(address: &str) -> Self {
        let mut client = Client {
            address: address.to_owned(),
            cookie: String::new(),
            token: String::new(),
        };
        let sign_in = |password| {
            let fields = [("email", EMAIL), ("password", password)];
            client.post("/sign-in", &fields).expect("an answer")
        };
        let mut answer = sign_in(CHOSEN);
        let first_time = answer.status != 303;
        if first_time {
            answer = sign_in(PASSWORD);
        }
        assert_eq!(answer.status, 303, "{}", answer.body);
        let cookies: Vec<&str> = answer
            .head
            .lines()
            .filter_map(|line| line.strip_prefix("set-cookie: "))
            .filter_map(|cookie| cookie.split(';').next())
            .collect();
        client.cookie = cookies.join("; ");
        let page = client.get("/account").expect("a page").body;
        let (_, rest) = page
            .split_once("name=\"form_token\" value=\"")
            .expect("a form");
        client.token = rest.split('"').next().unwrap_or_default().to_owned();
        if first_time {
            let fields = [("present", PASSWORD), ("new", CHOSEN)];
            let changed = client
                .post("/account/password", &fields)
                .expect("an answer");
            assert_eq!(changed.status, 303, "{}", changed.body);
            return Client::sign_in(address);
        }
        client
    }

    /// Opens a page; nothing when the server is gone.
    pub fn get(&self, path: &str) -> Option<Answer> {
        self.send(&format!("GET {path} HTTP/1.1\r\n"), "")
    }

    /// Sends a form; nothing when the server is gone before it answered.
    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Option<Answer> {
        let mut fields = fields.to_vec();
        fields.insert(0, ("form_token", &self.token));
        let form = serde_html_form::to_string(&fields).expect("a form");
        let head = format!(
            "POST {path} HTTP/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n",
            form.len()
        );
        self.send(&head, &form)
    }

    fn send(&self, head: &str, body: &str) -> Option<Answer> {
        let mut stream = TcpStream::connect(&self.address).ok()?;
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .ok()?;
        let request = format!(
            "{head}Host: localhost\r\nCookie: {}\r\nConnection: close\r\n\r\n{body}",
            self.cookie
        );
        stream.write_all(request.as_bytes()).ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).ok()?;
        Answer::parse(&answer)
    }
}
