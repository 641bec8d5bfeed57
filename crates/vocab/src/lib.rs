//! Words shared by everything AWS-shaped: ARNs, ids, timestamps, durations.
