//! What answers the calls of a case: the port between recorded cases and whatever serves them.

use std::time::Duration;

use passo_json::Json;

/// One call, as an SDK would make it.
#[derive(Debug)]
pub struct Call<'a> {
    /// The account it is made in: twelve digits, and the access key id of a signed request.
    pub account: &'a str,
    /// The service as SDKs name it: `stepfunctions`, `lambda`, `s3`.
    pub service: &'a str,
    /// The operation as SDKs name it: `StartExecution`.
    pub operation: &'a str,
    /// Its parameters. `{"$b64": …}` is a blob; `{"$function": name}` stands for the code of a Lambda function, the file
    /// `name` in the corpus's folder of functions as `handler.py`.
    pub params: &'a Json,
}

/// An answer of the service, or its refusal.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// The output of the operation, without the metadata that SDKs add.
    Output(Json),
    /// The service's error: an object with `code`, `message`, and the fields of its kind.
    Fault(Json),
}

impl Answer {
    /// The output, or the fault.
    pub fn json(&self) -> &Json {
        match self {
            Self::Output(json) | Self::Fault(json) => json,
        }
    }
}

/// Something that serves AWS calls. Cases run at the same time, each in an account of its own.
pub trait Endpoint: Sync {
    /// Makes one call.
    ///
    /// # Errors
    /// Why there is neither an answer nor an error of the service: not served, not reachable.
    fn call(&self, call: &Call<'_>) -> Result<Answer, String>;

    /// Lets time pass before a call is repeated: really for a server, virtually for a simulation.
    fn pause(&self, time: Duration);
}
