//! E-mails of services, sent on to a mail server. Text messages stay in the outbox.

use std::sync::Arc;

use lettre::message::Mailbox as Address;
use lettre::message::header::ContentType;
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use passo_json::{Json, Object};
use passo_service::{BoxFuture, Call, Fault, Service};
use passo_sns::Mailbox;

use crate::OpenError;

/// A mail server.
pub(crate) struct Smtp {
    transport: AsyncSmtpTransport<Tokio1Executor>,
    from: Address,
    /// Where everything goes that is no e-mail.
    rest: Arc<Mailbox>,
}

impl Smtp {
    /// The mail server at `url` (`smtp://HOST:PORT`, `smtps://USER:PASSWORD@HOST`), and whom its mails come from.
    ///
    /// # Errors
    /// Where either is not what it should be. The server is not asked.
    pub(crate) fn new(url: &str, from: &str, rest: Arc<Mailbox>) -> Result<Smtp, OpenError> {
        let wrong = |what: &'static str, reason: String| OpenError::Mail { what, reason };
        let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url)
            .map_err(|error| wrong("the mail server's URL", error.to_string()))?
            .build();
        let from = from
            .parse()
            .map_err(|error: lettre::address::AddressError| {
                wrong("the sender's address", error.to_string())
            })?;
        Ok(Smtp {
            transport,
            from,
            rest,
        })
    }

    async fn send(&self, parameters: &Json) -> Result<Json, Fault> {
        let text = |member: &str| {
            let text = parameters.get(member).and_then(Json::as_str);
            text.unwrap_or_default().to_owned()
        };
        let refuse = |error: String| Fault::caller("InvalidEmail", error);
        let to = text("To").parse::<Address>();
        let message = Message::builder()
            .from(self.from.clone())
            .to(to.map_err(|error| refuse(error.to_string()))?)
            .subject(text("Subject"))
            .header(ContentType::TEXT_PLAIN)
            .body(text("Body"))
            .map_err(|error| refuse(error.to_string()))?;
        match self.transport.send(message).await {
            Ok(_) => Ok(Json::from(Object::default())),
            // The server has said that it never will.
            Err(error) if error.is_permanent() => Err(refuse(error.to_string())),
            Err(error) => Err(Fault::service(error.to_string())),
        }
    }
}

impl Service for Smtp {
    fn call(&self, call: Call) -> BoxFuture<'_, Result<Json, Fault>> {
        Box::pin(async move {
            if &*call.operation == "SendEmail" {
                self.send(&call.parameters).await
            } else {
                self.rest.call(call).await
            }
        })
    }
}
