//! Signing in: an access key and its secret for a cookie that no script can read.
//!
//! The cookie is chance that means nothing. What is stored is the cookie's hash, whose session it is and when it ends; so a
//! restart signs nobody out, signing out is final, and whoever reads the store can sign in as nobody. A session ends with
//! the access key that began it: when the key is gone from the server's file, or has another secret there.

use std::sync::Arc;

use hyper::header::{COOKIE, HeaderMap, HeaderValue, SET_COOKIE};
use passo_json::{Json, json};
use passo_net::SiteAnswer;
use passo_records::Records;
use passo_sigv4::Keys;
use passo_store::{Space, Store, StoreError};
use passo_vocab::{AccountId, Timestamp};
use sha2::{Digest as _, Sha256};

use super::Refusal;
use super::answer::told;
use crate::issuer::Issuer;

/// The cookie's name.
const NAME: &str = "passo-session";
/// How long somebody stays signed in.
const SECONDS: i64 = 12 * 60 * 60;
/// What rows of sessions begin with.
const ROWS: &str = "session";

/// Who has signed in; nobody needs to where requests are not signed.
pub(crate) struct Sessions {
    issuer: Option<Issuer>,
    rows: Records,
    /// The machine's time: cookies live in browsers, whatever the server's clock does.
    now: fn() -> Timestamp,
}

/// Somebody who has signed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SignedIn {
    pub(super) account: AccountId,
    /// The key that the session began with.
    pub(super) access_key_id: String,
}

impl Sessions {
    /// Sessions with the keys of `issuer`, kept in `store`.
    pub(crate) fn new(issuer: Option<Issuer>, store: Arc<dyn Store>) -> Sessions {
        Sessions {
            issuer,
            rows: Records::new(store, Space::new("site-session")),
            now: || passo_runtime::Clock::now(&passo_runtime::SystemClock),
        }
    }

    /// Whether somebody has to sign in.
    pub(super) fn is_required(&self) -> bool {
        self.issuer.is_some()
    }

    /// The account that has signed in with the request's cookie.
    pub(super) fn account(&self, headers: &HeaderMap) -> Option<AccountId> {
        Some(self.signed_in(headers)?.account)
    }

    /// Who has signed in with the request's cookie.
    pub(super) fn signed_in(&self, headers: &HeaderMap) -> Option<SignedIn> {
        let keys = self.issuer.as_ref()?.keys();
        let cookie = cookie(headers)?;
        let row = self.rows.find(&[ROWS, &hash(cookie)]).ok()??;
        let text = |member: &str| row.get(member).and_then(Json::as_str);
        let end = row.get("end").and_then(Json::as_i64)?;
        let (id, account) = (text("accessKeyId")?, text("account")?);
        let is_current = (self.now)().epoch_millis() < end;
        let is_same = proof(&keys, id, cookie).as_deref() == text("proof");
        (is_current && is_same).then_some(SignedIn {
            account: AccountId::parse(account).ok()?,
            access_key_id: id.to_owned(),
        })
    }

    /// Whether signing in is needed, and who has: open to everybody.
    pub(super) fn shown(&self, headers: &HeaderMap) -> Json {
        match self.signed_in(headers) {
            Some(found) => self.told(Some(&found)),
            None => self.told(None),
        }
    }

    /// Signs in. A session that the browser had before is over.
    pub(super) fn begin(&self, headers: &HeaderMap, body: &Json) -> SiteAnswer {
        match self.begun(body) {
            Ok((found, cookie)) => {
                let answer = told(Ok(self.told(Some(&found))));
                // An older session that could not be ended ends by itself.
                let _ = self.forget(headers);
                with_cookie(answer, &cookie, SECONDS, is_secure(headers))
            }
            Err(refusal) => told(Err(refusal)),
        }
    }

    /// Signs out: the cookie is good for nothing from now on.
    pub(super) fn end(&self, headers: &HeaderMap) -> SiteAnswer {
        if let Err(error) = self.forget(headers) {
            return told(Err(Refusal::store(&error)));
        }
        with_cookie(told(Ok(self.told(None))), "", 0, is_secure(headers))
    }

    fn told(&self, found: Option<&SignedIn>) -> Json {
        let account = found.map_or(Json::Null, |found| Json::from(found.account.as_str()));
        let key = found.map_or(Json::Null, |found| Json::from(found.access_key_id.as_str()));
        json!({"required": self.is_required(), "account": account, "accessKeyId": key})
    }

    fn forget(&self, headers: &HeaderMap) -> Result<(), StoreError> {
        match cookie(headers) {
            Some(cookie) => self.rows.change().remove(&[ROWS, &hash(cookie)]),
            None => Ok(()),
        }
    }

    fn begun(&self, body: &Json) -> Result<(SignedIn, String), Refusal> {
        let issuer = self.issuer.as_ref();
        let issuer =
            issuer.ok_or_else(|| Refusal::conflict("this server asks nobody to sign in"))?;
        let text = |member: &str| {
            let missing = || Refusal::invalid(format!("`{member}` is missing"));
            body.get(member).and_then(Json::as_str).ok_or_else(missing)
        };
        let (id, secret) = (text("accessKeyId")?, text("secretAccessKey")?);
        let wrong = || Refusal::forbidden("the access key or its secret is wrong");
        let keys = issuer.keys();
        let account = keys.account_of_secret(id, secret).ok_or_else(wrong)?;
        let cookie = issuer.unguessable();
        let proof = proof(&keys, id, &cookie).ok_or_else(wrong)?;
        let end = (self.now)().plus_millis(SECONDS * 1000).epoch_millis();
        let row =
            json!({"account": account.as_str(), "accessKeyId": id, "proof": proof, "end": end});
        self.put(&cookie, &row)
            .map_err(|error| Refusal::store(&error))?;
        let found = SignedIn {
            account,
            access_key_id: id.to_owned(),
        };
        Ok((found, cookie))
    }

