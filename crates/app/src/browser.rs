//! The pages in a real browser: Chromium, driven through ChromeDriver.
//!
//! `cargo xtask test browser` starts ChromeDriver and names its port in
//! `THROUGHLINE_TEST_CHROMEDRIVER`; without it these tests fail and say so.

mod axe;
mod crawl;
mod walk;

use crate::testing::{PASSWORD, World};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;
use thirtyfour::prelude::*;

/// How wide a desk's and a telephone's window are, in CSS pixels.
const WIDE: (u32, u32) = (1280, 1000);
const NARROW: (u32, u32) = (390, 844);

/// How long a page may take to come: so many glances, with a pause after each.
const PATIENCE: u32 = 50;
const GLANCE: Duration = Duration::from_millis(100);

/// A browser on a world that is served on a port of its own.
pub struct Chromium {
    driver: WebDriver,
    address: String,
}

impl Chromium {
    /// Serves the world and opens a browser on it.
    pub async fn open(world: &World) -> Self {
        let port = std::env::var("THROUGHLINE_TEST_CHROMEDRIVER")
            .expect("run `cargo xtask test browser`, which starts ChromeDriver");
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a port");
        let address = format!("http://{}", listener.local_addr().expect("an address"));
        let service = world
            .web()
            .into_make_service_with_connect_info::<SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await });
        let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities())
            .await
            .expect("a browser");
        Chromium { driver, address }
    }

    /// Closes the browser.
    pub async fn close(self) {
        self.driver.quit().await.expect("the browser closes");
    }

    /// Opens a page of ours by its path.
    pub async fn goto(&self, path: &str) {
        self.driver
            .goto(format!("{}{path}", self.address))
            .await
            .expect("a page");
    }

    /// Signs out, if need be, and signs in as somebody of the world.
    pub async fn sign_in(&self, email: &str) {
        self.driver.delete_all_cookies().await.expect("cookies");
        self.goto("/sign-in").await;
        self.fill("email", email).await;
        self.fill("password", PASSWORD).await;
        self.press("Sign in").await;
    }

    /// Types into the field with that name, in place of what is there.
    pub async fn fill(&self, name: &str, text: &str) {
        let field = self.find(&format!("main [name='{name}']")).await;
        let kind = field.attr("type").await.expect("a type");
        if matches!(kind.as_deref(), Some("date" | "time")) {
            // Dates and times are typed in the order of the browser's language.
            let script = "arguments[0].value = arguments[1]";
            let arguments = vec![field.to_json().expect("a field"), text.into()];
            self.driver
                .execute(script, arguments)
                .await
                .expect("a date");
        } else {
            field.clear().await.expect("cleared");
            field.send_keys(text).await.expect("typed");
        }
    }

    /// Chooses an option or radio by its value.
    pub async fn choose(&self, name: &str, value: &str) {
        let option = format!(
            "main select[name='{name}'] option[value='{value}'], main input[name='{name}'][value='{value}']"
        );
        self.find(&option).await.click().await.expect("chosen");
    }

    /// Ticks a box by its value.
    pub async fn tick(&self, name: &str, value: &str) {
        let boxed = self
            .find(&format!("main input[name='{name}'][value='{value}']"))
            .await;
        if !boxed.is_selected().await.expect("ticked or not") {
            boxed.click().await.expect("ticked");
        }
    }

    /// Hands a file over in the field with that name.
    pub async fn attach(&self, name: &str, file: &std::path::Path) {
        let field = self.find(&format!("main input[name='{name}']")).await;
        let path = file.to_str().expect("a path in UTF-8");
        field.send_keys(path).await.expect("a file");
    }

    /// What stands in the field with that name.
    pub async fn value(&self, name: &str) -> String {
        let field = self.find(&format!("main [name='{name}']")).await;
        field.value().await.expect("a value").unwrap_or_default()
    }

    /// The values that a field can have: those of its options or radios, but for the empty one.
    pub async fn values(&self, name: &str) -> Vec<String> {
        let css = format!("main select[name='{name}'] option, main input[name='{name}']");
        let mut values = Vec::new();
        for element in self.driver.find_all(By::Css(css)).await.expect("fields") {
            values.extend(element.attr("value").await.expect("a value"));
        }
        values.retain(|value| !value.is_empty());
        values
    }

    /// The names of the fields that begin so, each once, in order.
    pub async fn fields(&self, beginning: &str) -> Vec<String> {
        let css = format!("main [name^='{beginning}']");
        let mut names: Vec<String> = Vec::new();
        for element in self.driver.find_all(By::Css(css)).await.expect("fields") {
            names.extend(element.attr("name").await.expect("a name"));
        }
        names.dedup();
        names
    }

    /// Goes to one of the places that stand above every page.
    pub async fn visit(&self, place: &str) {
        self.click(&format!(
            "//nav[@aria-label='Main']//a[normalize-space(.)=\"{place}\"]"
        ))
        .await;
    }

    /// Presses the button with those words.
    pub async fn press(&self, words: &str) {
        self.click(&format!(
            "//button[contains(normalize-space(.), \"{words}\")]"
        ))
        .await;
    }

    /// Follows the link with those words.
    pub async fn follow(&self, words: &str) {
        self.click(&format!(
            "//main//a[contains(normalize-space(.), \"{words}\")]"
        ))
        .await;
    }

    async fn click(&self, xpath: &str) {
        self.leave_by(By::XPath(xpath)).await;
    }

    /// Follows the first link that fits.
    pub async fn follow_first(&self, css: &str) {
        self.leave_by(By::Css(css)).await;
    }

    /// Clicks, and waits until the next page has come.
    async fn leave_by(&self, by: By) {
        let element = self.wait_for(by).await;
        let mark = self.driver.execute("window.left = true", Vec::new()).await;
        mark.expect("a mark on the page");
        element.click().await.expect("clicked");
        let arrived = "return !window.left && document.readyState === 'complete'";
        for _ in 0..PATIENCE {
            let answer = self.driver.execute(arrived, Vec::new()).await;
            if answer.is_ok_and(|yes| yes.convert().unwrap_or(false)) {
                return;
            }
            tokio::time::sleep(GLANCE).await;
        }
        panic!("no page came after {}", self.path().await);
    }

    async fn find(&self, css: &str) -> WebElement {
        self.wait_for(By::Css(css)).await
    }

    /// The first element that fits, as soon as there is one: the page may still be on its way.
    async fn wait_for(&self, by: By) -> WebElement {
        for _ in 0..PATIENCE {
            if let Ok(element) = self.driver.find(by.clone()).await {
                return element;
            }
            tokio::time::sleep(GLANCE).await;
        }
        panic!(
            "nothing fits {by:?} on {}:\n{}",
            self.path().await,
            self.text().await
        )
    }

    /// The path of the page that is open.
    pub async fn path(&self) -> String {
        let url = self.driver.current_url().await.expect("an address");
        url.path().to_owned()
    }

    /// What a reader sees.
    pub async fn text(&self) -> String {
        let script = "return document.body ? document.body.innerText : ''";
        let text = self.driver.execute(script, Vec::new()).await;
        text.expect("a page").convert().expect("its text")
    }

    /// Fails unless the page says so, at once or when it has come.
    pub async fn expect(&self, words: &str) {
        for _ in 0..PATIENCE {
            if self.text().await.contains(words) {
                return;
            }
            tokio::time::sleep(GLANCE).await;
        }
        panic!(
            "{} does not say {words:?}:\n{}",
            self.path().await,
            self.text().await
        )
    }

    /// Takes a picture of the whole page, wide and narrow, into `target/screenshots`, and says
    /// what axe finds wrong with it.
    pub async fn look_at(&self, name: &str) -> Vec<String> {
        let mut wrong = Vec::new();
        for (suffix, (width, height)) in [("narrow", NARROW), ("wide", WIDE)] {
            self.resize(width, height).await;
            wrong.extend(self.violations().await);
            let whole = self.page_height().await.clamp(height, 6000);
            self.resize(width, whole).await;
            let file = pictures().join(format!("{name}-{suffix}.png"));
            self.driver.screenshot(&file).await.expect("a picture");
        }
        self.resize(WIDE.0, WIDE.1).await;
        wrong
    }

    async fn resize(&self, width: u32, height: u32) {
        self.driver
            .set_window_rect(0, 0, width, height)
            .await
            .expect("a window");
    }

    async fn page_height(&self) -> u32 {
        let script = "return document.documentElement.scrollHeight";
        let height = self
            .driver
            .execute(script, Vec::new())
            .await
            .expect("a height");
        height.convert::<u32>().expect("a number")
    }
}

