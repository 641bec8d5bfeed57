//! Signing in: an access key and its secret for a cookie that no script can read.
//!
//! Nothing is kept here. The cookie holds temporary credentials' id and token, which only this run of the server has made
//! and can check; their secret goes nowhere.

use hyper::header::{COOKIE, HeaderMap, HeaderValue, SET_COOKIE};
use passo_json::{Json, json};
use passo_net::SiteAnswer;
use passo_vocab::{AccountId, Timestamp};

use super::Refusal;
use super::answer::told;
use crate::issuer::Issuer;

/// The cookie's name.
const NAME: &str = "passo-session";
/// How long somebody stays signed in.
const SECONDS: i64 = 12 * 60 * 60;

/// Who may sign in; nobody needs to where requests are not signed.
pub(crate) struct Sessions {
    pub(crate) issuer: Option<Issuer>,
    /// The machine's time: cookies live in browsers, whatever the server's clock does.
    pub(crate) now: fn() -> Timestamp,
}

impl Sessions {
    /// The account that has signed in with the request's cookie.
    pub(super) fn account(&self, headers: &HeaderMap) -> Option<AccountId> {
        let issuer = self.issuer.as_ref()?;
        let (id, token) = cookie(headers)?.split_once('.')?;
        issuer.keys().account_of_token(id, token, (self.now)()).ok()
    }

    /// Whether signing in is needed, and who has: open to everybody.
    pub(super) fn shown(&self, headers: &HeaderMap) -> Json {
        let account = self.account(headers);
        json!({
            "required": self.issuer.is_some(),
            "account": account.map_or(Json::Null, |account| Json::from(account.as_str()))
        })
    }

    /// Signs in.
    pub(super) fn begin(&self, body: &Json, is_secure: bool) -> SiteAnswer {
        match self.cookie_for(body) {
            Ok((account, value)) => {
                let answer = told(Ok(json!({"required": true, "account": account.as_str()})));
                with_cookie(answer, &value, SECONDS, is_secure)
            }
            Err(refusal) => told(Err(refusal)),
        }
    }

    /// Signs out.
    pub(super) fn end(&self, is_secure: bool) -> SiteAnswer {
        let answer = told(Ok(
            json!({"required": self.issuer.is_some(), "account": null}),
        ));
        with_cookie(answer, "", 0, is_secure)
    }

    fn cookie_for(&self, body: &Json) -> Result<(AccountId, String), Refusal> {
        let issuer = self.issuer.as_ref();
        let issuer =
            issuer.ok_or_else(|| Refusal::conflict("this server asks nobody to sign in"))?;
        let text = |member: &str| {
            let missing = || Refusal::invalid(format!("`{member}` is missing"));
            body.get(member).and_then(Json::as_str).ok_or_else(missing)
        };
        let (id, secret) = (text("accessKeyId")?, text("secretAccessKey")?);
        let account = issuer.keys().account_of_secret(id, secret);
        let account =
            account.ok_or_else(|| Refusal::forbidden("the access key or its secret is wrong"))?;
        let end = (self.now)().plus_millis(SECONDS * 1000);
        let issued = issuer.until(&account, end);
        let token = issued
            .session_token
            .as_ref()
            .map(|token| token.expose())
            .unwrap_or_default();
        Ok((account, format!("{}.{token}", issued.access_key_id)))
    }
}

/// Whether a browser may keep the cookie for encrypted connections only.
pub(super) fn is_secure(headers: &HeaderMap) -> bool {
    let scheme = headers.get("x-forwarded-proto");
    scheme.is_some_and(|scheme| scheme.as_bytes() == b"https")
}

fn with_cookie(answer: SiteAnswer, value: &str, seconds: i64, is_secure: bool) -> SiteAnswer {
    let secure = if is_secure { "; Secure" } else { "" };
    let cookie =
        format!("{NAME}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={seconds}{secure}");
    match HeaderValue::from_str(&cookie) {
        Ok(cookie) => answer.with(SET_COOKIE, cookie),
        Err(_) => answer,
    }
}

fn cookie(headers: &HeaderMap) -> Option<&str> {
    let cookies = headers.get_all(COOKIE).iter();
    let texts = cookies.filter_map(|value| value.to_str().ok());
    let mut pairs = texts
        .flat_map(|text| text.split(';'))
        .filter_map(|pair| pair.trim().split_once('='));
    pairs
        .find(|(name, _)| *name == NAME)
        .map(|(_, value)| value)
}

impl Sessions {
    /// Sessions with the keys of `issuer`.
    pub(crate) fn new(issuer: Option<Issuer>) -> Sessions {
        Sessions {
            issuer,
            now: || passo_runtime::Clock::now(&passo_runtime::SystemClock),
        }
    }
}
