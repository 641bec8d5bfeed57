//! The key that messages of SNS are signed with, and its certificate, which the server hands out itself.
//!
//! The key is made when the first message is signed, and kept in the data directory, for its owner only.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use passo_runtime::Entropy;
use passo_sns::Signer;
use rsa::pkcs1v15::SigningKey;
use rsa::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _, EncodePublicKey as _, LineEnding};
use rsa::rand_core::{CryptoRng, Error as NoEntropy, RngCore};
use rsa::sha2::{Digest as _, Sha256};
use rsa::{Pkcs1v15Sign, RsaPrivateKey};
use sha1::Digest as _;
use x509_cert::Certificate;
use x509_cert::builder::{Builder as _, CertificateBuilder, Profile};
use x509_cert::der::{DecodePem as _, EncodePem as _};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::spki::SubjectPublicKeyInfoOwned;
use x509_cert::time::Validity;

/// As SNS's keys.
const KEY_BITS: usize = 2048;
/// How long a certificate is good: ten years.
const VALIDITY: Duration = Duration::from_secs(10 * 365 * 86_400);
const SUBJECT: &str = "CN=sns.passo.localhost";
const KEY_FILE: &str = "signing-key.pem";
const CERTIFICATE_FILE: &str = "signing-certificate.pem";
/// What comes before a SHA-1 hash that is signed. Source: RFC 8017, section 9.2, note 1.
const SHA1_PREFIX: [u8; 15] = [
    0x30, 0x21, 0x30, 0x09, 0x06, 0x05, 0x2b, 0x0e, 0x03, 0x02, 0x1a, 0x05, 0x00, 0x04, 0x14,
];
/// What paths of certificates begin and end with, as SNS's do.
const PATH: (&str, &str) = ("/SimpleNotificationService-", ".pem");

/// Signs messages.
pub(crate) struct MessageSigner {
    directory: PathBuf,
    /// Where this server is reached, without a slash at its end.
    endpoint: String,
    entropy: Arc<dyn Entropy>,
    /// None where no key could be made; then messages are not signed.
    keys: OnceLock<Option<Keys>>,
    /// Version and text that were signed last, and the signature: every subscription of a topic gets the same.
    last: Mutex<Option<(String, String, String)>>,
}

struct Keys {
    key: RsaPrivateKey,
    /// In PEM.
    certificate: String,
    path: String,
}

#[derive(Debug, thiserror::Error)]
enum KeyError {
    #[error("failed to read or write `{0}`")]
    Io(PathBuf, #[source] io::Error),
    #[error("failed to make or read a key: {0}")]
    Key(String),
}

/// Whether a request's path is that of a certificate.
pub(crate) fn is_certificate(path: &str) -> bool {
    path.starts_with(PATH.0) && path.ends_with(PATH.1)
}

impl MessageSigner {
    /// A signer whose key is, or will be, in `directory`.
    pub(crate) fn new(
        directory: PathBuf,
        endpoint: String,
        entropy: Arc<dyn Entropy>,
    ) -> MessageSigner {
        MessageSigner {
            directory,
            endpoint,
            entropy,
            keys: OnceLock::new(),
            last: Mutex::default(),
        }
    }

    /// The certificate at `path`, in PEM.
    pub(crate) fn certificate(&self, path: &str) -> Option<String> {
        let keys = self.keys()?;
        (keys.path == path).then(|| keys.certificate.clone())
    }

    fn keys(&self) -> Option<&Keys> {
        let keys = self.keys.get_or_init(|| match self.open() {
            Ok(keys) => Some(keys),
            Err(error) => {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "messages of SNS are not signed"
                );
                None
            }
        });
        keys.as_ref()
    }

    /// Reads the key and its certificate, or makes them.
    fn open(&self) -> Result<Keys, KeyError> {
        let (key_file, certificate_file) = (
            self.directory.join(KEY_FILE),
            self.directory.join(CERTIFICATE_FILE),
        );
        let key = match read(&key_file)? {
            Some(pem) => RsaPrivateKey::from_pkcs8_pem(&pem).map_err(wrong)?,
            None => {
                let key = RsaPrivateKey::new(&mut Chance(&*self.entropy), KEY_BITS);
                let key = key.map_err(wrong)?;
                let pem = key.to_pkcs8_pem(LineEnding::LF).map_err(wrong)?;
                self.write(&key_file, &pem)?;
                key
            }
        };
        let certificate = match read(&certificate_file)? {
            Some(pem) => pem,
            None => {
                let pem = self.certified(&key)?;
                self.write(&certificate_file, &pem)?;
                pem
            }
        };
        // What cannot be read here can be read by nobody.
        Certificate::from_pem(&certificate).map_err(wrong)?;
        let digest = Sha256::digest(certificate.as_bytes());
        let name: String = digest
            .iter()
            .take(16)
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Ok(Keys {
            key,
            certificate,
            path: format!("{}{name}{}", PATH.0, PATH.1),
        })
    }

