//! JSONata 2.0.6, bounded, on passo-json.
