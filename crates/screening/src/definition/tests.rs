mod form;
mod library;
mod option;
mod properties;
mod refutation;