    /// A certificate that the key itself has signed.
    fn certified(&self, key: &RsaPrivateKey) -> Result<String, KeyError> {
        let public = key.to_public_key().to_public_key_der().map_err(wrong)?;
        let public = SubjectPublicKeyInfoOwned::try_from(public.as_bytes()).map_err(wrong)?;
        let signer = SigningKey::<Sha256>::new(key.clone());
        let subject = Name::from_str(SUBJECT).map_err(wrong)?;
        let builder = CertificateBuilder::new(
            Profile::Root,
            // A number is positive.
            SerialNumber::from(self.entropy.seed() >> 1),
            Validity::from_now(VALIDITY).map_err(wrong)?,
            subject,
            public,
            &signer,
        );
        let certificate = builder.and_then(|builder| builder.build::<rsa::pkcs1v15::Signature>());
        certificate
            .map_err(wrong)?
            .to_pem(LineEnding::LF)
            .map_err(wrong)
    }

    /// Writes a file that only its owner reads, as a whole or not at all.
    fn write(&self, path: &Path, text: &str) -> Result<(), KeyError> {
        let fresh = path.with_extension("fresh");
        let written = fs::create_dir_all(&self.directory).and_then(|()| {
            // What a crash has left must not keep its mode.
            match fs::remove_file(&fresh) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
            let mut options = OpenOptions::new();
            let mut file = options
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&fresh)?;
            file.write_all(text.as_bytes())?;
            file.sync_all()?;
            fs::rename(&fresh, path)?;
            fs::File::open(&self.directory)?.sync_all()
        });
        written.map_err(|error| KeyError::Io(path.to_owned(), error))
    }
}

impl Signer for MessageSigner {
    fn sign(&self, text: &str, version: &str) -> String {
        let Some(keys) = self.keys() else {
            return String::new();
        };
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((of, signed, signature)) = last.as_ref()
            && of == version
            && signed == text
        {
            return signature.clone();
        }
        let (scheme, digest) = hashed(text, version);
        let mut chance = Chance(&*self.entropy);
        let signature = keys.key.sign_with_rng(&mut chance, scheme, &digest);
        let signature = signature.map_or_else(|_| String::new(), |bytes| STANDARD.encode(bytes));
        *last = Some((version.to_owned(), text.to_owned(), signature.clone()));
        signature
    }

    fn certificate_url(&self) -> String {
        let keys = self.keys();
        keys.map_or_else(String::new, |keys| {
            format!("{}{}", self.endpoint, keys.path)
        })
    }
}

/// The hash of a text, and how it is signed: SHA-256 for version 2, and SHA-1 else.
fn hashed(text: &str, version: &str) -> (Pkcs1v15Sign, Vec<u8>) {
    if version == "2" {
        return (
            Pkcs1v15Sign::new::<Sha256>(),
            Sha256::digest(text.as_bytes()).to_vec(),
        );
    }
    let scheme = Pkcs1v15Sign {
        hash_len: Some(20),
        prefix: SHA1_PREFIX.into(),
    };
    (scheme, sha1::Sha1::digest(text.as_bytes()).to_vec())
}

fn read(path: &Path) -> Result<Option<String>, KeyError> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(KeyError::Io(path.to_owned(), error)),
    }
}

fn wrong(error: impl std::fmt::Display) -> KeyError {
    KeyError::Key(error.to_string())
}

/// The server's own chance, as RSA wants it.
struct Chance<'a>(&'a dyn Entropy);

impl RngCore for Chance<'_> {
    fn next_u32(&mut self) -> u32 {
        u32::try_from(self.0.seed() >> 32).unwrap_or(0)
    }

    fn next_u64(&mut self) -> u64 {
        self.0.seed()
    }

    fn fill_bytes(&mut self, out: &mut [u8]) {
        for part in out.chunks_mut(8) {
            for (to, from) in part.iter_mut().zip(self.0.seed().to_le_bytes()) {
                *to = from;
            }
        }
    }

    fn try_fill_bytes(&mut self, out: &mut [u8]) -> Result<(), NoEntropy> {
        self.fill_bytes(out);
        Ok(())
    }
}

impl CryptoRng for Chance<'_> {}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use rsa::pkcs8::DecodePublicKey as _;
    use x509_cert::der::Encode as _;

    use super::*;
    use crate::entropy::SystemEntropy;

    #[test]
    fn messages_are_verified_with_the_certificate_that_is_handed_out() {
        let directory = tempfile::tempdir().unwrap();
        let open = || {
            let entropy = Arc::new(SystemEntropy::open().unwrap());
            let endpoint = "http://host".to_owned();
            MessageSigner::new(directory.path().join("sns"), endpoint, entropy)
        };
        let signer = open();
        let url = signer.certificate_url();
        let path = url.strip_prefix("http://host").unwrap();
        assert!(is_certificate(path), "{path}");
        let pem = signer.certificate(path).unwrap();
        assert_eq!(signer.certificate("/SimpleNotificationService-0.pem"), None);
        let certificate = Certificate::from_pem(&pem).unwrap();
        let public = certificate.tbs_certificate.subject_public_key_info;
        let public = rsa::RsaPublicKey::from_public_key_der(&public.to_der().unwrap()).unwrap();
        // After a restart the key is the same.
        let again = open();
        assert_eq!(again.certificate_url(), url);
        for signer in [&signer, &again] {
            for version in ["1", "2"] {
                let signature = STANDARD.decode(signer.sign("text", version)).unwrap();
                let verified = |text: &str| {
                    let (scheme, digest) = hashed(text, version);
                    public.verify(scheme, &digest, &signature)
                };
                verified("text").unwrap();
                assert!(verified("other").is_err());
            }
        }
        let key = directory.path().join("sns").join(KEY_FILE);
        assert_eq!(
            fs::metadata(key).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
}
