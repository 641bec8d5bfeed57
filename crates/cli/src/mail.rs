//! Where a server's e-mails go, on the command line.

use clap::Args;
use passo_server::MailServer;

/// The mail server of commands that serve.
#[derive(Debug, Args)]
pub struct MailArguments {
    /// The mail server that e-mails of SNS are sent to, such as smtp://localhost:25 or smtps://USER:PASSWORD@HOST; without it
    /// they are kept, see /_passo/v1/outbox
    #[arg(long, value_name = "URL", env = "PASSO_SMTP")]
    pub smtp: Option<String>,

    /// Whom these e-mails come from
    #[arg(
        long,
        value_name = "ADDRESS",
        default_value = "AWS Notifications <no-reply@sns.amazonaws.com>"
    )]
    pub smtp_from: String,
}

impl MailArguments {
    /// The server that was given, if one was.
    pub fn server(&self) -> Option<MailServer> {
        Some(MailServer {
            url: self.smtp.clone()?,
            from: self.smtp_from.clone(),
        })
    }
}
