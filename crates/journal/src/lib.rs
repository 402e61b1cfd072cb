//! An append-only Merkle log: append, verify, prove. No database, no domain types.
