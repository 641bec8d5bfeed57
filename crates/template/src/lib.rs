//! SAM and CloudFormation templates: what a project deploys.
