mod form;
mod properties;
mod refutation;