fn capabilities() -> Capabilities {
    let mut chrome = DesiredCapabilities::chrome();
    for argument in [
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--hide-scrollbars",
        "--lang=en-GB",
    ] {
        chrome.add_arg(argument).expect("an argument");
    }
    chrome.into()
}

fn pictures() -> PathBuf {
    let directory = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target/screenshots");
    std::fs::create_dir_all(&directory).expect("a directory");
    directory
}

#[tokio::test]
async fn administrator_adds_a_person_who_then_signs_in() {
    let world = World::new().await;
    let chromium = Chromium::open(&world).await;
    chromium.sign_in("administrator@example.org").await;
    chromium.goto("/accounts").await;
    chromium.fill("name", "A new inspector").await;
    chromium.fill("email", "new@example.org").await;
    chromium.choose("role", "inspector").await;
    chromium.fill("password", PASSWORD).await;
    chromium.press("Add the account").await;
    chromium.expect("A new inspector can now sign in.").await;
    chromium.sign_in("new@example.org").await;
    chromium
        .expect("Choose a password of your own first.")
        .await;
    chromium.fill("present", PASSWORD).await;
    chromium.fill("new", "three unusual words").await;
    chromium.press("Change password").await;
    chromium.expect("Your password is changed.").await;
    chromium.fill("email", "new@example.org").await;
    chromium.fill("password", "three unusual words").await;
    chromium.press("Sign in").await;
    chromium.goto("/inspections").await;
    chromium
        .expect("You are on no inspection’s team yet.")
        .await;
    chromium.close().await;
}