    /// Keeps a session, and forgets those whose time is over.
    fn put(&self, cookie: &str, row: &Json) -> Result<(), StoreError> {
        let now = (self.now)().epoch_millis();
        let all = self.rows.list(&[ROWS])?;
        let change = self.rows.change();
        for (key, row) in all {
            if row
                .get("end")
                .and_then(Json::as_i64)
                .is_none_or(|end| end <= now)
            {
                change.remove(&[ROWS, &key])?;
            }
        }
        change.put(&[ROWS, &hash(cookie)], row)
    }
}

/// Whether a browser may keep the cookie for encrypted connections only.
fn is_secure(headers: &HeaderMap) -> bool {
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

/// What a cookie is stored as. The cookie has 256 bits of chance, so that its hash needs no salt.
fn hash(cookie: &str) -> String {
    hex(&Sha256::digest(cookie.as_bytes()))
}

/// What shows that the key still has the secret that the session began with. Nobody can search for the secret with it,
/// who has not the cookie.
fn proof(keys: &Keys, access_key_id: &str, cookie: &str) -> Option<String> {
    let proof = keys.proof_of(access_key_id, cookie.as_bytes())?;
    Some(hex(&proof))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

    use passo_store::{Direction, KeyRange, MemoryStore};

    use super::*;
    use crate::AccessKeys;

    static NOW: AtomicI64 = AtomicI64::new(0);

    struct Counting(AtomicU64);

    impl passo_runtime::Entropy for Counting {
        fn seed(&self) -> u64 {
            self.0.fetch_add(1, Ordering::SeqCst)
        }
    }

    fn sessions(store: &Arc<dyn Store>, keys: &[(&str, &str)]) -> Sessions {
        let entropy = Arc::new(Counting(AtomicU64::new(7)));
        let mut known = AccessKeys::default();
        for (id, secret) in keys {
            known.add(id, secret, Some("111122223333")).unwrap();
        }
        let issuer = Issuer::new(known.ring(&*entropy), entropy);
        let mut sessions = Sessions::new(Some(issuer), Arc::clone(store));
        sessions.now = || Timestamp::from_epoch_millis(NOW.load(Ordering::SeqCst));
        sessions
    }

    fn headers(cookie: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, format!("a=b; {NAME}={cookie}").parse().unwrap());
        headers
    }

    fn sign_in(sessions: &Sessions, secret: &str) -> Result<String, Refusal> {
        let body = json!({"accessKeyId": "AKIDA", "secretAccessKey": secret});
        sessions.begun(&body).map(|(_, cookie)| cookie)
    }

    #[test]
    fn a_session_outlives_the_server_but_not_its_time_key_or_end() {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let known = [("AKIDA", "secret of a"), ("AKIDB", "secret of b")];
        let first = sessions(&store, &known);
        assert!(sign_in(&first, "another secret").is_err());
        let cookie = sign_in(&first, "secret of a").unwrap();
        assert_eq!(cookie.len(), 64);
        let who = |sessions: &Sessions| sessions.signed_in(&headers(&cookie));
        assert_eq!(who(&first).unwrap().access_key_id, "AKIDA");
        assert_eq!(who(&sessions(&store, &known)), who(&first));
        assert_eq!(first.signed_in(&headers(&cookie.replace('0', "1"))), None);
        assert_eq!(first.signed_in(&headers("")), None);
        // The key is gone, or has another secret.
        assert_eq!(who(&sessions(&store, &known[1..])), None);
        assert_eq!(who(&sessions(&store, &[("AKIDA", "secret of c")])), None);
        // Its time is over, and the next who signs in takes its row away.
        NOW.store(SECONDS * 1000 - 1, Ordering::SeqCst);
        assert!(who(&first).is_some());
        NOW.store(SECONDS * 1000, Ordering::SeqCst);
        assert_eq!(who(&first), None);
        let second = sign_in(&first, "secret of a").unwrap();
        assert_eq!(first.rows.list(&[ROWS]).unwrap().len(), 1);
        // Signing out is for every copy of the cookie.
        assert!(first.signed_in(&headers(&second)).is_some());
        first.end(&headers(&second));
        assert_eq!(first.signed_in(&headers(&second)), None);
        assert_eq!(first.rows.list(&[ROWS]).unwrap(), []);
    }

    #[test]
    fn the_store_has_neither_cookie_nor_secret() {
        let store: Arc<dyn Store> = Arc::new(MemoryStore::new());
        let cookie = sign_in(
            &sessions(&store, &[("AKIDA", "secret of a")]),
            "secret of a",
        )
        .unwrap();
        let mut stored = Vec::new();
        let space = Space::new("site-session");
        let snapshot = store.snapshot().unwrap();
        let visit = &mut |key: &[u8], row: &[u8]| {
            stored.extend_from_slice(key);
            stored.extend_from_slice(row);
            std::ops::ControlFlow::Continue(())
        };
        snapshot
            .scan(space, &KeyRange::all(), Direction::Forward, visit)
            .unwrap();
        let stored = String::from_utf8(stored).unwrap();
        assert!(stored.contains("AKIDA"));
        assert!(
            !stored.contains(&cookie) && !stored.contains("secret of a"),
            "{stored}"
        );
    }
}
