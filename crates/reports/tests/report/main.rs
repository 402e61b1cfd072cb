//! One report of an invented force, in every output.

mod html;
mod pdf;
mod sample;
mod workbook;
