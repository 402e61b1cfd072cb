//! Prepares the files that every page needs, and lists them for the program to embed.
//!
//! The style sheet is govuk-frontend's with ours after it. What belongs to GOV.UK alone
//! (its typeface, its crest) is taken out: a service on another domain may use the
//! components but not the brand.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

const FONT_STACK: &str = "font-family:GDS Transport,arial,sans-serif";
const OUR_FONT_STACK: &str = "font-family:var(--tl-font)";
const CREST: &str = "url(/assets/images/govuk-crest.svg)";
/// The package carries no licence file of its own; its package.json names the licence.
const NOTICE: &str =
    "/*! govuk-frontend: MIT licence, (c) Crown Copyright (Government Digital Service) */";
const SOURCE_MAP: [&str; 2] = [
    "/*# sourceMappingURL=govuk-frontend.min.css.map */",
    "//# sourceMappingURL=govuk-frontend.min.js.map",
];

fn main() {
    if let Err(message) = prepare_assets() {
        println!("cargo::error={message}");
    }
}

/// A file as the browser will ask for it: its name carries a digest of its content, so
/// that it can be cached for ever and a new version is still fetched at once.
struct Asset {
    constant: &'static str,
    name: String,
    media_type: &'static str,
    content: String,
}

impl Asset {
    fn new(
        constant: &'static str,
        stem: &str,
        extension: &str,
        media_type: &'static str,
        content: String,
    ) -> Self {
        let mut hasher = DefaultHasher::new();
        content.hash(&mut hasher);
        let name = format!("{stem}-{:016x}.{extension}", hasher.finish());
        Self {
            constant,
            name,
            media_type,
            content,
        }
    }
}

fn prepare_assets() -> Result<(), String> {
    let crate_dir = PathBuf::from(env::var("CARGO_MANIFEST_DIR").map_err(|e| e.to_string())?);
    let out_dir = PathBuf::from(env::var("OUT_DIR").map_err(|e| e.to_string())?);
    let package = crate_dir.join("../../node_modules/govuk-frontend");
    let ours = crate_dir.join("assets");

    let style = without_branding(&read(&package.join("dist/govuk/govuk-frontend.min.css"))?)?;
    let style = format!(
        "{NOTICE}\n{style}\n{}",
        read(&ours.join("throughline.css"))?
    );
    let library = read(&package.join("dist/govuk/govuk-frontend.min.js"))?;
    let library = format!("{NOTICE}\n{}", library.replace(SOURCE_MAP[1], ""));

    const JAVASCRIPT: &str = "text/javascript; charset=utf-8";
    let library = Asset::new("GOVUK_SCRIPT", "govuk-frontend", "js", JAVASCRIPT, library);
    let script = read(&ours.join("throughline.js"))?
        .replace("./govuk-frontend.js", &format!("./{}", library.name));
    let assets = [
        Asset::new(
            "STYLE_SHEET",
            "throughline",
            "css",
            "text/css; charset=utf-8",
            style,
        ),
        Asset::new("SCRIPT", "throughline", "js", JAVASCRIPT, script),
        library,
        Asset::new(
            "ICON",
            "throughline",
            "svg",
            "image/svg+xml",
            read(&ours.join("favicon.svg"))?,
        ),
    ];
    write_assets(&out_dir, &assets)
}

/// Reads a file and has cargo run this script again when it changes.
fn read(path: &Path) -> Result<String, String> {
    println!("cargo::rerun-if-changed={}", path.display());
    fs::read_to_string(path).map_err(|error| {
        if path.components().any(|part| part.as_os_str() == "node_modules") {
            "the front-end packages are missing: run `npm ci` at the root of the repository, or start with `./run`"
                .to_owned()
        } else {
            format!("cannot read {}: {error}", path.display())
        }
    })
}

fn without_branding(style: &str) -> Result<String, String> {
    let style = without_font_faces(style)
        .replace(FONT_STACK, OUR_FONT_STACK)
        .replace(CREST, "none")
        .replace(SOURCE_MAP[0], "")
        .replace("@charset \"UTF-8\";", "");
    for mark in ["GDS Transport", "crest", "crown.", "url(/assets"] {
        if style.contains(mark) {
            return Err(format!(
                "govuk-frontend's style sheet still names `{mark}` after its branding was taken out: \
                 this version differs from the one crates/app/build.rs was written for"
            ));
        }
    }
    Ok(style)
}

/// `@font-face` rules hold no nested braces, so each ends at its first closing one.
fn without_font_faces(style: &str) -> String {
    let mut kept = String::with_capacity(style.len());
    let mut rest = style;
    while let Some(start) = rest.find("@font-face{") {
        kept.push_str(&rest[..start]);
        let rule = &rest[start..];
        let end = rule.find('}').map_or(rule.len(), |brace| brace + 1);
        rest = &rule[end..];
    }
    kept.push_str(rest);
    kept
}

/// Writes each file, and `assets.rs`, which the program includes beside its own `Asset`.
fn write_assets(out_dir: &Path, assets: &[Asset]) -> Result<(), String> {
    let mut code = String::new();
    for asset in assets {
        write(&out_dir.join(&asset.name), &asset.content)?;
        let _ = writeln!(
            code,
            "/// Where pages find `{name}`.\npub const {constant}: &str = \"/assets/{name}\";",
            name = asset.name,
            constant = asset.constant,
        );
    }
    let _ = writeln!(
        code,
        "/// Every embedded file.\npub const ASSETS: [Asset; {}] = [",
        assets.len()
    );
    for asset in assets {
        let _ = writeln!(
            code,
            "    Asset {{ name: {:?}, media_type: {:?}, bytes: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{}\")) }},",
            asset.name, asset.media_type, asset.name,
        );
    }
    code.push_str("];\n");
    write(&out_dir.join("assets.rs"), &code)
}

fn write(path: &Path, content: &str) -> Result<(), String> {
    fs::write(path, content).map_err(|error| format!("cannot write {}: {error}", path.display()))
}
