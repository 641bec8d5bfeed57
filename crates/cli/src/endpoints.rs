//! Services that are elsewhere, by the flags and variables of Step Functions Local.

use clap::Args;
use passo_server::ConfigurationFile;

/// Where services are that are not here. Nested workflows always run here.
#[derive(Debug, Args)]
#[command(next_help_heading = "Services elsewhere, as in Step Functions Local")]
pub struct EndpointArguments {
    /// Where Lambda is
    #[arg(long, value_name = "URL", env = "LAMBDA_ENDPOINT")]
    pub lambda_endpoint: Option<String>,

    /// Where SQS is
    #[arg(long, value_name = "URL", env = "SQS_ENDPOINT")]
    pub sqs_endpoint: Option<String>,

    /// Where SNS is
    #[arg(long, value_name = "URL", env = "SNS_ENDPOINT")]
    pub sns_endpoint: Option<String>,

    /// Where `DynamoDB` is
    #[arg(long, value_name = "URL", env = "DYNAMODB_ENDPOINT")]
    pub dynamodb_endpoint: Option<String>,

    /// Where Batch is
    #[arg(long, value_name = "URL", env = "BATCH_ENDPOINT")]
    pub batch_endpoint: Option<String>,

    /// Where ECS is
    #[arg(long, value_name = "URL", env = "ECS_ENDPOINT")]
    pub ecs_endpoint: Option<String>,

    /// Where Glue is
    #[arg(long, value_name = "URL", env = "GLUE_ENDPOINT")]
    pub glue_endpoint: Option<String>,

    /// Where `SageMaker` is
    #[arg(long, value_name = "URL", env = "SAGE_MAKER_ENDPOINT")]
    pub sagemaker_endpoint: Option<String>,
}

impl EndpointArguments {
    /// `file` with these services elsewhere, whatever it says of them. A variable that is set to nothing says nothing.
    pub fn put_into(&self, file: ConfigurationFile) -> ConfigurationFile {
        let given = [
            ("lambda", &self.lambda_endpoint),
            ("sqs", &self.sqs_endpoint),
            ("sns", &self.sns_endpoint),
            ("dynamodb", &self.dynamodb_endpoint),
            ("batch", &self.batch_endpoint),
            ("ecs", &self.ecs_endpoint),
            ("glue", &self.glue_endpoint),
            ("sagemaker", &self.sagemaker_endpoint),
        ];
        let given = given
            .into_iter()
            .filter_map(|(service, endpoint)| Some((service, endpoint.as_deref()?)))
            .filter(|(_, endpoint)| !endpoint.is_empty());
        given.fold(file, |file, (service, endpoint)| {
            file.with_endpoint(service, endpoint)
        })
    }
}
