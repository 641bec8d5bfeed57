//! Step Functions' expression layer: JSONPath, intrinsics, templates, variables, context object.
